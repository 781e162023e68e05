"""Companies and their clients: who they are, by what they prove it, and what limits them."""

from __future__ import annotations

import functools
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.auth.errors import InvalidScope
from shared.plans import DEFAULT

DEFAULT_LIFETIME_SECONDS = 3600
LONGEST_LIFETIME_SECONDS = 86_400
# Of a token that was given for an API key.
API_KEY_LIFETIME_SECONDS = 300
MAX_SECRETS = 2


@dataclass(frozen=True, slots=True)
class Company:
    """A tenant. `id` is 24 hex digits. A disabled one gets no tokens, and those it has are void."""

    id: str
    name: str
    number: int
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What is stored of a secret: an HMAC-SHA-256 under the pepper with this id."""

    pepper_id: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Secret:
    """A client secret, good until `not_after`, for ever when that is None."""

    id: str
    digest: Digest
    created_at: datetime
    not_after: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.not_after is None or now < self.not_after


@dataclass(frozen=True, slots=True)
class Declared:
    """What the settings declared of the first client when auth last started. Each fact is put in place once: no start
    undoes what operators changed since.
    """

    secret: Digest
    scopes: frozenset[str]
    api_key: Digest | None = None


class AuthMethod(StrEnum):
    """How a client authenticates at the token endpoint (RFC 7591 §2): a secret, by Basic or form, or a signed JWT."""

    SECRET = "client_secret"  # noqa: S105
    PRIVATE_KEY_JWT = "private_key_jwt"


class States(StrEnum):
    """Which document states a client's answers show: all, or those of the published contract."""

    ALL = "all"
    DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A machine that acts for a company. `revoked_before` (seconds since 1970) voids every token issued before it.

    `projects` None means all; `networks` are CIDRs, () means from anywhere. `jwks` are the public keys (RFC 7517) that
    a client of method `private_key_jwt` signs with, each with its `kid` and `alg`. `version` counts its changes.
    """

    id: str
    company_id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    created_by: str
    updated_at: datetime
    auth_method: AuthMethod = AuthMethod.SECRET
    secrets: tuple[Secret, ...] = ()
    jwks: tuple[Mapping[str, Any], ...] = ()
    lifetime_seconds: int = DEFAULT_LIFETIME_SECONDS
    plan: str = DEFAULT
    projects: frozenset[str] | None = None
    networks: tuple[str, ...] = ()
    states: States = States.ALL
    disabled_at: datetime | None = None
    revoked_before: int = 0
    declared: Declared | None = None
    version: int = 0

    def live_secrets(self, now: datetime) -> tuple[Secret, ...]:
        return tuple(secret for secret in self.secrets if secret.is_live(now))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key that stands for a client, for those who can send nothing but a header. `hint` is its end, to know it by."""

    id: str
    client_id: str
    company_id: str
    name: str
    digest: Digest
    hint: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Peppers:
    """The secrets under which secrets are digested: `current`, and `previous` while what it digested is taken over."""

    current: str
    previous: str | None = None

    def digest(self, secret: str) -> Digest:
        """What is stored of a secret. It has 256 random bits, so a slow hash would add cost and no safety."""
        return _digest(self.current, secret)

    def digests(self, secret: str) -> tuple[Digest, ...]:
        """What may be stored of a secret: under the current pepper, and under the previous one."""
        return tuple(_digest(pepper, secret) for pepper in (self.current, self.previous) if pepper is not None)

    def matches(self, secret: str, digest: Digest) -> bool:
        """Whether `digest` is of this secret, under any of the peppers; in constant time."""
        return any(
            hmac.compare_digest(digest.value, _digest(pepper, secret).value)
            for pepper in (self.current, self.previous)
            if pepper is not None and digest.pepper_id == _pepper_id(pepper)
        )

    def vouches(self, client: Client | None, secret: str, now: datetime) -> bool:
        """Whether this is a live secret of the client; takes as long for one that does not exist."""
        live = client.live_secrets(now) if client and client.disabled_at is None else ()
        digests = [known.digest for known in live] or [Digest(_pepper_id(self.current), bytes(32))]
        matches = [self.matches(secret, digest) for digest in digests]
        return any(matches) and bool(live)

    def is_outdated(self, digest: Digest) -> bool:
        """Whether it should be digested anew, under the current pepper."""
        return digest.pepper_id != _pepper_id(self.current)


def grant_scopes(client: Client, requested: frozenset[str] | None) -> frozenset[str]:
    """What the token may do: all that the client may when it does not ask, else exactly what it asks for."""
    if requested is None:
        return client.scopes
    refused = sorted(requested - client.scopes)
    if refused or not requested:
        raise InvalidScope(f"The client may not have {' '.join(refused) or 'an empty scope'}. Ask for less.")
    return requested


def _digest(pepper: str, secret: str) -> Digest:
    return Digest(_pepper_id(pepper), hmac.digest(pepper.encode(), secret.encode("utf-8", "surrogatepass"), "sha256"))


@functools.lru_cache(maxsize=4)
def _pepper_id(pepper: str) -> str:
    """Eight hex digits that tell peppers apart and nothing about them."""
    return hmac.digest(pepper.encode(), b"pepper id", "sha256").hex()[:8]
