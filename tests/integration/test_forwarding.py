"""The gateway over real sockets: what it lets through and what not, what services and clients see of each other."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator

import pytest

from shared.scopes import SCOPES
from tests.support import eventually
from tests.support.gateways import Gateway, assert_problem
from tests.support.tokens import authorization, sign
from tests.support.upstreams import Exchange

MEGABYTE = 1_000_000
OURS = {"x-forwarded-for", "x-request-id"}


def test_an_upload_streams_through_with_its_length(gateway: Gateway) -> None:
    first, rest = b"a" * MEGABYTE, b"b" * MEGABYTE
    arrived = threading.Event()

    def act(exchange: Exchange) -> None:
        body = exchange.rfile.read(MEGABYTE // 2)
        arrived.set()
        exchange.take(body + exchange.rfile.read(2 * MEGABYTE - len(body)))
        exchange.give(201, b'{"id": "1"}', {"Content-Type": "application/json", "X-Hy-Thing": "kept"})

    def body() -> Iterator[bytes]:
        yield first
        assert arrived.wait(10), "the first half is held back until the second has come"
        yield rest

    gateway.files.act = act
    headers = {**authorization(), "Content-Type": "application/pdf", "Content-Length": str(2 * MEGABYTE)}
    answer = gateway.ask("POST", "/v2/files", {**headers, "X-Hy-Filename": "R\xe9sum\xe9.pdf"}, body())
    assert (answer.status, answer.body, answer.headers["X-Hy-Thing"]) == (201, b'{"id": "1"}', "kept")
    (seen,) = gateway.files.seen
    assert seen.headers["content-length"] == str(2 * MEGABYTE)
    assert seen.headers["x-hy-filename"] == "R\xe9sum\xe9.pdf"
    assert hashlib.sha256(seen.body).digest() == hashlib.sha256(first + rest).digest()


def test_a_chunked_upload_arrives_chunked(gateway: Gateway) -> None:
    pieces = [b"x" * 100_000, b"y", b"z" * 70_000]
    assert gateway.ask("POST", "/v2/files", authorization(), iter(pieces)).status == 200
    (seen,) = gateway.files.seen
    assert seen.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in seen.headers
    assert seen.body == b"".join(pieces)


def test_a_download_streams_through(gateway: Gateway) -> None:
    received = threading.Event()

    def act(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Length", str(2 * MEGABYTE))
        exchange.end_headers()
        exchange.wfile.write(b"a" * MEGABYTE)
        assert received.wait(10), "the first half is held back until the second has come"
        exchange.wfile.write(b"b" * MEGABYTE)

    gateway.files.act = act
    connection = gateway.connect()
    connection.request("GET", "/v2/files/1", headers=authorization())
    answer = connection.getresponse()
    assert answer.getheader("Content-Length") == str(2 * MEGABYTE)
    start = answer.read(MEGABYTE // 2)
    received.set()
    assert start + answer.read() == b"a" * MEGABYTE + b"b" * MEGABYTE
    connection.close()


def test_a_chunked_answer_comes_through_whole(gateway: Gateway) -> None:
    def act(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Transfer-Encoding", "chunked")
        exchange.end_headers()
        exchange.wfile.write(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")

    gateway.files.act = act
    answer = gateway.ask("GET", "/v2/files/1", authorization())
    assert (answer.body, answer.headers["Transfer-Encoding"]) == (b"hello world", "chunked")


def test_an_old_client_gets_an_answer_that_it_can_read(gateway: Gateway) -> None:
    def act(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Transfer-Encoding", "chunked")
        exchange.end_headers()
        exchange.wfile.write(b"5\r\nhello\r\n0\r\n\r\n")

    gateway.files.act = act
    answer = gateway.ask_raw(f"GET /v2/files/1 HTTP/1.0\r\nAuthorization: Bearer {sign()}\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 200 OK" in head
    assert b"chunked" not in head.lower()
    assert body == b"hello"


def test_connections_to_a_service_are_kept_whatever_the_answer(gateway: Gateway) -> None:
    before = len(gateway.files.connections)

    def act(exchange: Exchange) -> None:
        exchange.take()
        exchange.give(202 if exchange.command == "POST" else 200, b"12345" if exchange.command != "POST" else b"")

    gateway.files.act = act
    answers = [
        gateway.ask(method, path, authorization())
        for method, path in (
            ("GET", "/v2/files/1"),
            ("HEAD", "/v2/files/1"),
            ("POST", "/v2/files"),
            ("GET", "/v2/files/1"),
        )
    ]
    assert [(answer.status, answer.headers["Content-Length"]) for answer in answers] == [
        (200, "5"),
        (200, "5"),
        (202, "0"),
        (200, "5"),
    ]
    assert answers[1].body == b""
    assert len(gateway.files.connections) - before <= 1


def test_what_a_client_must_not_say_does_not_arrive(gateway: Gateway) -> None:
    hostile = {
        "Host": "evil.example", "Forwarded": "for=1.1.1.1", "X-Forwarded-For": "1.1.1.1", "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Port": "1", "X-Forwarded-Client-Cert": "c",
        "X-Real-IP": "1.1.1.1", "X-Request-User": "root", "X-SSL-Client-Verify": "SUCCESS", "X-Forwarded-Prefix": "/v3",
        "X-Paperlane-Client": "root", "X-Paperlane-Plan": "local",
        "Connection": "keep-alive, X-Secret, X-Request-Id",
        "X-Secret": "s", "Keep-Alive": "timeout=5", "TE": "trailers", "Trailer": "X", "Upgrade": "h2c",
        "Proxy-Authorization": "Basic eA==", "Proxy-Connection": "keep-alive", "Expect": "100-continue",
    }  # fmt: skip
    good = {"Accept": "*/*", "User-Agent": "Ü".encode().decode("latin-1"), "Tracestate": "a=b"}
    assert gateway.ask("GET", "/v2/files/1?a=%20b&c=+d", {**hostile, **good, **authorization()}).status == 200
    (seen,) = gateway.files.seen
    assert seen.target == "/v2/files/1?a=%20b&c=+d"
    request_id = seen.headers.pop("x-request-id")
    assert request_id
    assert seen.headers.pop("traceparent")
    assert seen.headers.pop("authorization").startswith("Bearer ")
    assert seen.headers == {
        "host": f"127.0.0.1:{gateway.files.port}",
        "accept-encoding": "identity",
        **{name.lower(): value for name, value in good.items()},
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "api.paperlane.test",
    }


def test_the_service_gets_a_span_in_the_clients_trace(gateway: Gateway) -> None:
    theirs = f"00-{'a' * 32}-{'b' * 16}-01"
    answer = gateway.ask("GET", "/v2/files/1", {**authorization(), "Traceparent": theirs})
    ours = answer.headers["Traceparent"]
    assert re.fullmatch(f"00-{'a' * 32}-[0-9a-f]{{16}}-01", ours)
    assert ours != theirs
    assert gateway.files.seen[0].headers["traceparent"] == ours
    fresh = gateway.ask("GET", "/v2/nowhere", {"Traceparent": "nonsense"}).headers["Traceparent"]
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-00", fresh)


def test_headers_with_an_underscore_are_dropped(gateway: Gateway) -> None:
    """They would read like those with a dash, or like what only a server may say (SCRIPT_NAME)."""
    hostile = {"SCRIPT_NAME": "/v3", "PATH_INFO": "/v3", "X_Forwarded_For": "1.1.1.1", "X_Request_Id": "mine"}
    answer = gateway.ask("GET", "/v2/files/1", {**hostile, **authorization()})
    assert (answer.status, len(answer.headers["X-Request-Id"])) == (200, 36)
    (seen,) = gateway.files.seen
    assert not {name.lower().replace("_", "-") for name in hostile} & seen.headers.keys() - OURS
    assert seen.headers["x-forwarded-for"] == "127.0.0.1"


def test_what_a_service_says_to_the_gateway_alone_does_not_come_out(gateway: Gateway) -> None:
    def act(exchange: Exchange) -> None:
        exchange.take()
        exchange.give(
            200, b"ok", {"Connection": "X-Inner", "X-Inner": "1", "Keep-Alive": "timeout=9", "Set-Thing": "kept"}
        )

    gateway.files.act = act
    answer = gateway.ask("GET", "/v2/files/1", authorization())
    assert {"X-Inner", "Keep-Alive"}.isdisjoint(answer.headers)
    assert answer.headers["Set-Thing"] == "kept"
    assert len(answer.headers.get_all("Date", [])) == len(answer.headers.get_all("Server", [])) == 1
    assert answer.headers["Server"] == "gunicorn"


@pytest.mark.parametrize(
    "target",
    [
        "/v2/files/../documents", "/v2/files/%2e%2e/documents", "/v2/files/.%2E/x", "/v2/./files", "//v2/files",
        "/v2//files", "/v2/files/1;a=b", "/v2/files/1%3Ba", "/v2/files/1%00", "/v2/files/1%0d%0aX:%20y",
        "/v2/files/a%2Fb", "/v2/files/a%5Cb", "/v2/files/a\\b", "/v2/files/%", "/v2/files/%zz", "/v2/files/1#x",
        "/v2/files/a b", "/v2/files/\xe9", "*", "v2/files/1", "http://evil.example/v2/files/1", "http:/v2/files/1",
        "/internal/trust", "/v2/files/1/", "/V2/files/1", "/health/live", "/v2/files/1?a#b",
    ],
)  # fmt: skip
def test_paths_that_can_be_read_in_two_ways_go_nowhere(gateway: Gateway, target: str) -> None:
    request = f"GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sign()}\r\nConnection: close\r\n\r\n"
    head, _, body = gateway.ask_raw(request.encode("latin-1")).partition(b"\r\n\r\n")
    assert re.match(rb"HTTP/1.1 (400|404) ", head), head
    assert b"Content-Type: application/problem+json" in head
    assert json.loads(body)["status"] in (400, 404)
    assert not gateway.files.seen + gateway.documents.seen + gateway.auth.seen


def test_a_refused_head_has_no_body(gateway: Gateway) -> None:
    head, _, body = gateway.ask_raw(b"HEAD /v2/nothing HTTP/1.1\r\nHost: x\r\n\r\n").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 ")
    assert not body


def test_an_encoded_letter_is_that_letter(gateway: Gateway) -> None:
    assert gateway.ask("GET", "/v2/%66iles/%41%c3%a9", authorization()).status == 200
    assert gateway.files.seen[0].target == "/v2/files/A%C3%A9"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v2/files/1", "DELETE, GET, HEAD"),
        ("DELETE", "/v2/files", "GET, HEAD, POST"),
        ("TRACE", "/v2/files/1", "DELETE, GET, HEAD"),
    ],
)
def test_a_method_that_the_path_has_not_is_refused_with_those_it_has(
    gateway: Gateway, method: str, path: str, allowed: str
) -> None:
    answer = gateway.ask(method, path, authorization())
    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == allowed


def test_the_token_endpoint_has_two_names_and_takes_other_credentials(gateway: Gateway) -> None:
    form = {"Authorization": "Basic eDp5", "Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/v2/auth/token", "/auth/token"):
        assert gateway.ask("POST", path, form, b"grant_type=client_credentials").status == 200
    assert [(seen.target, seen.headers["authorization"]) for seen in gateway.auth.seen] == [
        ("/v2/auth/token", "Basic eDp5")
    ] * 2


def test_who_may_not_is_turned_away_before_the_service_hears_of_it(gateway: Gateway) -> None:
    nobody = gateway.ask("POST", "/v2/files", body=b"x")
    assert_problem(nobody, 401, "authentication_failed")
    assert nobody.headers["WWW-Authenticate"] == 'Bearer realm="paperlane"'
    stranger = gateway.ask("POST", "/v2/files", {"Authorization": "Bearer abc"}, b"x")
    assert_problem(stranger, 401, "authentication_failed")
    assert stranger.headers["WWW-Authenticate"].startswith('Bearer realm="paperlane", error="invalid_token"')
    reader = gateway.ask("POST", "/v2/files", authorization(scopes=frozenset(SCOPES) - {"files.write"}), b"x")
    assert_problem(reader, 403, "access_forbidden")
    assert reader.headers["WWW-Authenticate"] == (
        'Bearer realm="paperlane", error="insufficient_scope", scope="files.write"'
    )
    assert not gateway.files.seen


def test_forty_megabytes_pass_and_not_a_byte_more(gateway: Gateway) -> None:
    assert gateway.ask("POST", "/v2/files", authorization(), bytes(40 * MEGABYTE)).status == 200
    assert len(gateway.files.seen.pop().body) == 40 * MEGABYTE
    assert_problem(
        gateway.ask("POST", "/v2/files", authorization(), bytes(40 * MEGABYTE + 1)), 413, "payload_too_large"
    )
    declared = {**authorization(), "Content-Length": str(MEGABYTE + 1)}
    refused = gateway.ask("POST", "/v2/documents/process-file", declared, [])
    assert_problem(refused, 413, "payload_too_large")
    assert not gateway.files.seen + gateway.documents.seen


def test_a_chunked_body_is_counted_and_cut(gateway: Gateway) -> None:
    pieces = (b"x" * 100_000 for _ in range(11))
    answer = gateway.ask("POST", "/v2/documents/process-file", authorization(), pieces)
    assert_problem(answer, 413, "payload_too_large")
    assert not gateway.documents.seen


def test_a_client_that_breaks_off_leaves_no_shorter_upload(gateway: Gateway) -> None:
    lengths = []
    gateway.files.act = lambda exchange: lengths.append(len(exchange.rfile.read(MEGABYTE)))
    head = f"POST /v2/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sign()}\r\nContent-Length: {MEGABYTE}\r\n\r\n"
    answer = gateway.ask_raw(head.encode() + bytes(1000))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert eventually(lambda: lengths)[0] < MEGABYTE


def test_malformed_chunks_are_the_clients_fault(gateway: Gateway) -> None:
    head = f"POST /v2/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sign()}\r\nTransfer-Encoding: "
    for coding, body in (("chunked", b"5\r\nhello\r\nnonsense\r\n"), ("gzip, chunked", b"0\r\n\r\n"), ("gzip", b"")):
        answer = gateway.ask_raw(f"{head}{coding}\r\n\r\n".encode() + body)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b'"bad_request"' in answer
    assert not gateway.files.seen
