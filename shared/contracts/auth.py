"""What auth promises: the trust document that every process which checks tokens asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TRUST_PATH = "/internal/trust"
AUDIENCE = "urn:paperlane:api"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom to believe. `keys` are public JWKs (RFC 7517); times are seconds since 1970.

    `revoked` maps a token's `jti` to its expiry, `revoked_before` a client to the moment
    before which its tokens are void.
    """

    issuer: str
    keys: tuple[dict[str, Any], ...]
    revoked: dict[str, int] = field(default_factory=dict)
    revoked_before: dict[str, int] = field(default_factory=dict)
    disabled_clients: tuple[str, ...] = ()
