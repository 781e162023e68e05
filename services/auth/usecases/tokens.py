"""Getting tokens."""

from __future__ import annotations

from services.auth.domain.requests import read_form, read_token_request
from services.auth.ports import Desk, IssuedToken


def issue_token(desk: Desk, authorization: str | None, body: bytes) -> IssuedToken:
    """An access token for the client in the Basic header `authorization`; `body` is the form (RFC 6749 §4.4)."""
    return desk.grants.issue(read_token_request(authorization, read_form(body)))
