"""What a token request must look like (RFC 6749 §2.3, §3.2, §4.4)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from services.auth.errors import InvalidClient, InvalidRequest


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A well-formed token request: one client, by HTTP Basic; `scopes` is None when it leaves the choice to us."""

    grant_type: str
    client_id: str
    client_secret: str
    scopes: frozenset[str] | None


def read_token_request(authorization: str | None, form: Sequence[tuple[str, str]]) -> TokenRequest:
    """The request in a Basic header and a form (RFC 6749 §4.4.2), or the refusal of RFC 6749 §5.2."""
    members = dict(form)
    if len(members) < len(form):
        raise InvalidRequest("A parameter comes more than once. Send each once.")
    if "client_id" in members or "client_secret" in members:
        raise InvalidRequest("Send the client id and secret by HTTP Basic, not in the form.")
    if not members.get("grant_type"):
        raise InvalidRequest("grant_type is missing. Send grant_type=client_credentials.")
    client_id, secret = read_basic(authorization)
    scope = members.get("scope")
    return TokenRequest(members["grant_type"], client_id, secret, frozenset(scope.split()) if scope else None)


def read_basic(authorization: str | None) -> tuple[str, str]:
    """Client id and secret of a Basic header, each form-urlencoded (RFC 6749 §2.3.1), or InvalidClient."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClient
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        client_id, secret = unquote_plus(user, errors="strict"), unquote_plus(password, errors="strict")
    except (binascii.Error, UnicodeDecodeError, ValueError) as fault:
        raise InvalidClient from fault
    if not (colon and client_id and secret):
        raise InvalidClient
    return client_id, secret


def read_form(body: bytes) -> list[tuple[str, str]]:
    """The pairs of a form-urlencoded body, repetitions kept; InvalidRequest when it is none."""
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError as fault:
        raise InvalidRequest("The body is not form-urlencoded.") from fault
