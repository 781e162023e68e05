"""A second company in the stack under test, put into the directory as auth would."""

from __future__ import annotations

import secrets

import mongoengine

from services.auth.domain.clients import Client, Company, Peppers, Secret
from services.auth.models import ALIAS
from services.auth.repository.directory import MongoDirectory
from shared.clock import utc_now
from shared.ids import new_hex_id
from shared.scopes import SCOPES
from tests.support.servers import STACK_VHOST
from tests.support.stack import Stack


def found_other_company(stack: Stack) -> tuple[str, str]:
    """Client id and secret of a new company's client that has every scope."""
    directory = MongoDirectory(stack.servers.mongodb_url(f"{STACK_VHOST}_auth"))
    peppers = Peppers((stack.home.path / "credentials" / "pepper").read_text().strip())
    client_id, secret, now = f"stranger-{secrets.token_hex(4)}", secrets.token_urlsafe(36), utc_now()
    company = Company(new_hex_id(), "Another company", directory.next_number(), now)
    client = Client(
        id=client_id,
        company_id=company.id,
        name="first client",
        scopes=frozenset(SCOPES),
        secrets=(Secret("one", peppers.digest(secret), now),),
        created_at=now,
        created_by="tests",
        updated_at=now,
    )
    try:
        directory.add_company(company, client)
    finally:
        mongoengine.disconnect(ALIAS)
    return client_id, secret
