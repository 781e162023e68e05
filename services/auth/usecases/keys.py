"""Keeping a client's API keys."""

from __future__ import annotations

from dataclasses import dataclass

from services.auth.domain.administration import Administrator
from services.auth.domain.clients import ApiKey
from services.auth.domain.issuing import hint, new_api_key
from services.auth.errors import ApiKeyNotFound, Overtaken
from services.auth.ports import Desk
from services.auth.usecases.administration import get_client
from services.auth.usecases.recording import Change, recorded
from services.auth.usecases.settling import Keep
from shared.ids import new_hex_id
from shared.listing import Page, Slice


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """An API key with its text, which nobody will be shown again."""

    key: ApiKey
    text: str


def list_api_keys(desk: Desk, by: Administrator, client_id: str, part: Slice) -> Page[ApiKey]:
    client = get_client(desk, by, client_id)
    return desk.directory.api_keys(client.company_id, client.id, part)


def create_api_key(desk: Desk, by: Administrator, client_id: str, name: str, keep: Keep[NewApiKey]) -> NewApiKey:
    """Make a key that stands for the client."""
    client, text = get_client(desk, by, client_id), new_api_key()
    by.refuse_stronger(client)
    key = ApiKey(
        id=new_hex_id(),
        client_id=client.id,
        company_id=client.company_id,
        name=name,
        digest=desk.peppers.digest(text),
        hint=hint(text),
        created_at=desk.clock(),
        created_by=by.client_id,
    )
    new = NewApiKey(key, text)
    with recorded(desk, by, Change("api-key.created", key.id, after=key, detail={"client": client.id})):
        if not desk.directory.add_api_key(key, keep(new)):
            raise Overtaken
    return new


def revoke_api_key(desk: Desk, by: Administrator, client_id: str, key_id: str) -> None:
    """Revoke the key; tokens that were given for it are void."""
    client = get_client(desk, by, client_id)
    by.refuse_out_of_reach(client)
    key = desk.directory.api_key(client.company_id, client.id, key_id)
    if key is None:
        raise ApiKeyNotFound
    with recorded(desk, by, Change("api-key.revoked", key.id, key, detail={"client": client.id})):
        if not desk.directory.revoke_api_key(client.company_id, client.id, key.id, desk.clock()):
            raise ApiKeyNotFound
