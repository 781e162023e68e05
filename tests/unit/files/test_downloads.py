"""Downloads over fakes: whole, in parts, unchanged, or only their headers."""

import base64
import hashlib
import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.files.app import create_app
from services.files.ports import Desk
from shared.contracts.envelope import ClaimCheck
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.files import BUCKET, MemoryFiles, desk_over
from tests.support.fakes.storage import MemoryStore
from tests.support.tokens import authorization, bearer

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
SHA = hashlib.sha256(PDF).hexdigest()
DIGEST = f"sha-256=:{base64.b64encode(hashlib.sha256(PDF).digest()).decode()}:"
MINE = authorization()


class CountingStore(MemoryStore):
    """Remembers what was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[tuple[int, int] | None] = []

    def open(self, claim: ClaimCheck) -> Iterator[bytes]:
        self.opened.append(None)
        return super().open(claim)

    def open_part(self, claim: ClaimCheck, start: int, size: int) -> Iterator[bytes]:
        self.opened.append((start, size))
        return super().open_part(claim, start, size)


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


@pytest.fixture
def desk(store: CountingStore) -> Desk:
    return desk_over(store, MemoryFiles())


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    return create_app(desk, bearer()).test_client()


@pytest.fixture
def path(client: FlaskClient) -> str:
    headers = {**MINE, "Content-Type": "application/pdf", "X-Hy-Filename": "a.pdf"}
    return f"/v2/files/{json.loads(client.post('/v2/files', data=PDF, headers=headers).data)['id']}"


def get(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    return client.get(path, headers=MINE | {name.replace("_", "-"): value for name, value in headers.items()})


def test_a_whole_file_tells_its_hash_in_two_ways(client: FlaskClient, path: str) -> None:
    answer = get(client, path)
    assert (answer.status_code, answer.data) == (200, PDF)
    assert (answer.headers["ETag"], answer.headers["Content-Digest"]) == (f'"{SHA}"', DIGEST)
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_head_tells_what_get_would_and_reads_nothing(client: FlaskClient, path: str, store: CountingStore) -> None:
    whole, head = get(client, path), client.head(path, headers=MINE | {"Range": "bytes=0-1"})
    store.opened.clear()
    own = {"X-Request-Id", "Traceparent"}
    assert {name: value for name, value in head.headers if name not in own} == {
        name: value for name, value in whole.headers if name not in own
    }
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(PDF))
    assert store.opened == []


@pytest.mark.parametrize(
    ("asked", "start", "size"), [("bytes=0-9", 0, 10), ("bytes=10000-", 10_000, 249), ("bytes=-5", len(PDF) - 5, 5)]
)
def test_a_part_comes_alone_and_nothing_else_is_read(
    client: FlaskClient, path: str, store: CountingStore, asked: str, start: int, size: int
) -> None:
    answer = get(client, path, Range=asked)
    assert (answer.status_code, answer.data) == (206, PDF[start : start + size])
    assert answer.headers["Content-Range"] == f"bytes {start}-{start + size - 1}/{len(PDF)}"
    assert (answer.content_length, answer.content_type) == (size, "application/pdf")
    assert (answer.headers["ETag"], answer.headers["Repr-Digest"]) == (f'"{SHA}"', DIGEST)
    assert "Content-Digest" not in answer.headers
    assert "X-Hy-Filename" in answer.headers
    assert store.opened == [(start, size)]


def test_a_part_that_is_the_whole_is_checked_like_it(client: FlaskClient, path: str, store: CountingStore) -> None:
    answer = get(client, path, Range="bytes=0-")
    assert (answer.status_code, answer.data, store.opened) == (206, PDF, [None])
    assert answer.headers["Content-Range"] == f"bytes 0-{len(PDF) - 1}/{len(PDF)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=5-2", "lines=1-2", "nonsense"])
def test_what_is_no_single_range_is_answered_with_the_whole(client: FlaskClient, path: str, asked: str) -> None:
    answer = get(client, path, Range=asked)
    assert (answer.status_code, answer.data) == (200, PDF)


def test_a_range_behind_the_end_is_refused_with_the_size(client: FlaskClient, path: str) -> None:
    answer = get(client, path, Range=f"bytes={len(PDF)}-")
    assert (answer.status_code, json.loads(answer.data)["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{len(PDF)}"


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (f'"{SHA}"', 206),
        (f'W/"{SHA}"', 200),
        (f'"{SHA[::-1]}"', 200),
        (SHA, 200),
        ("Sun, 22 Nov 2026 08:00:00 GMT", 200),
    ],
)
def test_a_part_of_another_file_than_meant_is_not_given(
    client: FlaskClient, path: str, condition: str, status: int
) -> None:
    answer = get(client, path, Range="bytes=0-9", If_Range=condition)
    assert (answer.status_code, answer.data) == (status, PDF[:10] if status == 206 else PDF)


@pytest.mark.parametrize("condition", [f'"{SHA}"', f'W/"{SHA}"', f'"x", "{SHA}"', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_not_sent_again(
    client: FlaskClient, path: str, store: CountingStore, condition: str, method: str
) -> None:
    headers = MINE | {"If-None-Match": condition, "Range": "bytes=0-1"}
    answer = client.open(path, method=method, headers=headers)
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", f'"{SHA}"')
    assert store.opened == []


def test_what_the_client_has_not_is_sent(client: FlaskClient, path: str) -> None:
    assert get(client, path, If_None_Match=f'"{SHA[::-1]}"').data == PDF


def test_parts_are_audited_as_such_and_heads_are_not(client: FlaskClient, path: str, desk: Desk) -> None:
    client.head(path, headers=MINE)
    get(client, path, If_None_Match="*")
    get(client, path, Range="bytes=5-9")
    get(client, path)
    assert isinstance(desk.journal, MemoryJournal)
    _, part, whole = desk.journal.entries
    assert (part.action, part.detail) == ("file.downloaded", {"start": "5", "size": "5"})
    assert (whole.action, whole.detail) == ("file.downloaded", {})


def test_a_part_of_bytes_that_are_gone_or_cut_off_is_refused(
    client: FlaskClient, path: str, store: CountingStore, desk: Desk
) -> None:
    (key,) = (key for bucket, key in store.objects if "blobs" in key)
    store.objects[BUCKET, key] = PDF[:5]
    answer = get(client, path, Range="bytes=10-19")
    assert (answer.status_code, json.loads(answer.data)["code"]) == (500, "file_corrupt")
    store.delete(BUCKET, key)
    answer = get(client, path, Range="bytes=10-19")
    assert (answer.status_code, json.loads(answer.data)["code"]) == (503, "file_missing")
