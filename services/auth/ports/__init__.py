"""What the use cases of auth need from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from services.auth.domain.clients import Client, Company, Peppers
from services.auth.domain.requests import TokenRequest
from shared.clock import Clock
from shared.contracts.audit import Journal


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """An access token and how long it lives, in seconds."""

    token: str
    expires_in: int
    scope: str


class Directory(Protocol):
    """Companies and clients."""

    def client(self, client_id: str) -> Client | None: ...

    def found(self, company: Company, client: Client) -> None:
        """Make sure that both exist as given; numbers and creation times of existing ones are kept."""
        ...

    def next_number(self) -> int:
        """A number that no other company has."""
        ...


class Accounts(Protocol):
    """Clients as they are looked up for every token: from memory, at most a second old."""

    def forget(self) -> None:
        """Look everything up anew. Whoever changes a company, client or API key calls it, so that it counts at once."""
        ...


class Signer(Protocol):
    """Signs access tokens and shows the public keys that vouch for them."""

    def sign(self, client: Client, scopes: frozenset[str]) -> IssuedToken: ...

    def public_keys(self) -> tuple[dict[str, Any], ...]: ...


class Grants(Protocol):
    """The OAuth 2.0 grants; raises the refusals of `errors`."""

    def issue(self, request: TokenRequest) -> IssuedToken: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything the use cases work with."""

    directory: Directory
    signer: Signer
    grants: Grants
    peppers: Peppers
    journal: Journal
    issuer: str
    clock: Clock
