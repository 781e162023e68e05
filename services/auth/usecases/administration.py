"""Keeping a company's clients and their secrets."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from services.auth.domain import administration as rules
from services.auth.domain.administration import Administrator
from services.auth.domain.clients import AuthMethod, Client, Secret
from services.auth.domain.issuing import new_client_id, new_secret
from services.auth.errors import ClientNotFound, LockOut, Overtaken, UnknownPlan
from services.auth.ports import Desk
from services.auth.usecases.recording import Change, recorded
from services.auth.usecases.settling import Keep, settled
from shared.idempotency import Mark
from shared.ids import new_hex_id
from shared.listing import Page, Slice


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client, and its secret, which nobody will be shown again; None for one that signs."""

    client: Client
    secret: str | None


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret of a client, with its text, which nobody will be shown again."""

    client_id: str
    secret: Secret
    text: str


def list_clients(desk: Desk, by: Administrator, part: Slice) -> Page[Client]:
    """A part of the company's clients, with the secrets that are good."""
    return desk.directory.clients(by.company_id, part).each(partial(_with_live_secrets, desk))


def show_client(desk: Desk, by: Administrator, client_id: str) -> Client:
    """The client, with the secrets that are good."""
    return _with_live_secrets(desk, get_client(desk, by, client_id))


def get_client(desk: Desk, by: Administrator, client_id: str) -> Client:
    """The client as it is kept; ClientNotFound."""
    client = desk.directory.client_of(by.company_id, client_id)
    if client is None:
        raise ClientNotFound
    return client


def make_client(desk: Desk, by: Administrator, company_id: str, wanted: Mapping[str, Any]) -> NewClient:
    """A client of the company as `wanted` (members of Client), kept nowhere yet."""
    _refuse_unknown_plan(desk, wanted)
    now = desk.clock()
    client = rules.new_client(new_client_id(), by, company_id, wanted, now)
    if client.auth_method is not AuthMethod.SECRET:
        return NewClient(client, None)
    text = new_secret()
    secret = Secret(new_hex_id(), desk.peppers.digest(text), now)
    return NewClient(rules.rotated(client, secret, 0, now), text)


def create_client(desk: Desk, by: Administrator, wanted: Mapping[str, Any], keep: Keep[NewClient]) -> NewClient:
    new = make_client(desk, by, by.company_id, wanted)
    with recorded(desk, by, Change("client.created", new.client.id, after=new.client)):
        if not desk.directory.add_client(new.client, keep(new)):
            raise Overtaken
    return new


def change_client(desk: Desk, by: Administrator, client_id: str, wanted: Mapping[str, Any]) -> Client:
    """The client after the change. One that takes something away voids the tokens it has."""
    _refuse_unknown_plan(desk, wanted)

    def change(before: Client) -> Client:
        return rules.changed_client(before, by, wanted, desk.clock())

    step = _Step("client.changed", change, {"members": " ".join(sorted(wanted))})
    return _with_live_secrets(desk, settled(lambda: _take(desk, by, client_id, step)))


def delete_client(desk: Desk, by: Administrator, client_id: str) -> None:
    """Delete the client with its API keys, and void its tokens."""
    before = get_client(desk, by, client_id)
    by.refuse_out_of_reach(before)
    if client_id == by.client_id:
        raise LockOut("A client cannot delete itself. Have another client do it.")
    with recorded(desk, by, Change("client.deleted", client_id, before)):
        if not desk.directory.delete_client(by.company_id, client_id, desk.clock()):
            raise ClientNotFound


def revoke_tokens(desk: Desk, by: Administrator, client_id: str, keep: Keep[None]) -> None:
    """Void every token that the client has."""
    step = _Step("tokens.revoked", lambda client: rules.voided(client, desk.clock()), mark=keep(None))
    _take(desk, by, client_id, step)


def rotate_secret(
    desk: Desk, by: Administrator, client_id: str, overlap_seconds: int, keep: Keep[NewSecret]
) -> NewSecret:
    """Give the client another secret; the newest before it stays good for the overlap."""
    text, now = new_secret(), desk.clock()
    new = NewSecret(client_id, Secret(new_hex_id(), desk.peppers.digest(text), now), text)

    def rotate(before: Client) -> Client:
        by.refuse_stronger(before)
        return rules.rotated(before, new.secret, overlap_seconds, now)

    _take(desk, by, client_id, _Step("secret.rotated", rotate, {"secret": new.secret.id}, keep(new)))
    return new


def end_secret(desk: Desk, by: Administrator, client_id: str, secret_id: str) -> None:
    """End the secret at once."""

    def end(before: Client) -> Client:
        return rules.without_secret(before, secret_id, desk.clock())

    settled(lambda: _take(desk, by, client_id, _Step("secret.ended", end, {"secret": secret_id})))


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of a client, what the audit log calls it, and the mark that is left with it."""

    action: str
    change: Callable[[Client], Client]
    detail: Mapping[str, str] = field(default_factory=dict)
    mark: Mark | None = None


def _take(desk: Desk, by: Administrator, client_id: str, step: _Step) -> Client:
    """The client after the step; Overtaken when another one was faster."""
    before = get_client(desk, by, client_id)
    by.refuse_out_of_reach(before)
    after = step.change(before)
    with recorded(desk, by, Change(step.action, client_id, before, after, step.detail)):
        if not desk.directory.change_client(before, after, step.mark):
            raise Overtaken
    return after


def _with_live_secrets(desk: Desk, client: Client) -> Client:
    return dataclasses.replace(client, secrets=client.live_secrets(desk.clock()))


def _refuse_unknown_plan(desk: Desk, wanted: Mapping[str, Any]) -> None:
    plan = wanted.get("plan")
    if plan is not None and plan not in desk.plans:
        raise UnknownPlan(f"plan: there is no plan {plan}. There are {', '.join(sorted(desk.plans))}.")
