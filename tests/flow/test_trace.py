"""A client's request id and trace go with its document through every service, its messages and their log lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.flow import Lane
from tests.support.loglines import logged
from tests.support.tokens import authorization

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def messages(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What goes over the broker from now on."""
    sent: list[dict[str, Any]] = []
    send = lane.broker.send

    def remember(exchange: str, key: str, body: bytes) -> None:
        sent.append(json.loads(body))
        send(exchange, key, body)

    monkeypatch.setattr(lane.broker, "send", remember)
    return sent


@pytest.fixture
def lane() -> Lane:
    return Lane()


def test_one_trace_leads_from_the_client_to_the_result(
    lane: Lane, messages: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    lane.submit({"X-Request-Id": "req-1", "Traceparent": PARENT})
    lane.run()
    assert [message["type"] for message in messages] == ["process-document", "document-extracted"]
    assert {message["correlationId"] for message in messages} == {"req-1"}
    parents = [message["traceparent"] for message in messages]
    assert all(parent.startswith(f"00-{TRACE}-") and parent.endswith("-01") for parent in parents)
    assert len({PARENT, *parents}) == 3, "a span of its own for each"
    handled = [line for line in logged(capfd) if line["event"] == "message handled"]
    assert [(line["correlation_id"], line["trace_id"]) for line in handled] == [("req-1", TRACE)] * 2


def test_a_client_without_a_trace_begins_one(lane: Lane, messages: list[dict[str, Any]]) -> None:
    lane.submit()
    lane.run()
    command, fact = (message["traceparent"] for message in messages)
    assert command[:35] == fact[:35]


HARM = [
    "a\r\nSet-Cookie: x=1",
    "\x1b[31mred",
    'a"} {"event": "forged',
    "x" * 65,
    f"{PARENT}\r\nX: y",
    f"{PARENT}\x1b[0m",
]


@pytest.mark.parametrize("name", ["X-Request-Id", "Traceparent"])
@pytest.mark.parametrize("harm", HARM, ids=repr)
def test_nobody_writes_into_log_lines_headers_or_messages(
    lane: Lane, messages: list[dict[str, Any]], capfd: pytest.CaptureFixture[str], name: str, harm: str
) -> None:
    environ = {f"HTTP_{name.upper().replace('-', '_')}": harm}
    path = f"/v2/documents/{lane.submit()}/reject"
    answer = lane.documents.post(path, headers=authorization(), environ_overrides=environ)
    lane.run()
    assert answer.status_code == 202
    told = [*answer.headers.values(), *(json.dumps(message) for message in messages)]
    lines = logged(capfd)
    told += [str(value) for line in lines for value in line.values()]
    assert not [text for text in told if harm in text or "\r" in text or "\n" in text or "\x1b" in text]
    assert "forged" not in [line["event"] for line in lines]
    assert answer.headers["X-Request-Id"] in {line.get("request_id") for line in lines}
