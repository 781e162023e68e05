"""The directory of auth in dicts."""

from __future__ import annotations

import dataclasses
import functools
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from services.auth.domain.clients import ApiKey, Client, Company, Digest
from services.auth.domain.users import Selection, User
from services.auth.ports.directory import Voided
from shared.idempotency import Mark
from shared.listing import Page, Slice
from tests.support.fakes.lists import cut

Given = ParamSpec("Given")
Result = TypeVar("Result")


def _alone(method: Callable[Given, Result]) -> Callable[Given, Result]:
    @functools.wraps(method)
    def locked(*arguments: Given.args, **more: Given.kwargs) -> Result:
        directory: Any = arguments[0]
        with directory._lock:
            return method(*arguments, **more)

    return locked


class MemoryDirectory:
    """The port `Directory`. What is gone is in `deleted` and `revoked`, by id."""

    def __init__(self) -> None:
        self._companies: dict[str, Company] = {}
        self._clients: dict[str, Client] = {}
        self._keys: dict[str, ApiKey] = {}
        self._users: dict[str, User] = {}
        self.deleted: dict[str, datetime] = {}
        self.revoked: dict[str, datetime] = {}
        self._marks: dict[str, Mark] = {}
        self._lock = threading.RLock()

    def company(self, company_id: str) -> Company | None:
        return self._companies.get(company_id)

    def companies(self, part: Slice, company_id: str | None = None, number: int | None = None) -> Page[Company]:
        named = (each for each in self._companies.values() if company_id in (None, each.id))
        return cut((each for each in named if number in (None, each.number)), part)

    @_alone
    def add_company(self, company: Company, client: Client, mark: Mark | None = None) -> bool:
        if company.id in self._companies or client.id in self._clients or not self._leave(mark):
            return False
        self._companies[company.id] = company
        self._clients[client.id] = client
        return True

    @_alone
    def change_company(self, before: Company, after: Company) -> bool:
        now = self._companies.get(before.id)
        if now is None or (now.name, now.disabled_at) != (before.name, before.disabled_at):
            return False
        self._companies[now.id] = dataclasses.replace(now, name=after.name, disabled_at=after.disabled_at)
        return True

    def next_number(self) -> int:
        return len(self._companies) + 1

    def client(self, client_id: str) -> Client | None:
        return None if client_id in self.deleted else self._clients.get(client_id)

    def client_version(self, client_id: str) -> int | None:
        client = self.client(client_id)
        return client.version if client else None

    def client_of(self, company_id: str, client_id: str) -> Client | None:
        client = self.client(client_id)
        return client if client and client.company_id == company_id else None

    def clients(self, company_id: str, part: Slice) -> Page[Client]:
        return cut((each for each in self._clients.values() if self.client_of(company_id, each.id)), part)

    @_alone
    def add_client(self, client: Client, mark: Mark | None = None) -> bool:
        if client.id in self._clients or not self._leave(mark):
            return False
        self._clients[client.id] = client
        return True

    @_alone
    def change_client(self, before: Client, after: Client, mark: Mark | None = None) -> bool:
        now = self.client_of(before.company_id, before.id)
        if now is None or now.version != before.version or not self._leave(mark):
            return False
        self._put(after)
        return True

    @_alone
    def delete_client(self, company_id: str, client_id: str, at: datetime) -> bool:
        if self.client_of(company_id, client_id) is None:
            return False
        self.deleted[client_id] = at
        for key in [key for key in self._keys.values() if key.client_id == client_id]:
            self.revoked.setdefault(key.id, at)
        return True

    @_alone
    def void_tokens(self, company_id: str, at: datetime) -> None:
        for client in [client for client in self._clients.values() if self.client_of(company_id, client.id)]:
            moment = max(client.revoked_before, int(at.timestamp())) + 1
            self._put(dataclasses.replace(client, revoked_before=moment))

    @_alone
    def redigest_secret(self, client_id: str, secret: Digest, anew: Digest) -> None:
        client = self.client(client_id)
        if client and secret in [known.digest for known in client.secrets]:
            secrets = (
                dataclasses.replace(known, digest=anew) if known.digest == secret else known for known in client.secrets
            )
            self._put(dataclasses.replace(client, secrets=tuple(secrets)))

    def api_keys(self, company_id: str, client_id: str, part: Slice) -> Page[ApiKey]:
        own = (company_id, client_id)
        live = (key for key in self._keys.values() if key.id not in self.revoked)
        return cut((key for key in live if (key.company_id, key.client_id) == own), part)

    def api_key(self, company_id: str, client_id: str, key_id: str) -> ApiKey | None:
        page = self.api_keys(company_id, client_id, Slice(limit=len(self._keys)))
        return next((key for key in page.items if key.id == key_id), None)

    @_alone
    def add_api_key(self, key: ApiKey, mark: Mark | None = None) -> bool:
        digests = {known.digest for known in self._keys.values()}
        if key.id in self._keys or key.digest in digests or not self._leave(mark):
            return False
        self._keys[key.id] = key
        return True

    @_alone
    def revoke_api_key(self, company_id: str, client_id: str, key_id: str, at: datetime) -> bool:
        key = self._keys.get(key_id)
        if key is None or key_id in self.revoked or (key.company_id, key.client_id) != (company_id, client_id):
            return False
        self.revoked[key_id] = at
        return True

    def api_key_by_digest(self, digests: Sequence[Digest]) -> ApiKey | None:
        live = (key for key in self._keys.values() if key.id not in self.revoked)
        return next((key for key in live if key.digest in digests), None)

    @_alone
    def redigest_api_key(self, key: Digest, anew: Digest) -> None:
        for known in [known for known in self._keys.values() if known.digest == key]:
            self._keys[known.id] = dataclasses.replace(known, digest=anew)

    def user(self, company_id: str, user_id: str) -> User | None:
        user = self._users.get(user_id)
        return user if user and user.company_id == company_id else None

    def users(self, company_id: str, selection: Selection, part: Slice) -> Page[User]:
        own = (user for user in self._users.values() if user.company_id == company_id)
        found = (user for user in own if selection.sought in user.sought and selection.active in (None, user.active))
        return cut((user for user in found if not selection.roles or {*selection.roles} & {*user.roles}), part)

    @_alone
    def add_user(self, user: User) -> bool:
        return self._users.setdefault(user.id, user) is user

    def answer(self, mark: Mark) -> bytes | None:
        left = self._marks.get(mark.id)
        if left is None:
            return None
        mark.refuse_other(left.fingerprint)
        return left.answer

    @_alone
    def voided_since(self, since: datetime) -> Voided:
        clients = [client for client in self._clients.values() if client.id not in self.deleted]
        disabled = [each.id for each in clients if each.disabled_at and each.disabled_at >= since]
        companies = (each.id for each in self._companies.values() if each.disabled_at and each.disabled_at >= since)
        moments = {each.id: each.revoked_before for each in clients if each.revoked_before > int(since.timestamp())}
        return Voided(
            revoked_before=moments,
            disabled_clients=tuple(sorted(disabled + _since(self.deleted, since))),
            disabled_companies=tuple(sorted(companies)),
            api_keys=tuple(sorted(_since(self.revoked, since))),
        )

    def _put(self, client: Client) -> None:
        version = self._clients[client.id].version + 1
        self._clients[client.id] = dataclasses.replace(client, version=version)

    def _leave(self, mark: Mark | None) -> bool:
        """False when the mark was left before."""
        if mark is None:
            return True
        if mark.id in self._marks:
            return False
        self._marks[mark.id] = mark
        return True


def _since(moments: dict[str, datetime], since: datetime) -> list[str]:
    return [each for each, moment in moments.items() if moment >= since]
