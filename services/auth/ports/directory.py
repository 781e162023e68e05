"""Where companies, clients, API keys and users are kept. Each change is one conditional write: the loser of a race
writes nothing and learns it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.auth.domain.clients import ApiKey, Client, Company, Digest
from services.auth.domain.users import Selection, User
from shared.idempotency import Mark
from shared.listing import Page, Slice


@dataclass(frozen=True, slots=True)
class Voided:
    """What was taken away of late. `revoked_before` maps client ids to seconds since 1970; deleted clients count as
    disabled.
    """

    revoked_before: dict[str, int]
    disabled_clients: tuple[str, ...]
    disabled_companies: tuple[str, ...]
    api_keys: tuple[str, ...]


class Companies(Protocol):
    """Companies."""

    def company(self, company_id: str) -> Company | None: ...

    def companies(self, part: Slice, company_id: str | None = None, number: int | None = None) -> Page[Company]:
        """A part of all companies, or of those alone that have this id, and this number."""
        ...

    def add_company(self, company: Company, client: Client, mark: Mark | None = None) -> bool:
        """Keep a new company together with its first client; False when the mark, or one of the ids, is taken."""
        ...

    def change_company(self, before: Company, after: Company) -> bool:
        """Replace the company's name and `disabled_at` if they still are what they were `before`."""
        ...

    def next_number(self) -> int:
        """A number that no other company has."""
        ...


class Clients(Protocol):
    """Clients. One that was deleted is nowhere to be found."""

    def client(self, client_id: str) -> Client | None:
        """The client, whatever company it is of."""
        ...

    def client_version(self, client_id: str) -> int | None:
        """The version of that client; costs the same whether or not there is one."""
        ...

    def client_of(self, company_id: str, client_id: str) -> Client | None: ...

    def clients(self, company_id: str, part: Slice) -> Page[Client]: ...

    def add_client(self, client: Client, mark: Mark | None = None) -> bool:
        """False when the mark, or the id, is taken."""
        ...

    def change_client(self, before: Client, after: Client, mark: Mark | None = None) -> bool:
        """Make of the client what it is `after`, if nobody changed it since it was read (its `version`), and it does
        not bear the mark yet.
        """
        ...

    def delete_client(self, company_id: str, client_id: str, at: datetime) -> bool:
        """Delete the client and revoke its API keys; False when there is none."""
        ...

    def void_tokens(self, company_id: str, at: datetime) -> None:
        """Void every token that clients of the company were given before now, by their `revoked_before`."""
        ...

    def redigest_secret(self, client_id: str, secret: Digest, anew: Digest) -> None:
        """Replace the digest of a client's secret by one under the current pepper."""
        ...


class ApiKeys(Protocol):
    """API keys. One that was revoked is nowhere to be found."""

    def api_keys(self, company_id: str, client_id: str, part: Slice) -> Page[ApiKey]: ...

    def api_key(self, company_id: str, client_id: str, key_id: str) -> ApiKey | None: ...

    def add_api_key(self, key: ApiKey, mark: Mark | None = None) -> bool:
        """False when the mark, the id or the digest is taken."""
        ...

    def revoke_api_key(self, company_id: str, client_id: str, key_id: str, at: datetime) -> bool:
        """False when there is none."""
        ...

    def api_key_by_digest(self, digests: Sequence[Digest]) -> ApiKey | None:
        """The key that has one of these digests, whatever company it is of."""
        ...

    def redigest_api_key(self, key: Digest, anew: Digest) -> None:
        """Replace the digest of a key by one under the current pepper."""
        ...


class Users(Protocol):
    """Persons that companies know."""

    def user(self, company_id: str, user_id: str) -> User | None: ...

    def users(self, company_id: str, selection: Selection, part: Slice) -> Page[User]: ...

    def add_user(self, user: User) -> bool:
        """False when the id is taken."""
        ...


class Directory(Companies, Clients, ApiKeys, Users, Protocol):
    """All of them; Unavailable when the database does not answer."""

    def answer(self, mark: Mark) -> bytes | None:
        """The answer that was kept with this mark, None when no record bears it; KeyReused when the mark was another
        request's.
        """
        ...

    def voided_since(self, since: datetime) -> Voided:
        """What was voided, disabled, deleted or revoked since then, read so that nothing that is taken away in one
        respect before it is given back in another is missing for a moment.
        """
        ...
