"""The audit log of services that a test plays, on a real database, and a client to verify it with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flask.testing import FlaskClient
from mongoengine.connection import get_db
from pymongo.collection import Collection

import services.auth.api.audit
from paperlane import audit
from paperlane.client import Client
from shared.audit.anchors import MongoAnchors
from shared.audit.chain import Record
from shared.audit.door import audit_routes
from shared.audit.log import AuditLog
from shared.audit.trail import Anchors, Trail
from shared.contracts.audit import Entry
from shared.settings import AuditSettings
from shared.web.application import create
from tests.support.tokens import COMPANY, authorization, bearer

KEY = secrets.token_urlsafe(32)
ENTRY = Entry("file.uploaded", "client-a", COMPANY, "file-1", "req-1", "192.0.2.7", after="f" * 64)


@dataclass(frozen=True, slots=True)
class Desk:
    trail: Trail
    anchors: Anchors


class Office:
    """`files` and `auth` in one database each, given by their aliases; auth anchors what both report."""

    def __init__(self, spool: Path) -> None:
        self.settings = AuditSettings((KEY,), spool)
        self.anchors = MongoAnchors.of("auth", self.settings)
        self.anchors.prepare()
        self.auth = self.open("auth")
        self.files = self.open("files")

    def open(self, service: str, process: str = "") -> AuditLog:
        """The log of one more start of a process; not started yet."""
        log = AuditLog(service, process or service, self.settings, self.anchors.add)
        log.prepare()
        return log

    @property
    def entries(self) -> Collection[Record]:
        return cast("Collection[Record]", get_db("files")["audit"])

    def client(self, service: str) -> FlaskClient:
        """A client of the service's door, of which `auth` shows the anchors too."""
        routes = services.auth.api.audit.routes if service == "auth" else audit_routes(service)
        log = self.auth if service == "auth" else self.files
        return create(routes, Desk(log.trail, self.anchors), bearer()).test_client()

    def verify(self) -> audit.Report:
        """What `paperlane audit verify` finds."""
        return audit.verify(cast(Client, _Through(self)))

    def found(self) -> list[tuple[str, str, int]]:
        """Kind, chain and sequence of each fault."""
        return [(fault.kind, fault.chain, fault.sequence) for fault in self.verify().faults]


class _Through:
    """A `Client` that asks the doors, each where its path leads; a service that is not played has no chains."""

    def __init__(self, office: Office) -> None:
        self._doors = {name: office.client(name) for name in ("auth", "files")}

    def request(self, method: str, path: str, params: dict[str, Any]) -> _Answer:
        service = path.split("/")[3]
        door = self._doors.get("auth" if service == "anchors" else service)
        if door is None:
            return _Answer({"chains": [], "next": None})
        headers = authorization()
        answer = door.open(path, method=method, query_string=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return _Answer(answer.json)


@dataclass(frozen=True, slots=True)
class _Answer:
    content: Any

    def json(self) -> Any:
        return self.content
