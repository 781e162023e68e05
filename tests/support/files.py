"""Uploads to the application of files, and what its answers say."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.ids import is_uuid
from tests.support.tokens import authorization

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 300
MINE = authorization()


def upload(client: FlaskClient, data: bytes = PDF, **headers: str) -> TestResponse:
    """Upload it as a PDF, unless the headers (with `_` for `-`) say otherwise."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/v2/files", data=data, headers={"Content-Type": "application/pdf", **MINE, **named})


def stored_id(answer: TestResponse) -> str:
    """The id of what was stored."""
    assert answer.status_code == 201, answer.text
    body: dict[str, str] = json.loads(answer.data)
    assert is_uuid(body["id"])
    assert answer.headers["Location"] == f"/v2/files/{body['id']}"
    return body["id"]


def code(answer: TestResponse) -> tuple[int, str]:
    """Status and code of a refusal."""
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.data)
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]
