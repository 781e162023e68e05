"""What the gateway answers to whatever is sent: problems and nothing else (S-43), and no way around it (S-47)."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest

from tests.support.oauth import FORM, TOKEN_PATH, Actor, Answer, exchange, send
from tests.support.stack import Stack

# What would help whoever looks for a hole.
TALK = re.compile(rb"Traceback|File \"|werkzeug|gunicorn|flask|mongo|pika|python[ /]|<html|<!doctype", re.IGNORECASE)
MEMBERS = {"title", "detail", "status", "code", "type"}


def expect_problem(answer: Answer, status: int, code: str) -> None:
    """The shape of every refusal (RFC 9457 with the contract's members)."""
    body = answer.json()
    assert (answer.status, body["status"], body["code"]) == (status, status, code), body
    assert set(body) >= MEMBERS
    assert all(isinstance(body[name], str) and body[name] for name in MEMBERS - {"status"}), body
    assert answer.headers["Content-Type"] in ("application/problem+json", "application/json")
    assert not TALK.search(answer.body), body
    assert answer.headers["X-Request-Id"]
    assert not re.search(r"[0-9]", answer.headers["Server"] or "")


DOCUMENT = f"/v2/documents/{'0' * 24}"
JSON = "application/json"


@pytest.mark.parametrize(
    ("method", "path", "content_type", "body", "status", "code"),
    [
        ("GET", "/", None, None, 404, "not_found"),
        ("GET", "/v2", None, None, 404, "not_found"),
        ("GET", "/v2/nothing", None, None, 404, "not_found"),
        ("GET", "/v2/agents", None, None, 501, "not_implemented"),
        ("DELETE", "/v2/documents", None, None, 405, "method_not_allowed"),
        ("OPTIONS", "/v2/documents", None, None, 405, "method_not_allowed"),
        ("TRACE", "/v2/documents", None, None, 405, "method_not_allowed"),
        ("BREW", "/v2/documents", None, None, 405, "method_not_allowed"),
        ("POST", f"{DOCUMENT}/transfer", JSON, b"{", 400, "bad_request"),
        ("POST", f"{DOCUMENT}/transfer", JSON, b"\xff\xfe", 400, "bad_request"),
        ("POST", f"{DOCUMENT}/transfer", JSON, b"[" * 100_000, 400, "bad_request"),
        ("POST", f"{DOCUMENT}/transfer", JSON, b'{"successful": NaN}', 400, "bad_request"),
        ("POST", f"{DOCUMENT}/transfer", JSON, b'{"successful": true, "successful": false}', 400, "bad_request"),
        ("POST", f"{DOCUMENT}/transfer", JSON, b'{"successful": true}', 404, "not_found"),
        ("POST", f"{DOCUMENT}/transfer", "text/xml", b"<x/>", 400, "bad_request"),
        ("POST", f"{DOCUMENT}/transfer", None, b"{}", 400, "bad_request"),
        ("POST", f"{DOCUMENT}/transfer", JSON, b" " * 1_100_000, 413, "payload_too_large"),
        ("POST", "/v2/projects", FORM, b"name=x", 400, "bad_request"),
        ("GET", DOCUMENT, None, None, 404, "not_found"),
        ("GET", "/v2/documents?limit=x", None, None, 400, "bad_request"),
        ("GET", "/v2/documents?nothing=1", None, None, 400, "bad_request"),
    ],
)
def test_s43_refusals_are_problems(  # noqa: PLR0917
    url: str, own: Actor, method: str, path: str, content_type: str | None, body: bytes | None, status: int, code: str
) -> None:
    headers = {"Authorization": f"Bearer {own.token()}"} | ({"Content-Type": content_type} if content_type else {})
    answer = send(url, method, path, headers, body)
    expect_problem(answer, status, code)
    assert (answer.headers["Allow"] is not None) == (status == 405)


def test_s43_each_code_has_one_type(url: str, own: Actor) -> None:
    headers = {"Authorization": f"Bearer {own.token()}"}
    for path in ("/nowhere", DOCUMENT, "/v2/agents", "/v2/documents?limit=x"):
        body = send(url, "GET", path, headers).json()
        assert body["type"] == f"urn:paperlane:problem:{body['code']}"


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v2/documents HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        b"GET /v2/documents HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
        b"GET /v2/documents HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
        b"GET /v2/documents HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\x1b[31mb\r\n\r\n",
        b"GET /v2/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Basic \x00\r\n\r\n",
        b"GET /v2/documents HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 40_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v2/projects HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v2/projects HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST /v2/projects HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /v2/projects HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v2/projects HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST /v2/projects HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST /v2/auth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ],
    ids=[
        "no HTTP", "no target", "version", "bytes", "no colon", "folded", "space in name", "escape", "NUL",
        "long header", "long target",
        "negative length", "no length", "two lengths", "length and chunks", "gzip", "xchunked", "no chunk",
    ],
)  # fmt: skip
def test_s47_malformed_http_is_refused_in_json(url: str, request_: bytes) -> None:
    answer = exchange(url, request_)
    assert 400 <= answer.status < 500 or answer.status in (501, 505), answer
    assert set(json.loads(answer.body)) >= MEMBERS
    assert not TALK.search(answer.body)


