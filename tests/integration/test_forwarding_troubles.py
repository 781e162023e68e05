"""The gateway over real sockets when a service behind it is away, slow, broken or restarted; and what operators see."""

import json
import re
import socket
import threading
from http.client import IncompleteRead
from pathlib import Path
from typing import Any

import pytest

from gateway.forward.upstream import Request, Upstream
from shared.errors import Unavailable
from tests.support import eventually
from tests.support.gateways import SILENT_SECONDS, Gateway, assert_problem
from tests.support.tokens import authorization
from tests.support.upstreams import Exchange, Service, take_and_give

MEGABYTE = 1_000_000


def restart(service: Service) -> Service:
    """The service dies with all its connections; another takes its port."""
    service.stop()
    return Service(port=service.port)


def test_a_refusal_comes_through_though_the_body_was_not_read(gateway: Gateway) -> None:
    def act(exchange: Exchange) -> None:
        exchange.give(400, b'{"code": "unsupported"}', {"Connection": "close"})

    gateway.files.act = act
    answer = gateway.ask("POST", "/v2/files", authorization(), bytes(10 * MEGABYTE))
    assert (answer.status, answer.body) == (400, b'{"code": "unsupported"}')


def test_a_service_that_is_away_is_announced_and_welcome_back(gateway: Gateway) -> None:
    gateway.documents.stop()
    answer = gateway.ask("GET", "/v2/documents", authorization())
    assert_problem(answer, 503, "service_unavailable")
    assert answer.headers["Retry-After"].isdigit()
    gateway.documents = Service(port=gateway.documents.port)
    assert gateway.ask("GET", "/v2/documents", authorization()).status == 200


