"""Clients of one's own company, and their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from services.auth.api.making import ACCEPTED, GONE, NEW_CLIENT, NEW_SECRET, Shown, administrator, made_once
from services.auth.domain.administration import MANAGE_CLIENTS
from services.auth.domain.clients import Client
from services.auth.errors import (
    BeyondOwnRights,
    ClientConflict,
    ClientContradicts,
    ClientNotFound,
    LockOut,
    Overtaken,
    SecretNotFound,
    UnknownPlan,
)
from services.auth.ports import Desk
from services.auth.schemas import administered as answers
from services.auth.schemas import administration as requests
from services.auth.usecases import administration
from services.auth.usecases.administration import NewClient
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Json, Operation, Routes

routes: Routes[Desk] = Routes("auth")


def with_secret(new: NewClient) -> Shown:
    return Shown(new.client, {"secret": new.secret})


@routes.get(
    "/v2/clients",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="List clients",
        answer=Answer(200, answers.ClientList),
        query=requests.PartQuery,
    ),
)
def list_clients(desk: Desk, caller: Caller, query: Slice) -> dict[str, Any]:
    """The company's clients, newest first."""
    return listed(administration.list_clients(desk, administrator(caller), query), query)


@routes.post(
    "/v2/clients",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="Create a client",
        answer=NEW_CLIENT,
        body=Json(requests.ClientCreate),
        refusals=(ClientContradicts, UnknownPlan, BeyondOwnRights, Overtaken),
        keyed=True,
    ),
)
def create_client(desk: Desk, caller: Caller, body: Mapping[str, Any], mark: Mark | None) -> Response:
    """Makes a client of the company; its secret is shown this once. It never may do more than whoever creates it, and a
    plan other than `default` or one's own is given by whoever runs the platform. Project ids are taken as they are: one
    that names no project of the company lets nothing be seen.
    """
    by = administrator(caller)
    return made_once(
        desk, mark, NEW_CLIENT, lambda keep: administration.create_client(desk, by, body, keep), with_secret
    )


@routes.get(
    "/v2/clients/<client_id>",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="Read a client",
        answer=Answer(200, answers.Client),
        refusals=(ClientNotFound,),
    ),
)
def show_client(desk: Desk, caller: Caller, client_id: str) -> Client:
    """A client with what limits it, and when its secrets end."""
    return administration.show_client(desk, administrator(caller), client_id)


@routes.patch(
    "/v2/clients/<client_id>",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="Change a client",
        answer=Answer(200, answers.Client),
        body=Json(requests.ClientChange),
        refusals=(ClientContradicts, UnknownPlan, BeyondOwnRights, ClientNotFound, ClientConflict, LockOut, Overtaken),
    ),
)
def change_client(desk: Desk, caller: Caller, client_id: str, body: Mapping[str, Any]) -> Client:
    """Changes what is named. Taking away scopes, projects or networks, or disabling, voids the tokens that the client
    has, everywhere within five seconds; everything else holds from its next token on. With `private_key_jwt` its
    secrets end. A client cannot take its own means of administration away.
    """
    return administration.change_client(desk, administrator(caller), client_id, body)


@routes.delete(
    "/v2/clients/<client_id>",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="Delete a client",
        answer=GONE,
        refusals=(ClientNotFound, LockOut),
    ),
)
def delete_client(desk: Desk, caller: Caller, client_id: str) -> None:
    """Deletes the client with its API keys; its tokens are void everywhere within five seconds."""
    administration.delete_client(desk, administrator(caller), client_id)


@routes.post(
    "/v2/clients/<client_id>/revoke-tokens",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="Revoke a client's tokens",
        answer=ACCEPTED,
        refusals=(ClientNotFound, ClientConflict, Overtaken),
        keyed=True,
    ),
)
def revoke_client_tokens(desk: Desk, caller: Caller, client_id: str, mark: Mark | None) -> Response:
    """Voids every token that the client has, everywhere within five seconds. It can get new ones."""
    by = administrator(caller)
    return made_once(desk, mark, ACCEPTED, lambda keep: administration.revoke_tokens(desk, by, client_id, keep))


@routes.post(
    "/v2/clients/<client_id>/secrets",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="Rotate a client's secret",
        answer=NEW_SECRET,
        body=Json(requests.Rotation, required=False),
        refusals=(BeyondOwnRights, ClientNotFound, ClientConflict, Overtaken),
        keyed=True,
    ),
)
def rotate_secret(desk: Desk, caller: Caller, client_id: str, body: Mapping[str, int], mark: Mark | None) -> Response:
    """Gives the client another secret, shown this once. The present one stays good for `overlapSeconds`; two at most
    are good at a time, so an older one ends at once.
    """
    by, overlap = administrator(caller), body["overlap_seconds"]
    return made_once(
        desk, mark, NEW_SECRET, lambda keep: administration.rotate_secret(desk, by, client_id, overlap, keep)
    )


@routes.delete(
    "/v2/clients/<client_id>/secrets/<secret_id>",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="End a secret",
        answer=GONE,
        refusals=(ClientNotFound, SecretNotFound, ClientConflict, Overtaken),
    ),
)
def end_secret(desk: Desk, caller: Caller, client_id: str, secret_id: str) -> None:
    """Ends a secret at once. The last one stays: rotate first, or disable the client."""
    administration.end_secret(desk, administrator(caller), client_id, secret_id)
