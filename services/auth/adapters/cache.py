"""Companies, clients and API keys in memory, so that a token costs no look into the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from services.auth.domain.clients import ApiKey, Client, Company, Digest
from services.auth.ports.directory import Directory

SECONDS = 1.0
MAX_REMEMBERED = 10_000

Thing = TypeVar("Thing")
Key = tuple[str, ...]


class CachedAccounts:
    """The `Accounts` port over a directory. What is not there is not remembered."""

    def __init__(self, directory: Directory, clock: Callable[[], float] = time.monotonic) -> None:
        self._directory = directory
        self._clock = clock
        self._memory: dict[Key, tuple[float, Any]] = {}

    def remembered(self, client_id: str) -> Client | None:
        client: Client | None = self._remembered(("client", client_id))
        return client

    def client(self, client_id: str) -> Client | None:
        """Reading a whole client takes longer than finding none, which a stopwatch would tell strangers. So of one
        that is known from before, only the version is read, and of one that there is not, that it has none.
        """
        key = "client", client_id
        _, known = self._memory.get(key, (0.0, None))

        def look() -> Client | None:
            version = self._directory.client_version(client_id)
            if version is None:
                return None
            return known if known and known.version == version else self._directory.client(client_id)

        return self._look_up(key, look)

    def company(self, company_id: str) -> Company | None:
        key = "company", company_id
        return self._remembered(key) or self._look_up(key, lambda: self._directory.company(company_id))

    def api_key(self, digests: Sequence[Digest]) -> ApiKey | None:
        key = "key", *(digest.value.hex() for digest in digests)
        return self._remembered(key) or self._look_up(key, lambda: self._directory.api_key_by_digest(digests))

    def forget(self) -> None:
        # Another dict: whoever is just looking something up puts it into the old one.
        self._memory = {}

    def _remembered(self, key: Key) -> Any:
        until, thing = self._memory.get(key, (0.0, None))
        return thing if self._clock() < until else None

    def _look_up(self, key: Key, look: Callable[[], Thing | None]) -> Thing | None:
        memory, until = self._memory, self._clock() + SECONDS
        thing = look()
        if thing is not None:
            if len(memory) >= MAX_REMEMBERED:
                memory.clear()
            memory[key] = until, thing
        return thing
