"""Uploads in several requests, to the application of files over fakes."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.files.app import create_app
from services.files.domain.resumable import HOLD
from services.files.ports import Desk
from services.files.usecases.deleting import erase_next
from services.files.usecases.resuming import expire_next
from tests.support.fakes.files import MemoryFiles, MemoryUploads, desk_over
from tests.support.fakes.storage import MemoryStore
from tests.support.files import MINE, PDF
from tests.support.tokens import bearer

START = datetime(2026, 3, 1, 8, 15, tzinfo=UTC)
ADDITION = "application/offset+octet-stream"
TUS = MINE | {"Tus-Resumable": "1.0.0"}


def encoded(**members: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in members.items())


class Cut(BytesIO):
    """A body whose connection breaks at its end."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise ConnectionResetError
        return data


class Service:
    """Files over fakes, with a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START
        self.store, self.files = MemoryStore(), MemoryFiles()
        self.desk: Desk = replace(desk_over(self.store, self.files), clock=lambda: self.now)
        self.http: FlaskClient = create_app(self.desk, bearer()).test_client()

    @property
    def uploads(self) -> MemoryUploads:
        assert isinstance(self.desk.uploads, MemoryUploads)
        return self.desk.uploads

    def post(self, length: object = len(PDF), headers: dict[str, str] = TUS, **more: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return self.http.post("/v2/uploads", headers={"Upload-Length": str(length), **headers, **named})

    def begin(self, length: int = len(PDF), **more: Any) -> str:
        answer = self.post(length, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"])

    def patch(self, path: str, offset: object, data: bytes, **more: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        headers = {"Upload-Offset": str(offset), "Content-Type": ADDITION}
        return self.http.patch(path, data=data, headers={**TUS, **headers, **named})

    def add(self, path: str, offset: int, data: bytes, **more: str) -> TestResponse:
        answer = self.patch(path, offset, data, **more)
        assert answer.status_code == 204, answer.text
        assert answer.headers["Upload-Offset"] == str(offset + len(data))
        return answer

    def send_and_break(self, path: str, offset: int, data: bytes, **more: str) -> TestResponse:
        """A request whose connection is lost after these bytes."""
        environ = {"wsgi.input": Cut(data), "wsgi.input_terminated": True, "CONTENT_LENGTH": str(len(data) + 10)}
        named = {name.replace("_", "-"): value for name, value in more.items()}
        headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": ADDITION, **named}
        return self.http.patch(path, headers=headers, environ_overrides=environ)

    def offset(self, path: str) -> int:
        answer = self.http.head(path, headers=TUS)
        assert (answer.status_code, answer.data) == (200, b"")
        return int(answer.headers["Upload-Offset"])

    def work(self, later: timedelta = HOLD) -> None:
        self.now += later
        while erase_next(self.desk) or expire_next(self.desk):
            pass

    @property
    def pieces(self) -> list[int]:
        return [len(data) for (_, key), data in self.store.objects.items() if "/uploads/" in key]