@pytest.mark.parametrize(
    "path",
    [
        "/v2/documents/../../internal/trust", "/v2/documents/%2e%2e/%2e%2e/internal/trust", "//internal/trust",
        "/v2//documents", "/v2/documents;x=1", "/v2/documents/%00", "/v2/%64ocuments/..%2f..%2finternal/trust",
        "/internal/trust", "/%69nternal/trust", "/./internal/trust", "/v2/documents/%2e", "/v2\\documents",
        "/v2/documents%0d%0aX: 1", "/v2/documents/", "/V2/documents", "/v2/documents#x", "/internal%2ftrust",
        "/v2/auth/token/../../../internal/trust", "/v2/documents/%252e%252e/%252e%252e/internal/trust",
    ],
)  # fmt: skip
def test_s47_no_path_leads_around_the_table(url: str, own: Actor, path: str) -> None:
    answer = send(url, "GET", path, {"Authorization": f"Bearer {own.token()}"})
    assert answer.status in (400, 404), answer
    assert set(answer.json()) >= MEMBERS
    assert b'"keys"' not in answer.body


def test_s47_a_path_means_the_same_however_it_is_written(url: str, own: Actor) -> None:
    headers = {"Authorization": f"Bearer {own.token()}"}
    assert send(url, "GET", "/v2/%64ocuments?limit=1", headers).status in (200, 404)
    assert send(url, "GET", "/v2/./documents?limit=1", headers).status in (200, 400, 404)


def test_s47_nobody_is_proxied_elsewhere(url: str, own: Actor, stack: Stack) -> None:
    auth = urlsplit(stack.local["services"]["auth"]["url"]).netloc
    bearer = {"Authorization": f"Bearer {own.token()}"}
    for target in (f"http://{auth}/internal/trust", f"http://{auth}/v2/documents", "http://192.0.2.1/"):
        answer = send(url, "GET", target, bearer)
        assert answer.status in (200, 400, 404)
        assert b'"keys"' not in answer.body
    for host in (auth, "evil.example", "127.0.0.1"):
        assert send(url, "GET", "/internal/trust", {"Host": host, **bearer}).status == 404
        assert send(url, "GET", "/v2/documents", {"Host": host, **bearer}).status == 200
    assert exchange(url, b"CONNECT " + auth.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n").status in (400, 404, 405)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Prefix": "/internal"}, {"X-Original-URL": "/internal/trust"},
        {"X-Rewrite-URL": "/internal/trust"}, {"X-HTTP-Method-Override": "DELETE"}, {"Script-Name": "/v2"},
        {"X-Request-User": "admin"},
        {"X-Forwarded-Client-Cert": "x"}, {"X-SSL-Client-Verify": "SUCCESS"}, {"X-Paperlane-Client": "x"},
        {"Connection": "Authorization"}, {"Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA"},
    ],
    ids=str,
)  # fmt: skip
def test_s47_headers_give_no_power(url: str, own: Actor, headers: dict[str, str]) -> None:
    assert send(url, "GET", "/v2/documents", headers).status == 401
    if "Connection" not in headers:
        assert send(url, "GET", "/v2/documents", {"Authorization": f"Bearer {own.token()}", **headers}).status == 200


def test_s47_two_requests_in_one_body_are_one(url: str, own: Actor) -> None:
    """What follows a body is the client's next request at the gateway, never one that a service sees by itself."""
    hidden = b"GET /internal/trust HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = send(url, "POST", "/v2/projects", {"Authorization": f"Bearer {own.token()}", "Content-Type": JSON}, hidden)
    expect_problem(answer, 400, "bad_request")


def test_s47_answers_are_not_to_be_guessed_at(url: str, own: Actor) -> None:
    for method, path in (("GET", "/v2/documents"), ("GET", "/nowhere"), ("POST", TOKEN_PATH)):
        answer = send(url, method, path, {"Authorization": f"Bearer {own.token()}"})
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Set-Cookie" not in answer.headers
