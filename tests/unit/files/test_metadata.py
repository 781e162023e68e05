"""What the HTTP door tells of files: their metadata, lists of them, and which have the same bytes."""

import hashlib
import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.files.app import create_app
from shared.errors import Unavailable
from shared.ids import new_uuid
from tests.support.fakes.files import MemoryFiles, desk_over
from tests.support.fakes.storage import MemoryStore
from tests.support.tokens import OTHER_COMPANY, authorization, bearer, sign

ONE, OTHER = b"%PDF-1.7 one", b"%PDF-1.7 other"
SHA = hashlib.sha256(ONE).hexdigest()
START = datetime(2026, 3, 1, 8, 15, tzinfo=UTC)
MINE = authorization()
LIMITED = {"Authorization": f"Bearer {sign(client_id='limited', projects=['c' * 24])}"}


@pytest.fixture
def files() -> MemoryFiles:
    return MemoryFiles()


@pytest.fixture
def client(files: MemoryFiles) -> FlaskClient:
    seconds = itertools.count()
    desk = replace(desk_over(MemoryStore(), files), clock=lambda: START + timedelta(seconds=next(seconds)))
    return create_app(desk, bearer()).test_client()


def upload(client: FlaskClient, data: bytes = ONE, headers: dict[str, str] = MINE) -> dict[str, str]:
    answer = client.post("/v2/files", data=data, headers={"Content-Type": "application/pdf", **headers})
    assert answer.status_code == 201, answer.text
    return dict(json.loads(answer.data))


def told(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


def ids(client: FlaskClient, query: str = "", headers: dict[str, str] = MINE) -> list[str]:
    return [file["id"] for file in told(client.get(f"/v2/files{query}", headers=headers))["data"]]


def test_metadata_are_all_but_the_bytes(client: FlaskClient) -> None:
    file_id = upload(client, headers=MINE | {"X-Hy-Filename": "a/b.pdf"})["id"]
    body = told(client.get(f"/v2/files/{file_id}/metadata", headers=MINE))
    assert body == {
        "id": file_id,
        "name": "b.pdf",
        "mediaType": "application/pdf",
        "size": len(ONE),
        "sha256": SHA,
        "createdAt": "2026-03-01T08:15:01.000Z",
        "createdBy": "tester",
    }


def test_the_number_is_shown_to_whoever_asks_for_it(client: FlaskClient) -> None:
    file_id = upload(client)["id"]
    assert told(client.get(f"/v2/files/{file_id}/metadata?include=number", headers=MINE))["number"] == 1
    assert told(client.get("/v2/files?include=number", headers=MINE))["data"][0]["number"] == 1
    assert "number" not in told(client.get("/v2/files", headers=MINE))["data"][0]


def test_metadata_of_unknown_malformed_and_foreign_ids_are_the_same_404(client: FlaskClient) -> None:
    file_id, theirs = upload(client)["id"], authorization(OTHER_COMPANY)
    answers = [client.get(f"/v2/files/{one}/metadata", headers=theirs) for one in (file_id, new_uuid(), "x")]
    answers.append(client.get(f"/v2/files/{file_id}/metadata", headers=LIMITED))
    assert {(answer.status_code, answer.data) for answer in answers} == {(404, answers[0].data)}


def test_every_upload_gets_an_id_of_its_own_and_is_told_the_oldest_with_its_bytes(client: FlaskClient) -> None:
    first, other, second, third = upload(client), upload(client, OTHER), upload(client), upload(client)
    assert len({one["id"] for one in (first, other, second, third)}) == 4
    assert [one.get("duplicateOf") for one in (first, other, second, third)] == [None, None, first["id"], first["id"]]
    known = [told(client.get(f"/v2/files/{one['id']}/metadata", headers=MINE)) for one in (first, other, third)]
    assert [one.get("duplicateOf") for one in known] == [None, None, first["id"]]
    listed = told(client.get("/v2/files", headers=MINE))["data"]
    assert [one.get("duplicateOf") for one in listed] == [first["id"], first["id"], None, None]


def test_another_company_and_whoever_sees_his_own_alone_learn_of_no_others_bytes(client: FlaskClient) -> None:
    upload(client)
    assert list(upload(client, headers=authorization(OTHER_COMPANY))) == ["id"]
    first = upload(client, headers=LIMITED)
    assert list(first) == ["id"]
    assert upload(client, headers=LIMITED)["duplicateOf"] == first["id"]
    assert "duplicateOf" not in told(client.get(f"/v2/files/{first['id']}/metadata", headers=LIMITED))
    assert ids(client, f"?sha256={SHA}", LIMITED) == ids(client, headers=LIMITED)[::-1]
    assert len(ids(client, headers=LIMITED)) == 2
    assert len(ids(client)) == 3


def test_a_repeated_upload_is_told_the_same(client: FlaskClient) -> None:
    first, keyed = upload(client), MINE | {"Idempotency-Key": "k-1"}
    assert upload(client, headers=keyed) == upload(client, headers=keyed)
    assert upload(client, headers=keyed)["duplicateOf"] == first["id"]


def test_nothing_is_kept_when_nobody_can_tell_of_what_it_is_a_duplicate(
    client: FlaskClient, files: MemoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("Away.")

    monkeypatch.setattr(files, "oldest", away)
    assert client.post("/v2/files", data=ONE, headers=MINE).status_code == 503
    assert files.files == {}


def test_lists_are_newest_first_and_come_in_parts(client: FlaskClient) -> None:
    made = [upload(client, OTHER)["id"] for _ in range(5)][::-1]
    assert ids(client) == made
    assert ids(client, "?limit=2&offset=1") == made[1:3]
    body = told(client.get("/v2/files?limit=2", headers=MINE))
    assert (body["totalCount"], body["limit"], body["offset"]) == (5, 2, 0)
    rest = told(client.get(f"/v2/files?limit=50&cursor={body['nextCursor']}", headers=MINE))
    assert [file["id"] for file in rest["data"]] == made[2:]
    assert "nextCursor" not in rest
    assert ids(client, headers=authorization(OTHER_COMPANY)) == []


def test_files_are_found_by_hash_oldest_first_and_by_number(client: FlaskClient) -> None:
    first, _, third = upload(client)["id"], upload(client, OTHER)["id"], upload(client)["id"]
    assert ids(client, f"?sha256={SHA}") == ids(client, f"?sha256={SHA.upper()}") == [first, third]
    assert ids(client, f"?sha256={'0' * 64}") == []
    assert ids(client, "?number=3") == [third]
    assert ids(client, f"?number=2&sha256={SHA}") == []
    assert ids(client, "?number=99") == []
    cursor = told(client.get(f"/v2/files?sha256={SHA}&limit=1", headers=MINE))["nextCursor"]
    assert ids(client, f"?sha256={SHA}&cursor={cursor}") == [third]
    assert client.get(f"/v2/files?cursor={cursor}", headers=MINE).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "sha256=",
        "sha256=abc",
        f"sha256={'g' * 64}",
        f"sha256={'0' * 64}%0A",
        f"sha256={'0' * 64}&sha256={'1' * 64}",
        "number=0",
        "number=x",
        "include=bytes",
        "name=a",
        "limit=-1",
        "cursor=x",
    ],
)
def test_what_is_no_query_is_refused_by_name(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v2/files?{query}", headers=MINE)
    assert (answer.status_code, json.loads(answer.data)["code"]) == (400, "bad_request")
    assert query.partition("=")[0] in json.loads(answer.data)["detail"]
