"""What auth can do: issue tokens, say whom to trust, found the first company."""

from __future__ import annotations

from services.auth.domain.clients import Client, Company, Secret
from services.auth.domain.requests import read_form, read_token_request
from services.auth.ports import Desk, IssuedToken
from shared.contracts.auth import Trust
from shared.scopes import SCOPES


def issue_token(desk: Desk, authorization: str | None, body: bytes) -> IssuedToken:
    """An access token for the client in the Basic header `authorization`; `body` is the form (RFC 6749 §4.4)."""
    return desk.grants.issue(read_token_request(authorization, read_form(body)))


def show_trust(desk: Desk) -> Trust:
    """The document by which every other process checks tokens."""
    return Trust(issuer=desk.issuer, keys=desk.signer.public_keys())


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
