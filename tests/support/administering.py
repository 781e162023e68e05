"""Auth's administration over fakes, called as any client that a test names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from werkzeug.test import TestResponse

from services.auth.api import routes
from shared.contracts.audit import Entry
from shared.scopes import SCOPES
from shared.web.application import create
from tests.support.auth import CLIENT, COMPANY, NOW, make_desk
from tests.support.fakes.audit import MemoryJournal
from tests.support.tokens import bearer, sign


class Administration:
    """`now` is the time; a test moves it. Every call comes from 127.0.0.1."""

    def __init__(self) -> None:
        self.now: datetime = NOW
        self.desk = make_desk(lambda: self.now)
        self._client = create(routes, self.desk, bearer()).test_client()

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str = "",
        as_client: str = CLIENT,
        company: str = COMPANY,
        scopes: Iterable[str] = tuple(SCOPES),
        **claims: Any,
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {sign(company, scopes, as_client, **claims)}"}
        if key:
            headers["Idempotency-Key"] = key
        more = {} if body is None else {"json": body}
        return self._client.open(path, method=method, headers=headers, **more)

    def made(self, path: str, body: Any, **more: Any) -> dict[str, Any]:
        answer = self.call("POST", path, body, **more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json or {})

    def new_client(self, **members: Any) -> dict[str, Any]:
        return self.made("/v2/clients", {"name": "Scanner", "scopes": ["files.read"], **members})

    def shown(self, client_id: str) -> dict[str, Any]:
        return dict(self.call("GET", f"/v2/clients/{client_id}").json or {})

    @property
    def entries(self) -> list[Entry]:
        """What the audit log has."""
        journal = self.desk.journal
        assert isinstance(journal, MemoryJournal)
        return list(journal.entries)

    @property
    def actions(self) -> list[str]:
        return [entry.action for entry in self.entries]

    def knows(self, client_id: str, secret: str) -> bool:
        """Whether this is a live secret of the client."""
        return self.desk.peppers.vouches(self.desk.directory.client(client_id), secret, self.now)

    def lock(self) -> None:
        """Disable the company of all callers' clients."""
        company = self.desk.directory.company(COMPANY)
        assert company
        self.desk.directory.change_company(company, replace(company, disabled_at=self.now))