def test_a_service_whose_host_takes_no_connection_is_away(gateway: Gateway) -> None:
    gateway.documents.stop()
    with socket.create_server(("127.0.0.1", gateway.documents.port), backlog=0) as full:
        waiting = [socket.socket() for _ in range(3)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        answer = gateway.ask("GET", "/v2/documents", authorization())
        for client in waiting:
            client.close()
    gateway.documents = Service(port=gateway.documents.port)
    assert_problem(answer, 503, "service_unavailable")
    assert answer.headers["Retry-After"].isdigit()


def test_a_silent_service_is_too_slow(gateway: Gateway) -> None:
    asked_enough = threading.Event()

    def act(exchange: Exchange) -> None:
        exchange.take()
        asked_enough.wait(10)
        exchange.break_off()

    gateway.documents.act = act
    for method, path in (("GET", "/v2/documents"), ("POST", "/v2/documents/process-file")):
        assert_problem(gateway.ask(method, path, authorization()), 504, "gateway_timeout")
    asked_enough.set()
    assert len(gateway.documents.seen) == 2


@pytest.mark.parametrize(
    "garbage",
    [
        b"hello\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"",
    ],
)
def test_a_broken_answer_is_a_bad_gateway(gateway: Gateway, garbage: bytes) -> None:
    def act(exchange: Exchange) -> None:
        exchange.take()
        exchange.wfile.write(garbage)
        exchange.break_off()

    gateway.documents.act = act
    assert_problem(gateway.ask("POST", "/v2/documents/process-file", authorization(), b"{}"), 502, "bad_gateway")
    assert len(gateway.documents.seen) == 1


def test_an_answer_that_breaks_late_does_not_look_whole(gateway: Gateway) -> None:
    def act(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Length", str(2 * MEGABYTE))
        exchange.end_headers()
        exchange.wfile.write(bytes(MEGABYTE))
        exchange.break_off()

    gateway.files.act = act
    with pytest.raises((IncompleteRead, ConnectionError)):
        gateway.ask("GET", "/v2/files/1", authorization())
    gateway.files.act = take_and_give
    assert gateway.ask("GET", "/v2/files/1", authorization()).status == 200


def test_a_restart_of_a_service_does_not_show(gateway: Gateway) -> None:
    for method, path, body in (("GET", "/v2/files/1", None), ("POST", "/v2/files", b"x"), ("POST", "/v2/files", None)):
        assert gateway.ask("GET", "/v2/files/1", authorization()).status == 200
        gateway.files = restart(gateway.files)
        assert gateway.ask(method, path, authorization(), body).status == 200


def test_a_connection_that_was_idle_for_long_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service()
    upstream = Upstream("files", service.url, SILENT_SECONDS)
    for idle_seconds, connections in ((60, 1), (60, 1), (0, 2)):
        monkeypatch.setattr("gateway.forward.upstream.IDLE_SECONDS", idle_seconds)
        assert b"".join(upstream.send(Request("GET", "/", {}, None)).pieces) == b'{"ok": true}'
        assert len(service.connections) == connections
    service.stop()
    with pytest.raises(Unavailable):
        upstream.send(Request("GET", "/", {}, None))


def test_only_what_does_no_harm_is_sent_twice(gateway: Gateway) -> None:
    """The kept-alive connection dies with the request on it: nobody knows whether the service has acted."""
    assert gateway.ask("GET", "/v2/files/1", authorization()).status == 200

    def act(exchange: Exchange) -> None:
        exchange.take()
        exchange.break_off()
        gateway.files.act = take_and_give

    gateway.files.act = act
    gateway.files.seen.clear()
    assert gateway.ask("GET", "/v2/files/1", authorization()).status == 200
    assert len(gateway.files.seen) == 2
    gateway.files.act = act
    gateway.files.seen.clear()
    assert_problem(gateway.ask("POST", "/v2/files", authorization(), b"x"), 502, "bad_gateway")
    assert len(gateway.files.seen) == 1


def test_a_request_id_that_is_harmless_is_kept_and_any_other_replaced(gateway: Gateway) -> None:
    given = {"X-Request-Id": "order-17_a.b"}
    for path, headers in (("/v2/files/1", authorization()), ("/v2/files/1", {}), ("/v2/openapi.json", {})):
        assert gateway.ask("GET", path, {**headers, **given}).headers["X-Request-Id"] == "order-17_a.b"
    for bad in ("a b", "x" * 65, "a;[31m", "ü"):
        chosen = gateway.ask("GET", "/v2/files/1", {**authorization(), "X-Request-Id": bad}).headers["X-Request-Id"]
        assert re.fullmatch(r"[0-9a-f-]{36}", chosen)
    assert gateway.files.seen[0].headers["x-request-id"] == "order-17_a.b"
    assert gateway.files.seen[-1].headers["x-request-id"] == chosen


def test_the_document_is_served_to_anybody(gateway: Gateway) -> None:
    answer = gateway.ask("GET", "/v2/openapi.json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.body == (Path(__file__).parents[2] / "gateway/openapi.json").read_bytes()


def test_every_request_leaves_a_line_and_a_measure(gateway: Gateway) -> None:
    gateway.ask("GET", "/v2/files/abc", {**authorization(), "X-Request-Id": "look-for-me"})
    gateway.ask("INVENTED", "/nowhere/at/all", {"X-Request-Id": "look-for-me-too"})

    def logged() -> dict[str, Any]:
        lines = [json.loads(line) for line in gateway.log.read_text().splitlines()]
        return {line["request_id"]: line for line in lines if line.get("request_id", "").startswith("look-for-me")}

    eventually(lambda: len(logged()) == 2)  # a line is written once the answer is out
    found = logged()
    assert (found["look-for-me"]["route"], found["look-for-me"]["status"]) == ("/v2/files/{file_id}", 200)
    assert (found["look-for-me-too"]["route"], found["look-for-me-too"]["status"]) == ("-", 404)
    metrics = gateway.ops("/metrics").body.decode()
    assert (
        'paperlane_http_seconds_count{method="GET",route="/v2/files/{file_id}",service="gateway",status="200"}'
        in metrics
    )
    assert "INVENTED" not in metrics


def test_ready_says_which_service_cannot_be_reached(gateway: Gateway) -> None:
    gateway.documents.stop()
    down = eventually(lambda: (answer := gateway.ops("/health/ready")).status == 503 and answer)
    works = {"trust": True, "auth": True, "files": True, "limits": True}
    assert json.loads(down.body)["parts"] == {**works, "documents": False}
    assert gateway.ops("/health/live").status == 200
    gateway.documents = Service(port=gateway.documents.port)
    eventually(lambda: gateway.ops("/health/ready").status == 200)
