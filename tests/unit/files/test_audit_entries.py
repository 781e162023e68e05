"""What files writes into the audit log, and that its own door shows it."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask.testing import FlaskClient

from services.files.app import create_app
from services.files.ports import Desk
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.files import desk_over
from tests.support.fakes.storage import MemoryStore
from tests.support.tokens import COMPANY, OTHER_COMPANY, authorization, bearer

PDF = b"%PDF-1.7\n" + bytes(5000)
MINE = {**authorization(), "X-Request-Id": "req-7", "Content-Type": "application/pdf"}


@pytest.fixture
def desk() -> Desk:
    return desk_over(MemoryStore())


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    return create_app(desk, bearer()).test_client()


def test_an_upload_and_a_download_leave_an_entry_each(desk: Desk, client: FlaskClient) -> None:
    file_id = json.loads(client.post("/v2/files", data=PDF, headers=MINE).data)["id"]
    assert client.get(f"/v2/files/{file_id}", headers=MINE).status_code == 200
    assert isinstance(desk.journal, MemoryJournal)
    uploaded, downloaded = desk.journal.entries
    assert (uploaded.action, downloaded.action) == ("file.uploaded", "file.downloaded")
    for entry in (uploaded, downloaded):
        assert (entry.actor, entry.company_id, entry.subject) == ("tester", COMPANY, file_id)
        assert (entry.request_id, entry.address) == ("req-7", "127.0.0.1")
        assert entry.after == hashlib.sha256(PDF).hexdigest()


def test_what_was_refused_or_not_found_leaves_none(desk: Desk, client: FlaskClient) -> None:
    assert client.post("/v2/files", data=b"", headers=MINE).status_code == 400
    assert client.get("/v2/files/none", headers=MINE).status_code == 404
    assert isinstance(desk.journal, MemoryJournal)
    assert desk.journal.entries == []


def test_the_door_shows_a_companys_own_entries(client: FlaskClient) -> None:
    file_id = json.loads(client.post("/v2/files", data=PDF, headers=MINE).data)["id"]
    answer = client.get("/v2/audit/files", headers=authorization())
    body = json.loads(answer.data)
    assert (body["totalCount"], body["limit"], body["offset"]) == (1, 50, 0)
    assert (body["data"][0]["subject"], body["data"][0]["requestId"]) == (file_id, "req-7")
    assert set(body["data"][0]) == {
        *("chain", "sequence", "time", "action", "actor", "subject", "requestId", "address"),
        *("before", "after", "detail", "hash"),
    }
    theirs = client.get("/v2/audit/files", headers=authorization(OTHER_COMPANY))
    assert json.loads(theirs.data)["data"] == []


@pytest.mark.parametrize(
    ("query", "word"),
    [("limit=51", "limit"), ("limit=x", "limit"), ("offset=10001", "offset"), ("who=me", "who"), ("actor=%00", "NUL")],
)
def test_a_query_that_is_not_taken_is_told_by_name(client: FlaskClient, query: str, word: str) -> None:
    answer = client.get(f"/v2/audit/files?{query}", headers=authorization())
    assert answer.status_code == 400
    assert word in json.loads(answer.data)["detail"]
