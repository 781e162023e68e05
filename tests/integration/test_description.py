"""What the gateway says of the API over real sockets: the document, its page, its version in every answer."""

import json
from contextlib import closing

import pytest

from gateway.docs.document import FILE
from shared.web.openapi import VERSION
from tests.support.described import described
from tests.support.gateways import Answer, Gateway, assert_problem
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


def mocked(gateway: Gateway, method: str, path: str, headers: dict[str, str] | None = None) -> Answer:
    answer = gateway.ask(method, f"/_mock{path}", headers)
    assert answer.headers["X-Paperlane-Mock"] == "true"
    assert answer.headers["API-Version"] == VERSION
    assert answer.headers["RateLimit"].startswith('"anonymous"')
    assert not gateway.auth.seen + gateway.files.seen + gateway.documents.seen
    return answer


def test_the_mock_gives_a_token_and_takes_any(gateway: Gateway) -> None:
    token = json.loads(mocked(gateway, "POST", "/v2/auth/token").body)
    assert json.loads(mocked(gateway, "POST", "/auth/token").body) == token
    any_token = {"Authorization": f"{token['token_type']} {token['access_token']}"}
    listed = json.loads(mocked(gateway, "GET", "/v2/documents?limit=1", any_token).body)
    assert listed["data"][0]["id"]
    assert mocked(gateway, "GET", "/v2/files/1", {"X-API-Key": "any"}).body.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v2/documents", 401, "authentication_failed"),
        ("GET", "/v2/nothing", 404, "not_found"),
        ("DELETE", "/v2/openapi.json", 405, "method_not_allowed"),
        ("GET", "/v2/agents", 501, "not_implemented"),
        ("GET", "/v2//documents", 400, "bad_request"),
        ("GET", "/v2/openapi.json?access_token=x", 400, "bad_request"),
    ],
)
def test_the_mock_refuses_as_the_api_does(gateway: Gateway, method: str, path: str, status: int, code: str) -> None:
    answer = gateway.ask(method, f"/_mock{path}")
    assert_problem(answer, status, code)
    assert answer.headers["RateLimit"].startswith('"anonymous"')


def test_the_mock_answers_what_is_preferred(gateway: Gateway) -> None:
    given = {"Authorization": "Bearer x"}
    assert_problem(mocked(gateway, "GET", "/v2/files/1", {**given, "Prefer": "code=404"}), 404, "not_found")
    over = mocked(gateway, "GET", "/v2/files/1", {**given, "Prefer": "code=429"})
    assert_problem(over, 429, "rate_limited")
    assert over.headers["Retry-After"].isdigit()
    assert_problem(mocked(gateway, "GET", "/v2/files/1", {**given, "Prefer": "code=418"}), 400, "bad_request")


def test_every_operation_has_a_mock(gateway: Gateway) -> None:
    for route in described():
        path = route.filled(dict.fromkeys(route.parameters, "1"))
        answer = mocked(gateway, route.method, path, {"Authorization": "Bearer x"})
        assert str(answer.status) in route.operation["responses"], route
        assert answer.status < 300, route


def test_bodies_that_the_mock_does_not_read_stand_in_nobodys_way(gateway: Gateway) -> None:
    with closing(gateway.connect()) as connection:
        for _ in range(3):
            connection.request("POST", "/_mock/v2/files", bytes(100_000), {"Authorization": "Bearer x"})
            answer = connection.getresponse()
            assert (answer.status, bool(json.loads(answer.read())["id"])) == (201, True)
