"""A request can be followed, and nobody writes into our logs by its headers (S-45)."""

from __future__ import annotations

import json
import re
import secrets

import pytest

from tests.support import eventually
from tests.support.lane import Lane
from tests.support.oauth import Actor, send
from tests.support.samples import BUNDLE
from tests.support.stack import Stack

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
TRACE = "00-{}-00f067aa0ba902b7-01"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


@pytest.mark.parametrize("sent", ["a", "from-the-client.1", "A_z.9-" * 10, "x" * 64])
def test_s45_a_request_id_is_kept(url: str, own: Actor, sent: str) -> None:
    for path in ("/v2/documents", "/nowhere", "/.well-known/jwks.json"):
        answer = send(url, "GET", path, {"Authorization": f"Bearer {own.token()}", "X-Request-Id": sent})
        assert answer.headers.get_all("X-Request-Id") == [sent]


@pytest.mark.parametrize(
    "sent", ["", "x" * 65, "a b", "a/b", "é", 'a"b', "{}", "a,b", "a\tb", "$(id)", "<script>", "a;b"]
)
def test_s45_what_could_do_harm_is_replaced(url: str, own: Actor, sent: str) -> None:
    answer = send(url, "GET", "/v2/documents", {"Authorization": f"Bearer {own.token()}", "X-Request-Id": sent})
    shown = answer.headers.get_all("X-Request-Id") or []
    assert len(shown) == 1
    assert shown[0] != sent
    assert answer.status == 400 or UUID.match(shown[0])


def test_s45_lines_cannot_be_forged(stack: Stack, own: Actor) -> None:
    """Whatever a header, path or body holds, every line of the logs stays one JSON object without control bytes."""
    mark = secrets.token_hex(6)
    evil = f'{mark}\x1b[2J%0d%0a{{"event":"forged"}}'
    for name in ("X-Request-Id", "Traceparent", "User-Agent", "Idempotency-Key", "X-Hy-Filename", "Accept"):
        send(own.base_url, "GET", f"/v2/documents/{mark}%1b", {"Authorization": f"Bearer {own.token()}", name: evil})
    send(own.base_url, "POST", "/v2/auth/token", {"Authorization": f"Basic {evil}"}, evil.encode())
    for part in ("gateway", "auth", "documents"):
        for line in stack.home.log(part).read_text(errors="replace").splitlines():
            assert "\x1b" not in line
            assert isinstance(json.loads(line), dict), line


def test_s45_a_request_is_followed_through_the_queues(stack: Stack, lane: Lane) -> None:
    trace, request = secrets.token_hex(16), f"followed-{secrets.token_hex(6)}"
    headers = {"X-Request-Id": request, "Traceparent": TRACE.format(trace)}
    file = lane.client.upload(SAMPLE, "a.pdf", "application/pdf")
    order = {"fileId": file, "projectId": lane.local["project_id"]}
    answer = lane.client.request("POST", "/v2/documents/process-file", headers, json=order)
    shown = answer.headers["Traceparent"]
    assert shown[3:35] == trace
    assert shown[36:52] != "00f067aa0ba902b7", "a span of our own"
    lane.await_final(answer.json()["documentId"])

    def logged(part: str) -> bool:
        lines = [json.loads(line) for line in stack.home.log_tail(part, 200)]
        return any(request in line.values() and trace in line.values() for line in lines)

    for part in ("gateway", "documents", "extraction", "documents-worker"):
        eventually(lambda part=part: logged(part), seconds=5, every=0.1)  # type: ignore[misc]


@pytest.mark.parametrize(
    "sent",
    ["", "garbage", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", "ff-" + "a" * 32 + "-00f067aa0ba902b7-01",
     "00-" + "A" * 32 + "-00f067aa0ba902b7-01", "00-" + "a" * 32 + "-" + "0" * 16 + "-01"],
)  # fmt: skip
def test_s45_a_trace_that_is_none_begins_anew(url: str, own: Actor, sent: str) -> None:
    answer = send(url, "GET", "/v2/documents", {"Authorization": f"Bearer {own.token()}", "Traceparent": sent})
    shown = answer.headers["Traceparent"]
    assert re.fullmatch(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", shown)
    assert "a" * 32 not in shown
