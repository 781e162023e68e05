"""Auth's desk on fakes: one company with one client that has every scope."""

from __future__ import annotations

from datetime import UTC, datetime

from joserfc.jwk import ECKey

from services.auth.adapters.grants import AuthlibGrants
from services.auth.adapters.tokens import KeyRing
from services.auth.domain.clients import Peppers
from services.auth.ports import Desk
from services.auth.usecases.administration import found_company
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.auth import MemoryDirectory

COMPANY, CLIENT, SECRET = "a" * 24, "client-a", "s" * 43
ISSUER = "https://paper.example"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def make_desk() -> Desk:
    directory, signer = MemoryDirectory(), KeyRing([ECKey.generate_key("P-256")], ISSUER, lambda: NOW)
    peppers = Peppers("p" * 32)
    desk = Desk(
        directory=directory,
        signer=signer,
        grants=AuthlibGrants(directory, signer, peppers, lambda: NOW),
        peppers=peppers,
        journal=MemoryJournal(),
        issuer=ISSUER,
        clock=lambda: NOW,
    )
    found_company(desk, COMPANY, "Acme", CLIENT, SECRET)
    return desk
