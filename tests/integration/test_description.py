"""What the gateway says of the API over real sockets: the document, its page, its version in every answer."""

import json

import pytest

from gateway.docs.document import FILE
from shared.web.openapi import VERSION
from tests.support.gateways import Gateway, assert_problem
from tests.support.tokens import authorization


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        ("no request at all", 400),
        ("GET /v2/openapi.json HTTP/1.1\r\nHost: x\r\nA b: c", 400),
        (f"GET /v2/openapi.json?{'a' * 5000} HTTP/1.1\r\nHost: x", 414),
        ("GET /v2/openapi.json HTTP/1.1\r\nHost: x\r\nExpect: wonders", 417),
        (f"GET /v2/openapi.json HTTP/1.1\r\nHost: x\r\nA: {'a' * 20_000}", 431),
        ("POST /v2/files HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: bogus", 501),
    ],
)
def test_what_is_no_http_is_a_problem_with_a_version_and_an_id(
    gateway: Gateway, request_text: str, status: int
) -> None:
    head, _, body = gateway.ask_raw(f"{request_text}\r\n\r\n".encode()).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert (headers["Content-Type"], headers["API-Version"]) == ("application/problem+json", VERSION)
    assert json.loads(body)["status"] == status
    assert headers["X-Request-Id"] in gateway.log.read_text()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v2/files/1", 200),
        ("GET", "/v2/openapi.json", 200),
        ("GET", "/v2/openapi.json?x=1", 400),
        ("GET", "/v2/nothing", 404),
        ("GET", "/v2/enrichment/suppliers/4711", 501),
    ],
)
def test_every_answer_tells_the_version(gateway: Gateway, method: str, path: str, status: int) -> None:
    answer = gateway.ask(method, path, authorization())
    assert (answer.status, answer.headers.get_all("API-Version")) == (status, [VERSION])


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "INVENTED"])
def test_what_is_not_covered_is_said_before_anything_else(gateway: Gateway, method: str) -> None:
    answer = gateway.ask(method, "/v2/enrichment/suppliers/4711?access_token=x", {"Idempotency-Key": "a b"})
    assert_problem(answer, 501, "not_implemented")


@pytest.mark.parametrize(
    ("path", "media_type", "begins"),
    [
        ("/v2/openapi.json", "application/json", b'{\n  "openapi": "3.1.0"'),
        ("/v2/docs", "text/html; charset=utf-8", b"<!doctype html>"),
        ("/v2/docs/start.js", "text/javascript; charset=utf-8", b"// Shows the description"),
        ("/v2/docs/scalar.js", "text/javascript; charset=utf-8", b""),
    ],
)
def test_document_and_page_are_sent_once(gateway: Gateway, path: str, media_type: str, begins: bytes) -> None:
    whole = gateway.ask("GET", path)
    assert (whole.status, whole.headers["Content-Type"]) == (200, media_type)
    assert whole.body.startswith(begins)
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    head = gateway.ask("HEAD", path)
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(whole.body)), b"")
    known = gateway.ask("GET", path, {"If-None-Match": whole.headers["ETag"]})
    assert (known.status, known.headers["ETag"], known.body) == (304, whole.headers["ETag"], b"")
    assert gateway.ask("GET", path, {"If-None-Match": '"another"'}).status == 200
    assert_problem(gateway.ask("POST", path), 405, "method_not_allowed")


def test_the_document_is_the_committed_one(gateway: Gateway) -> None:
    assert gateway.ask("GET", "/v2/openapi.json").body == FILE.read_bytes()


def test_the_page_may_load_nothing_from_elsewhere(gateway: Gateway) -> None:
    policy = gateway.ask("GET", "/v2/docs").headers["Content-Security-Policy"]
    sources = {source for rule in policy.split("; ") for source in rule.split(" ")[1:]}
    assert sources == {"'none'", "'self'", "'unsafe-inline'", "data:", "blob:"}
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("asset", ["page.html", "api.py", "..%2fapi.py", "scalar"])
def test_the_page_has_no_other_parts(gateway: Gateway, asset: str) -> None:
    assert gateway.ask("GET", f"/v2/docs/{asset}").status in (400, 404)


def test_the_large_script_is_kept_for_a_day(gateway: Gateway) -> None:
    kept = {name: gateway.ask("HEAD", f"/v2/docs{name}").headers["Cache-Control"] for name in ("", "/scalar.js")}
    assert kept == {"": "no-cache", "/scalar.js": "public, max-age=86400"}
