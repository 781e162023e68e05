"""Access tokens as JWTs (RFC 7519), signed with ES256."""

from __future__ import annotations

import base64
import json
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from services.auth.adapters.keys import SigningKey
from services.auth.domain.tokens import Claims
from shared.bearer import ALGORITHMS
from shared.errors import Unavailable

_write = json.JSONEncoder(separators=(",", ":")).encode
_ES256 = ec.ECDSA(SHA256())


class Keys(Protocol):
    """Where the keys come from, see `KeyFolder`."""

    def signing_key(self) -> SigningKey | None: ...

    def public_keys(self) -> tuple[dict[str, Any], ...]: ...


class Es256Signer:
    """The `Signer` port."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def sign(self, claims: Claims) -> str:
        """The claims as a JWS in compact form (RFC 7515 §7.1, RFC 7518 §3.4); a general library takes twice as long."""
        key = self._keys.signing_key()
        if key is None:
            raise Unavailable("There is no key to sign tokens with. Whoever operates this must put one in place.")
        header = {"alg": ALGORITHMS[0], "typ": "at+jwt", "kid": key.kid}
        content = f"{_encoded(header)}.{_encoded(claims)}"
        r, s = decode_dss_signature(key.private.sign(content.encode(), _ES256))
        return f"{content}.{_base64(r.to_bytes(32) + s.to_bytes(32))}"

    def public_keys(self) -> tuple[dict[str, Any], ...]:
        return self._keys.public_keys()


def _encoded(plain: Claims) -> str:
    return _base64(_write(plain).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
