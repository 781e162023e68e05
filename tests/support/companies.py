"""A second company in the stack under test, made as auth makes the first."""

from __future__ import annotations

import secrets

import mongoengine
from joserfc.jwk import ECKey

from services.auth.adapters.grants import AuthlibGrants
from services.auth.adapters.tokens import KeyRing
from services.auth.domain.clients import Peppers
from services.auth.models import ALIAS
from services.auth.ports import Desk
from services.auth.repository.directory import MongoDirectory
from services.auth.usecases.administration import found_company
from shared.clock import utc_now
from shared.ids import new_hex_id
from tests.support.fakes.audit import MemoryJournal
from tests.support.servers import STACK_VHOST
from tests.support.stack import Stack


def found_other_company(stack: Stack) -> tuple[str, str]:
    """Client id and secret of a new company's client that has every scope."""
    directory = MongoDirectory(stack.servers.mongodb_url(f"{STACK_VHOST}_auth"))
    signer = KeyRing([ECKey.generate_key("P-256")], stack.local["base_url"], utc_now)
    peppers = Peppers((stack.home.path / "credentials" / "pepper").read_text().strip())
    desk = Desk(
        directory=directory,
        signer=signer,
        grants=AuthlibGrants(directory, signer, peppers, utc_now),
        peppers=peppers,
        journal=MemoryJournal(),
        issuer=stack.local["base_url"],
        clock=utc_now,
    )
    client_id, secret = f"stranger-{secrets.token_hex(4)}", secrets.token_urlsafe(36)
    try:
        found_company(desk, new_hex_id(), "Another company", client_id, secret)
    finally:
        mongoengine.disconnect(ALIAS)
    return client_id, secret
