"""Auth's desk on fakes: one company with one client that has every scope."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.auth.adapters.assertions import JwtAssertions
from services.auth.adapters.cache import CachedAccounts
from services.auth.adapters.grants import AuthlibGrants
from services.auth.adapters.sealing import AesSeal
from services.auth.adapters.tokens import Es256Signer
from services.auth.adapters.trust import LiveTrust, Sources
from services.auth.domain.attempts import Attempts
from services.auth.domain.clients import Client, Company, Peppers, Secret
from services.auth.ports import Desk
from shared.clock import Clock
from shared.plans import DEFAULT
from shared.scopes import SCOPES
from tests.support.fakes.audit import MemoryAnchors, MemoryJournal
from tests.support.fakes.auth import MemoryDirectory
from tests.support.fakes.tokens import MemoryRevocations, OneKey

COMPANY, CLIENT, SECRET = "a" * 24, "client-a", "s" * 43
PEPPER = "p" * 32
ISSUER = "https://paper.example"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def make_desk(clock: Clock = lambda: NOW) -> Desk:
    """A desk that remembers nothing for any time, so that every change to its directory counts at once."""
    directory, revocations, signer = MemoryDirectory(), MemoryRevocations(), Es256Signer(OneKey())
    leaps = itertools.count(step=3600).__next__
    journal, peppers = MemoryJournal(), Peppers(PEPPER)
    desk = Desk(
        directory=directory,
        accounts=CachedAccounts(directory, leaps),
        grants=AuthlibGrants(),
        assertions=JwtAssertions(),
        revocations=revocations,
        signer=signer,
        trust=LiveTrust(Sources(directory, revocations, signer, ISSUER, clock), leaps),
        attempts=Attempts(),
        peppers=peppers,
        seal=AesSeal(peppers),
        journal=journal,
        trail=journal.trail,
        anchors=MemoryAnchors(),
        plans=frozenset({DEFAULT, "local"}),
        issuer=ISSUER,
        key_publish_seconds=60,
        clock=clock,
    )
    directory.add_company(Company(COMPANY, "Acme", 1, NOW), make_client(desk))
    return desk


def make_client(desk: Desk, client_id: str = CLIENT, **members: Any) -> Client:
    """A client of the company, with the secret `SECRET` and every scope unless `members` say else."""
    client = Client(
        id=client_id,
        company_id=COMPANY,
        name="a client",
        scopes=frozenset(SCOPES),
        secrets=(Secret("one", desk.peppers.digest(SECRET), NOW),),
        created_at=NOW,
        created_by="settings",
        updated_at=NOW,
    )
    return replace(client, **members)


def add_client(desk: Desk, client_id: str, **members: Any) -> Client:
    client = make_client(desk, client_id, **members)
    assert desk.directory.add_client(client)
    return client
