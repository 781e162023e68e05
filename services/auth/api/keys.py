"""API keys of clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from services.auth.api.making import GONE, NEW_API_KEY, Shown, administrator, made_once
from services.auth.domain.administration import MANAGE_CLIENTS
from services.auth.errors import ApiKeyNotFound, BeyondOwnRights, ClientNotFound, Overtaken
from services.auth.ports import Desk
from services.auth.schemas import administered as answers
from services.auth.schemas import administration as requests
from services.auth.usecases import keys
from services.auth.usecases.keys import NewApiKey
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Json, Operation, Routes

routes: Routes[Desk] = Routes("auth")


@routes.get(
    "/v2/clients/<client_id>/api-keys",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="List a client's API keys",
        answer=Answer(200, answers.ApiKeyList),
        query=requests.PartQuery,
        refusals=(ClientNotFound,),
    ),
)
def list_api_keys(desk: Desk, caller: Caller, client_id: str, query: Slice) -> dict[str, Any]:
    """The client's API keys by name and last characters, newest first."""
    return listed(keys.list_api_keys(desk, administrator(caller), client_id, query), query)


@routes.post(
    "/v2/clients/<client_id>/api-keys",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="Create an API key",
        answer=NEW_API_KEY,
        body=Json(requests.ApiKeyCreate),
        refusals=(BeyondOwnRights, ClientNotFound, Overtaken),
        keyed=True,
    ),
)
def create_api_key(desk: Desk, caller: Caller, client_id: str, body: Mapping[str, str], mark: Mark | None) -> Response:
    """Makes a key that stands for the client wherever it is sent as `X-API-Key`; it is shown this once."""
    by = administrator(caller)
    return made_once(
        desk, mark, NEW_API_KEY, lambda keep: keys.create_api_key(desk, by, client_id, body["name"], keep), _shown
    )


@routes.delete(
    "/v2/clients/<client_id>/api-keys/<key_id>",
    Operation(
        scope=MANAGE_CLIENTS,
        summary="Revoke an API key",
        answer=GONE,
        refusals=(ClientNotFound, ApiKeyNotFound),
    ),
)
def revoke_api_key(desk: Desk, caller: Caller, client_id: str, key_id: str) -> None:
    """Revokes the key; it and what was given for it are refused everywhere within five seconds."""
    keys.revoke_api_key(desk, administrator(caller), client_id, key_id)


def _shown(new: NewApiKey) -> Shown:
    return Shown(new.key, {"key": new.text})
