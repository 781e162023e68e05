"""What getting, checking and voiding tokens needs from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.auth.domain.clients import ApiKey, Client, Company, Digest
from services.auth.domain.requests import SignedRequest
from services.auth.domain.tokens import Claims, IssuedToken
from shared.contracts.auth import Trust


class Accounts(Protocol):
    """Companies, clients and API keys as every token needs them: from memory, at most a second old."""

    def remembered(self, client_id: str) -> Client | None:
        """The client, None when it is not in memory. Asks nobody."""
        ...

    def client(self, client_id: str) -> Client | None:
        """The client as the directory has it now."""
        ...

    def company(self, company_id: str) -> Company | None: ...

    def api_key(self, digests: Sequence[Digest]) -> ApiKey | None: ...

    def forget(self) -> None:
        """Look everything up anew. Whoever changes a company, client or API key calls it, so that it counts at once."""
        ...


class Steps(Protocol):
    """What becomes of one token request, step by step; each may refuse."""

    def authenticate(self) -> Client:
        """The client that the request proves to be of."""
        ...

    def scopes(self, client: Client) -> frozenset[str]:
        """What the token may do."""
        ...

    def issue(self, client: Client, scopes: frozenset[str]) -> IssuedToken: ...


class Grants(Protocol):
    """The grants that the token endpoint serves."""

    def run(self, request: SignedRequest, steps: Steps) -> IssuedToken:
        """Take the steps in the order of the request's grant; UnsupportedGrantType, UnauthorizedClient."""
        ...


class Signer(Protocol):
    """Signs access tokens and shows the public keys that vouch for them."""

    def sign(self, claims: Claims) -> str:
        """The token; Unavailable when there is no key."""
        ...

    def public_keys(self) -> tuple[dict[str, Any], ...]: ...


class Assertions(Protocol):
    """What clients sign to prove who they are."""

    def claims(self, assertion: str, keys: Sequence[Mapping[str, Any]]) -> Claims | None:
        """What the assertion says, None unless one of these public JWKs vouches for it by the key's own algorithm."""
        ...


class Revocations(Protocol):
    """What counts in every process of auth at once, and is forgotten when it does not matter any more."""

    def revoke(self, token_id: str, expires_at: datetime) -> None: ...

    def revoked(self, now: datetime) -> dict[str, int]:
        """The ids of all revoked tokens that have not expired, with their expiry in seconds since 1970."""
        ...

    def use_assertion(self, client_id: str, assertion_id: str, expires_at: datetime) -> bool:
        """False when the client has shown an assertion of this id before."""
        ...


@dataclass(frozen=True, slots=True)
class TrustDocument:
    """The trust document, as bytes too, and what tells it from others."""

    trust: Trust
    body: bytes
    etag: str


class TrustBook(Protocol):
    """Keeps the trust document up to date, within a second."""

    def current(self) -> TrustDocument: ...

    def claims(self, token: str) -> Claims | None:
        """What the token says, None unless it is one of ours; it may have expired or been revoked."""
        ...

    def active_claims(self, token: str) -> Claims | None:
        """What the token says, None unless it would be accepted now."""
        ...

    def forget(self) -> None:
        """Make it anew when it is asked for next."""
        ...
