"""Tokens that auth would sign and tokens that it never would, made with the very key of the stack under test."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from tests.support.oauth import ALGORITHM, claims_of, header_of


@dataclass(frozen=True)
class Forge:
    """Signs with auth's `key`; `claims` are those of a real token, whose header named `kid`."""

    key: ECKey
    kid: str
    claims: Mapping[str, Any]

    @classmethod
    def of(cls, token: str, keys: Mapping[str, ECKey]) -> Forge:
        """A forge that makes tokens like this one."""
        kid = header_of(token)["kid"]
        return cls(keys[kid], kid, claims_of(token))

    def token(self, header: Mapping[str, Any] | None = None, key: ECKey | None = None, **claims: Any) -> str:
        """A token like the real one but for these members; those that are None are left out."""
        content = self._content(header, claims)
        return f"{content}.{_base64(JWSRegistry.algorithms[ALGORITHM].sign(content.encode(), key or self.key))}"

    def confused(self) -> str:
        """A token under an HMAC whose secret is the public key in PEM."""
        content = self._content({"alg": "HS256"}, {})
        return f"{content}.{_base64(hmac.digest(self.key.as_pem(private=False), content.encode(), 'sha256'))}"

    def unsigned(self) -> str:
        return self._content({"alg": "none"}, {}) + "."

    def _content(self, header: Mapping[str, Any] | None, claims: Mapping[str, Any]) -> str:
        head = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self.kid, **(header or {})}
        body = {**self.claims, "jti": secrets.token_urlsafe(12), **claims}
        kept = ({name: value for name, value in part.items() if value is not None} for part in (head, body))
        return ".".join(_base64(json.dumps(part).encode()) for part in kept)


def _at(seconds: int) -> int:
    return int(time.time()) + seconds


def _foreign(forge: Forge) -> str:
    return forge.token(key=ECKey.generate_key("P-256"))


def _embedded(forge: Forge) -> str:
    key = ECKey.generate_key("P-256")
    return forge.token({"jwk": key.as_dict(private=False), "kid": None}, key)


# What no resource server may take (RFC 9068 §4, RFC 8725): each row is a valid token but for what its name says.
NEGATIVE: dict[str, Callable[[Forge], str]] = {
    "typ JWT": lambda forge: forge.token({"typ": "JWT"}),
    "no typ": lambda forge: forge.token({"typ": None}),
    "wrong aud": lambda forge: forge.token(aud="urn:another:api"),
    "aud is the client": lambda forge: forge.token(aud=forge.claims["client_id"]),
    "wrong iss": lambda forge: forge.token(iss="https://evil.example"),
    "iss with a slash": lambda forge: forge.token(iss=forge.claims["iss"] + "/"),
    "expired": lambda forge: forge.token(iat=_at(-3600), exp=_at(-31)),
    "no exp": lambda forge: forge.token(exp=None),
    "exp is text": lambda forge: forge.token(exp=str(_at(600))),
    "exp is huge": lambda forge: forge.token(exp=1e400),
    "future nbf": lambda forge: forge.token(nbf=_at(60)),
    "nbf is text": lambda forge: forge.token(nbf="tomorrow"),
    "future iat": lambda forge: forge.token(iat=_at(60)),
    "unknown kid": lambda forge: forge.token({"kid": "unknown"}),
    "no kid, foreign key": lambda forge: forge.token({"kid": None}, ECKey.generate_key("P-256")),
    "foreign key, same kid": _foreign,
    "alg none": lambda forge: forge.unsigned(),
    "alg confusion": lambda forge: forge.confused(),
    "embedded jwk": _embedded,
    "jku": lambda forge: forge.token({"jku": "http://127.0.0.1:1/keys", "kid": None}, ECKey.generate_key("P-256")),
    "crit": lambda forge: forge.token({"crit": ["exp"]}),
    "unknown crit": lambda forge: forge.token({"crit": ["x"], "x": 1}),
    "no client_id": lambda forge: forge.token(client_id=None),
    "no company": lambda forge: forge.token(company_id=None),
    "scope is a list": lambda forge: forge.token(scope=["documents.read"]),
    "no signature": lambda forge: forge.token().rpartition(".")[0] + ".",
    "claims are a list": lambda forge: _replaced(forge.token(), 1, b"[]"),
    "header is a list": lambda forge: _replaced(forge.token(), 0, b"[]"),
    "a bit flipped": lambda forge: _flipped(forge.token()),
    "four parts": lambda forge: forge.token() + ".AA",
    "12 kB": lambda forge: forge.token(x="x" * 9000),
}


def _replaced(token: str, index: int, content: bytes) -> str:
    parts = token.split(".")
    parts[index] = _base64(content)
    return ".".join(parts)


def _flipped(token: str) -> str:
    head, claims, signature = token.split(".")
    middle = len(claims) // 2
    return f"{head}.{claims[:middle]}{'A' if claims[middle] != 'A' else 'B'}{claims[middle + 1 :]}.{signature}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
