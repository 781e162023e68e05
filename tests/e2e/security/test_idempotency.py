"""A request that is sent again has one effect and one answer (S-44)."""

from __future__ import annotations

import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.support.described import Described, described, json_of
from tests.support.lane import Lane
from tests.support.oauth import Actor, Text, send
from tests.support.samples import BUNDLE

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
SCAN = (BUNDLE / "invoice-scan.pdf").read_bytes()
HEADER = "Idempotency-Key"
POSTS = [route for route in described() if route.method == "POST" and route.scope]
Things = dict[str, str]


@pytest.fixture
def things(lane: Lane, own: Actor) -> Things:
    """What a POST may be about, new for each test."""
    document = lane.process(SAMPLE)
    names = ("document_id", "file_id", "project_id")
    return dict(zip(names, (document["id"], document["fileId"], document["projectId"]), strict=True)) | {
        "case_id": own.made("/v2/cases", {"projectId": document["projectId"]})["id"],
        "client_id": own.new_client().id,
        "other_project_id": own.made("/v2/projects", {"name": "another project"})["id"],
    }


def prepare(route: Described, things: Things, lane: Lane, own: Actor) -> None:
    """Have the document or the case be in a state in which this may be asked of it."""
    document, case = (f"/v2/documents/{things['document_id']}", f"/v2/cases/{things['case_id']}")
    match route.path.rpartition("/")[2]:
        case "cancel":  # reading this takes longer than the next call
            things["document_id"] = lane.submit(SCAN, name="invoice-scan.pdf")
        case "reprocess":
            assert own.call("POST", f"{document}/reject").status_code == 202
        case "process":
            assert own.call("POST", f"{case}/files", json={"fileIds": [things["file_id"]]}).status_code == 200


# What makes it another request, by the last part of the path.
OTHERWISE: dict[str, dict[str, Any]] = {
    "cases": {"name": "other"},
    "files": {"fileIds": ["0"]},
    "process-file": {"fileId": "0"},
    "process-file-batch": {"fileIds": ["0"]},
    "cancel": {"message": "other"},
    "transfer": {"successful": False},
    "reject": {"message": "other"},
    "external-data": {"b": 2},
    "secrets": {"overlapSeconds": 7},
    "import": {"routings": []},
}


def content_of(route: Described, things: Things, changed: bool = False) -> dict[str, Any]:
    """The body of a request, or of another one, as httpx takes it."""
    if route.path == "/v2/uploads":
        return {"headers": {"Upload-Length": "8" if changed else "7"}}
    if route.takes is None:
        return {}
    if route.takes == "application/json":
        otherwise = OTHERWISE.get(route.path.rpartition("/")[2], {"name": "other"})
        return {"json": json_of(route, things) | (otherwise if changed else {})}
    if route.path == "/v2/files":
        return {"content": SAMPLE + (b"\n%" if changed else b""), "headers": {"Content-Type": "application/pdf"}}
    return {"content": b"other" if changed else b"text", "headers": {"Content-Type": "text/plain"}}


def post(actor: Actor, route: Described, things: Things, key: str, changed: bool = False) -> httpx.Response:
    more = content_of(route, things, changed)
    headers = {**more.pop("headers", {}), HEADER: key}
    return actor.call("POST", route.filled(things), headers=headers, **more)


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_s44_every_post_has_one_effect(route: Described, things: Things, lane: Lane, own: Actor) -> None:
    key = secrets.token_hex(16)
    prepare(route, things, lane, own)
    first = post(own, route, things, key)
    assert first.is_success, first.text
    again = [post(own, route, things, key), post(own, route, things, f'"{key}"')]
    assert {(answer.status_code, answer.content) for answer in again} == {(first.status_code, first.content)}
    if route.takes is not None or route.path == "/v2/uploads":
        refused = post(own, route, things, key, changed=True)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused"), refused.text


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_s44_every_post_says_so(route: Described) -> None:
    headers = {each["name"].lower() for each in route.operation.get("parameters", ()) if each["in"] == "header"}
    assert HEADER.lower() in headers
    assert "422" in route.operation["responses"]


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b", "é", '"', '"x', "a\tb", "x\\y"])
def test_s44_malformed_keys_are_refused(own: Actor, key: str) -> None:
    headers: dict[str, Text] = {"Authorization": f"Bearer {own.token()}", "Content-Type": "application/json"}
    answer = send(own.base_url, "POST", "/v2/projects", headers | {HEADER: key}, b'{"name": "x"}')
    assert (answer.status, answer.json()["code"]) == (400, "bad_request"), answer
    assert HEADER in answer.json()["detail"]


def test_s44_keys_belong_to_one_client_and_route(own: Actor, other: Actor) -> None:
    key = secrets.token_hex(16)
    answers = [actor.call("POST", "/v2/projects", json={"name": "x"}, headers={HEADER: key}) for actor in (own, other)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]
    upload = own.call("POST", "/v2/files", content=SAMPLE, headers={"Content-Type": "application/pdf", HEADER: key})
    assert upload.status_code == 201


def test_s44_a_refused_request_may_be_sent_again_with_its_key(lane: Lane, own: Actor) -> None:
    key, project = secrets.token_hex(16), lane.local["project_id"]
    order = {"fileId": "00000000-0000-4000-8000-000000000000", "projectId": project}
    path = "/v2/documents/process-file"
    assert own.call("POST", path, json=order, headers={HEADER: key}).status_code == 404
    order["fileId"] = lane.client.upload(SAMPLE, "a.pdf", "application/pdf")
    assert own.call("POST", path, json=order, headers={HEADER: key}).status_code == 202


def test_s44_fifty_at_once_make_one_document(lane: Lane, own: Actor) -> None:
    file = lane.client.upload(SAMPLE, "a.pdf", "application/pdf")
    order, key = {"fileId": file, "projectId": lane.local["project_id"]}, secrets.token_hex(16)

    def once(_: int) -> tuple[int, str]:
        answer = own.call("POST", "/v2/documents/process-file", json=order, headers={HEADER: key})
        return answer.status_code, answer.json().get("documentId", "")

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(once, range(50)))
    made = [answer for answer in answers if answer[0] == 202]
    assert len(made) == 1
    assert {status for status, _ in answers} <= {202, 409}
    listed = own.call("GET", f"/v2/documents?fileId={file}").json()
    assert [document["id"] for document in listed["data"]] == [made[0][1]]


def test_s44_twenty_uploads_at_once_make_one_file(own: Actor) -> None:
    headers = {"Content-Type": "application/pdf", HEADER: secrets.token_hex(16)}

    def once(_: int) -> tuple[int, str]:
        answer = own.call("POST", "/v2/files", content=SAMPLE, headers=dict(headers))
        return answer.status_code, answer.json().get("id", "")

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(once, range(20)))
    assert len([answer for answer in answers if answer[0] == 201]) == 1
    assert {status for status, _ in answers} <= {201, 409}
