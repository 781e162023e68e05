"""What is turned down: every refusal is JSON with a stable code, and the lane goes on with the next document."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.lane import Lane
from tests.support.samples import BUNDLE, blank, broken, encrypted, not_a_pdf

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
NOBODY, NO_FILE = "0" * 24, "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def http(lane: Lane) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=lane.local["base_url"], trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def authorized(lane: Lane) -> dict[str, str]:
    return {"Authorization": f"Bearer {lane.client.token()}"}


def expect(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.headers["Content-Type"].split(";")[0].endswith("json"), answer.text
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    assert body["title"]
    assert body["detail"]


@pytest.mark.parametrize("path", ["/v2/documents", f"/v2/files/{NO_FILE}", f"/v2/documents/{NOBODY}/states"])
@pytest.mark.parametrize("token", [None, "Bearer nonsense", "Bearer a.b.c", "Basic abc"])
def test_who_has_no_good_token_is_refused(http: httpx.Client, path: str, token: str | None) -> None:
    answer = http.get(path, headers={"Authorization": token} if token else {})
    expect(answer, 401, "authentication_failed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_who_lacks_the_scope_is_refused(http: httpx.Client, lane: Lane) -> None:
    grant = {"grant_type": "client_credentials", "scope": "files.read"}
    token = http.post("/v2/auth/token", data=grant, auth=(lane.local["client_id"], lane.local["client_secret"])).json()
    assert token["scope"] == "files.read"
    answer = http.get("/v2/documents", headers={"Authorization": f"Bearer {token['access_token']}"})
    expect(answer, 403, "access_forbidden")
    assert 'scope="documents.read"' in answer.headers["WWW-Authenticate"]


def test_another_company_sees_what_a_random_id_shows(lane: Lane, stranger: Lane, http: httpx.Client) -> None:
    document = lane.process(SAMPLE)
    headers = {"Authorization": f"Bearer {stranger.client.token()}", "Content-Type": "application/json"}

    def tried(document_id: str, file_id: str, project_id: str) -> list[tuple[int, bytes]]:
        path = f"/v2/documents/{document_id}"
        order = {"fileId": file_id, "projectId": project_id}
        answers = [
            http.get(path, headers=headers),
            http.get(f"{path}/states", headers=headers),
            http.post(f"{path}/transfer", headers=headers, json={"successful": True}),
            http.post(f"{path}/reject", headers=headers, json={}),
            http.post(f"{path}/external-data", headers=headers, json={"a": 1}),
            http.post(f"{path}/title", headers=headers | {"Content-Type": "text/plain"}, content=b"mine"),
            http.post(f"{path}/external-id", headers=headers | {"Content-Type": "text/plain"}, content=b"mine"),
            http.get(f"/v2/files/{file_id}", headers=headers),
            http.get(f"/v2/projects/{project_id}", headers=headers),
            http.post("/v2/documents/process-file", headers=headers, json=order),
        ]
        return [(answer.status_code, answer.content) for answer in answers]

    foreign = tried(document["id"], document["fileId"], document["projectId"])
    assert foreign == tried(NOBODY, NO_FILE, NOBODY)
    assert {status for status, _ in foreign} == {404}
    assert stranger.get("/v2/documents")["data"] == []
    assert lane.client.document(document["id"])["state"] == "doneAutomatically"


def test_unknown_files_and_projects_are_not_found(lane: Lane, http: httpx.Client, authorized: dict[str, str]) -> None:
    file_id = lane.client.upload(SAMPLE, "a.pdf", "application/pdf")
    project_id = lane.local["project_id"]
    for order in ((NO_FILE, project_id), ("x", project_id), (file_id, NOBODY), (file_id, "x")):
        body = dict(zip(("fileId", "projectId"), order, strict=True))
        expect(http.post("/v2/documents/process-file", headers=authorized, json=body), 404, "not_found")


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"", "application/pdf", 400, "empty_file"),
        (SAMPLE, "text/html", 400, "unsupported_content_type"),
        (SAMPLE, "image/png", 400, "content_type_mismatch"),
        (not_a_pdf(), "application/pdf", 400, "content_type_mismatch"),
        (b"MZ" + bytes(100), "application/octet-stream", 400, "unsupported_content_type"),
        (SAMPLE + bytes(41_000_000), "application/pdf", 413, "payload_too_large"),
    ],
    ids=["empty", "declared html", "declared png", "none inside", "a program", "41 MB"],
)
def test_files_that_are_not_taken(
    http: httpx.Client, authorized: dict[str, str], content: bytes, media_type: str, status: int, code: str
) -> None:
    expect(http.post("/v2/files", headers=authorized | {"Content-Type": media_type}, content=content), status, code)


def test_a_stream_without_a_length_is_cut_at_the_limit(http: httpx.Client, authorized: dict[str, str]) -> None:
    chunks = itertools.chain([SAMPLE], (bytes(1_000_000) for _ in range(41)))
    answer = http.post("/v2/files", headers=authorized | {"Content-Type": "application/pdf"}, content=chunks)
    expect(answer, 413, "payload_too_large")


@pytest.mark.parametrize(
    ("content", "state", "code"),
    [(encrypted(SAMPLE), "failed", "encrypted"), (broken(SAMPLE), "failed", "unreadable"), (blank(), "junk", "blank")],
    ids=["encrypted", "broken", "blank"],
)
def test_what_cannot_be_read_says_why_and_the_next_document_is_read(
    lane: Lane, content: bytes, state: str, code: str
) -> None:
    refused, good = lane.submit(content), lane.submit(SAMPLE)
    document = lane.await_final(refused)
    assert (document["state"], document["reason"]["code"]) == (state, code)
    assert document["reason"]["message"]
    assert lane.await_final(good)["state"] == "doneAutomatically"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/nowhere", 404),
        ("DELETE", "/v2/documents", 405),
        ("GET", "/v2/auth/token", 405),
        ("GET", "/internal/trust", 404),
        ("GET", "/v2/documents/%2e%2e/%2e%2e/internal/trust", 404),
        ("GET", "/v2//documents", 404),
    ],
)
def test_what_is_not_there_is_said_in_json(
    http: httpx.Client, authorized: dict[str, str], method: str, path: str, status: int
) -> None:
    answer = http.request(method, path, headers=authorized)
    assert answer.status_code in (status, 400)
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=x",
        "limit=-1",
        "offset=-1",
        "sort=name",
        "state=lost",
        "projectId=x",
        "nix=1",
        "state[$ne]=new",
        "limit=1_0",
        "fileId=%00",
    ],
)
def test_wrong_filters_are_refused(http: httpx.Client, authorized: dict[str, str], query: str) -> None:
    expect(http.get(f"/v2/documents?{query}", headers=authorized), 400, "bad_request")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("process-file", {}),
        ("process-file", {"fileId": {"$ne": None}, "projectId": NOBODY}),
        ("process-file", {"fileId": NO_FILE, "projectId": NOBODY, "state": "done"}),
        ("{id}/transfer", {"successful": "yes"}),
        ("{id}/transfer", {}),
        ("{id}/external-data", {f"k{n}": n for n in range(21)}),
        ("{id}/external-data", {"a": {"b": 1}}),
        ("{id}/external-data", {"a\x00": 1}),
    ],
)
def test_wrong_bodies_are_refused(
    lane: Lane, http: httpx.Client, authorized: dict[str, str], path: str, body: dict[str, object]
) -> None:
    document_id = lane.get("/v2/documents?limit=1")["data"][0]["id"] if "{id}" in path else ""
    expect(http.post(f"/v2/documents/{path.format(id=document_id)}", headers=authorized, json=body), 400, "bad_request")


def test_clients_that_never_finish_a_body_stop_nobody_else(lane: Lane, http: httpx.Client) -> None:
    address = urlsplit(lane.local["base_url"])
    head = b"POST /v2/auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\ngrant"
    with ExitStack() as closing:
        stalled = [
            closing.enter_context(socket.create_connection((str(address.hostname), int(address.port or 80))))
            for _ in range(20)
        ]
        for client in stalled:
            client.sendall(head)
        grant = {"grant_type": "client_credentials"}
        credentials = (lane.local["client_id"], lane.local["client_secret"])
        assert http.post("/v2/auth/token", data=grant, auth=credentials).status_code == 200
        stalled[0].settimeout(30)
        assert b" 408 " in stalled[0].recv(1_000)
