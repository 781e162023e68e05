"""What auth's tokens need, in memory: revocations, and one signing key."""

from __future__ import annotations

import functools
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from services.auth.adapters.keys import SigningKey, make_key


class MemoryRevocations:
    """The port `Revocations`."""

    def __init__(self) -> None:
        self._tokens: dict[str, datetime] = {}
        self._assertions: set[tuple[str, str]] = set()

    def revoke(self, token_id: str, expires_at: datetime) -> None:
        self._tokens[token_id] = expires_at

    def revoked(self, now: datetime) -> dict[str, int]:
        return {token_id: int(moment.timestamp()) for token_id, moment in self._tokens.items() if moment > now}

    def use_assertion(self, client_id: str, assertion_id: str, expires_at: datetime) -> bool:  # noqa: ARG002
        used = client_id, assertion_id
        known = used in self._assertions
        self._assertions.add(used)
        return not known


class OneKey:
    """Keys of a signer: always the same one."""

    def signing_key(self) -> SigningKey:
        return _key()

    def public_keys(self) -> tuple[dict[str, Any], ...]:
        return (_key().public,)


@functools.cache
def _key() -> SigningKey:
    return make_key(ec.generate_private_key(ec.SECP256R1()), 0)
