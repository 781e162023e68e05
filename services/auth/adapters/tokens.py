"""Access tokens as JWTs (RFC 7519), signed with ES256."""

from __future__ import annotations

import json
from typing import Any, Protocol

from joserfc import jws

from services.auth.adapters.keys import SigningKey
from services.auth.domain.tokens import Claims
from shared.bearer import ALGORITHMS
from shared.errors import Unavailable

_write = json.JSONEncoder(separators=(",", ":")).encode


class Keys(Protocol):
    """Where the keys come from, see `KeyFolder`."""

    def signing_key(self) -> SigningKey | None: ...

    def public_keys(self) -> tuple[dict[str, Any], ...]: ...


class Es256Signer:
    """The `Signer` port."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def sign(self, claims: Claims) -> str:
        """The claims as a JWS in compact form (RFC 7515 §7.1)."""
        key = self._keys.signing_key()
        if key is None:
            raise Unavailable("There is no key to sign tokens with. Whoever operates this must put one in place.")
        header = {"alg": ALGORITHMS[0], "typ": "at+jwt", "kid": key.kid}
        return jws.serialize_compact(header, _write(claims).encode(), key.private, algorithms=ALGORITHMS)

    def public_keys(self) -> tuple[dict[str, Any], ...]:
        return self._keys.public_keys()
