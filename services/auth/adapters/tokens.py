"""Access tokens in the JWT profile of RFC 9068, signed with ES256 by joserfc."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from services.auth.domain.clients import Client
from services.auth.ports import IssuedToken
from shared.bearer import ALGORITHMS
from shared.clock import Clock
from shared.contracts.auth import AUDIENCE
from shared.scopes import format_scope


class KeyRing:
    """Signs with the last of `keys` (EC P-256, oldest first); shows all, each under its RFC 7638 thumbprint."""

    def __init__(self, keys: Sequence[ECKey], issuer: str, clock: Clock) -> None:
        self._keys = [(key.thumbprint(), key) for key in keys]
        self._issuer = issuer
        self._clock = clock

    def sign(self, client: Client, scopes: frozenset[str]) -> IssuedToken:
        now = int(self._clock().timestamp())
        scope = format_scope(scopes)
        claims = {
            "iss": self._issuer,
            "sub": client.id,
            "aud": AUDIENCE,
            "exp": now + client.lifetime_seconds,
            "iat": now,
            "jti": secrets.token_urlsafe(16),
            "client_id": client.id,
            "company_id": client.company_id,
            "scope": scope,
        }
        kid, key = self._keys[-1]
        token = jwt.encode({"alg": ALGORITHMS[0], "typ": "at+jwt", "kid": kid}, claims, key, algorithms=ALGORITHMS)
        return IssuedToken(token, client.lifetime_seconds, scope)

    def public_keys(self) -> tuple[dict[str, Any], ...]:
        return tuple(
            {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHMS[0]} for kid, key in self._keys
        )


def read_keys(folder: Path) -> list[ECKey]:
    """The private keys in the folder's `*.pem` files, by file name; SystemExit says what is wrong with which."""
    files = sorted(folder.glob("*.pem"))
    if not files:
        raise SystemExit(f"There is no *.pem file in {folder}. Put an EC P-256 private key there.")
    return [_read_key(file) for file in files]


def _read_key(file: Path) -> ECKey:
    try:
        key = ECKey.import_key(file.read_bytes())
    except (OSError, ValueError, JoseError) as fault:
        raise SystemExit(f"{file} is no readable PEM key: {fault}") from fault
    if not key.is_private or key.curve_name != "P-256":
        raise SystemExit(f"{file} is not an EC P-256 private key.")
    return key
