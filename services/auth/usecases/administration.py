"""Keeping companies and their clients."""

from __future__ import annotations

from services.auth.domain.clients import Client, Company, Secret
from services.auth.ports import Desk
from shared.scopes import SCOPES


def found_company(desk: Desk, company_id: str, company_name: str, client_id: str, client_secret: str) -> None:
    """Make sure that this company exists, with a client that has this secret and every scope. Safe to repeat."""
    now = desk.clock()
    company = Company(company_id, company_name, desk.directory.next_number(), now)
    client = Client(
        id=client_id,
        company_id=company_id,
        name="first client",
        scopes=frozenset(SCOPES),
        secrets=(Secret("declared", desk.peppers.digest(client_secret), now),),
        created_at=now,
        created_by="settings",
        updated_at=now,
    )
    desk.directory.found(company, client)
