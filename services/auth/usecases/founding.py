"""Putting the first company in place."""

from __future__ import annotations

import dataclasses

from services.auth.domain.clients import ApiKey, Client, Company
from services.auth.domain.founding import DECLARED, FOUNDER, FirstCompany, declared_anew, first_client
from services.auth.domain.issuing import hint
from services.auth.errors import Overtaken
from services.auth.ports import Desk
from services.auth.usecases.settling import settled
from shared.contracts.audit import Entry
from shared.ids import new_hex_id


def found_company(desk: Desk, first: FirstCompany) -> None:
    """Make sure that this company exists, with its client, the client's secret and API key. Safe to repeat.

    What operators changed through the API since, a deleted client and a revoked key too, stays as they made it.
    """
    now = desk.clock()
    client = declared_anew(first_client(first, now), first, desk.peppers, now)
    founded = desk.directory.company(first.company_id) is None and desk.directory.add_company(
        Company(first.company_id, first.name, desk.directory.next_number(), now), client
    )
    if founded:
        _note(desk, first, "company.created", first.company_id)
    if founded or desk.directory.add_client(client):
        _note(desk, first, "client.declared", first.client_id)
    settled(lambda: _declare(desk, first))


def _declare(desk: Desk, first: FirstCompany) -> None:
    before = desk.directory.client_of(first.company_id, first.client_id)
    if before is None:  # deleted
        return
    after = declared_anew(before, first, desk.peppers, desk.clock())
    if first.api_key is not None:
        after = _with_key(desk, after, first.api_key)
    if after != before:
        if not desk.directory.change_client(before, after):
            raise Overtaken
        _note(desk, first, "client.declared", first.client_id)


def _with_key(desk: Desk, client: Client, text: str) -> Client:
    """The client, of which this key is declared; the key declared before is revoked."""
    assert client.declared is not None, "its secret was declared before"
    known, digest, now = client.declared.api_key, desk.peppers.digest(text), desk.clock()
    if known is None or not desk.peppers.matches(text, known):
        key = ApiKey(
            id=new_hex_id(),
            client_id=client.id,
            company_id=client.company_id,
            name=DECLARED,
            digest=digest,
            hint=hint(text),
            created_at=now,
            created_by=client.created_by,
        )
        desk.directory.add_api_key(key)
        former = known and desk.directory.api_key_by_digest([known])
        if former:
            desk.directory.revoke_api_key(former.company_id, former.client_id, former.id, now)
    return dataclasses.replace(client, declared=dataclasses.replace(client.declared, api_key=digest))


def _note(desk: Desk, first: FirstCompany, action: str, subject: str) -> None:
    desk.journal.note(Entry(action, FOUNDER, first.company_id, subject))
