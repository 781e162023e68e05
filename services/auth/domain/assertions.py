"""What a client assertion must say (RFC 7523 §3, with the audience of draft-ietf-oauth-rfc7523bis)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from shared.contracts.auth import LEEWAY_SECONDS

# Algorithms that clients may sign with; each of their keys names its own.
ALGORITHMS = ("ES256", "PS256", "RS256")
LONGEST_SECONDS = 300
LONGEST_ID = 256


def claimed_client(assertion: str) -> str | None:
    """The client id that the assertion names as its issuer. Nobody has checked the signature."""
    try:
        encoded = assertion.split(".")[1].encode("ascii")
        claims = json.loads(base64.urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4)))
        issuer = claims.get("iss") if isinstance(claims, dict) else None
        # JSON can spell half a surrogate pair; a database cannot be asked for it.
        return issuer if isinstance(issuer, str) and issuer.encode() else None
    except (ValueError, IndexError, RecursionError):
        return None


def fault_of(claims: Mapping[str, Any], client_id: str, issuer: str, now: float) -> str | None:
    """What is wrong with the claims of an assertion by which `client_id` authenticates to `issuer`; None if nothing."""
    expires, token_id = claims.get("exp"), claims.get("jti")
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        return "iss and sub are not both the client's id"
    if claims.get("aud") not in (issuer, [issuer]):
        return "aud is not the issuer alone"
    if not _is_number(expires) or not now - LEEWAY_SECONDS < expires <= now + LONGEST_SECONDS:
        return "exp is missing, past, or more than five minutes ahead"
    if any(not _is_past(claims[name], now) for name in ("iat", "nbf") if name in claims):
        return "iat or nbf is no time, or ahead"
    if not isinstance(token_id, str) or not 0 < len(token_id) <= LONGEST_ID:
        return f"jti is no text of 1 to {LONGEST_ID} characters"
    return None


def _is_past(moment: Any, now: float) -> bool:
    return _is_number(moment) and bool(moment <= now + LEEWAY_SECONDS)


def _is_number(value: Any) -> TypeGuard[float]:
    return type(value) in (int, float)
