"""Whatever comes in a header, a body or a path: never a 5xx, always a problem that says what is left (S-43, S-05)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.oauth import FORM, GRANT, TOKEN_PATH, Actor, Answer, ask_token, basic, send

Bounded = Callable[[Callable[..., None]], Callable[..., None]]
bounded: Bounded = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Bytes that may stand in a header's value (RFC 9110 §5.5) and in a target (RFC 9112 §3.2). What has others is no HTTP,
# and refused before anybody looks at it: test_edge.
IN_A_LINE = st.lists(st.sampled_from([9, *range(32, 127), *range(128, 256)]), max_size=200).map(bytes)
IN_A_TARGET = st.lists(st.sampled_from(range(33, 127)), max_size=200).map(bytes)
WORDS = st.text(max_size=40)
# With halves of surrogate pairs too, which JSON can spell and UTF-8 cannot.
JSON_WORDS = st.text(st.characters(), max_size=40)


def expect_no_fault(answer: Answer) -> None:
    """Not one of ours; and every answer, whatever it says, has what every answer has."""
    assert answer.status < 500 or answer.status == 501, (answer.status, answer.body)
    if answer.status >= 400:
        body = json.loads(answer.body)
        assert {"title", "detail", "status", "code", "type"} <= set(body), body
        assert body["status"] == answer.status
        assert body["detail"]
    for name in ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "RateLimit", "X-Request-Id"):
        assert answer.headers[name] is not None, (name, answer)


@bounded
@given(IN_A_LINE)
@example(b"Basic " + b"A" * 8000)
@example(b"Basic Og==")
@example(b"Basic \xe2\x82\xac")
@example(b"Basic YQ==, Basic YQ==")
def test_s05_any_authorization_header(url: str, value: bytes) -> None:
    for header in (value, b"Basic " + value):
        answer = ask_token(url, GRANT, header)
        expect_no_fault(answer)
        assert answer.status in (400, 401, 429), answer
    answer = send(url, "GET", "/v2/documents", {"Authorization": b"Bearer " + value})
    expect_no_fault(answer)
    assert answer.status in (400, 401), answer


@bounded
@given(WORDS, WORDS, st.sampled_from([str, quote, quote_plus]))
def test_s05_any_pair_of_id_and_secret(url: str, client_id: str, secret: str, encode: Callable[[str], str]) -> None:
    header = basic(encode(client_id).encode("utf-8", "replace"), encode(secret).encode("utf-8", "replace"))
    answer = ask_token(url, GRANT, header)
    expect_no_fault(answer)
    assert answer.status in (401, 429)


@bounded
@given(st.binary(max_size=300))
@example(b"&" * 1000)
@example(b"%")
@example(b"grant_type=client_credentials&scope=%00")
@example(b"grant_type=client_credentials&client_assertion=eyJhbGciOiJub25lIn0.e30.&client_assertion_type=x")
def test_s03_any_form(url: str, own: Actor, body: bytes) -> None:
    for path in (TOKEN_PATH, "/v2/auth/introspect", "/v2/auth/revoke"):
        answer = ask_token(url, body, own.credentials.basic, path=path)
        expect_no_fault(answer)
        assert answer.headers["Cache-Control"] == "no-store"


@bounded
@given(st.lists(st.tuples(st.sampled_from(["grant_type", "scope", "client_id", "client_secret", "client_assertion",
                                           "client_assertion_type", "token"]), WORDS), max_size=5))  # fmt: skip
def test_s03_any_members_of_a_form(url: str, own: Actor, members: list[tuple[str, str]]) -> None:
    pairs = [(name, value.encode("utf-8", "replace").decode()) for name, value in members]
    for authorization in (None, own.credentials.basic):
        expect_no_fault(ask_token(url, pairs, authorization))


@bounded
@given(IN_A_LINE)
def test_s43_any_api_key_or_idempotency_key(url: str, own: Actor, value: bytes) -> None:
    for name in ("X-API-Key", "API-KEY"):
        answer = send(url, "GET", "/v2/documents", {name: value})
        expect_no_fault(answer)
        assert answer.status in (400, 401), answer
    headers = {"Authorization": f"Bearer {own.token()}".encode(), "Content-Type": b"application/json"}
    expect_no_fault(send(url, "POST", "/v2/documents/process-file", headers | {"Idempotency-Key": value}, b"{}"))


@bounded
@given(IN_A_TARGET, st.sampled_from(["", "Bearer"]))
@example(b"%", "")
@example(b"%00%ff", "Bearer")
@example(b"?%ff=%ff", "Bearer")
@example(b"..%2f..%5c", "Bearer")
@example(b"[", "")
def test_s47_any_path(url: str, own: Actor, tail: bytes, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {own.token()}"} if scheme else {}
    for prefix in (b"/", b"/v2/documents/", b"/v2/clients?"):
        expect_no_fault(send(url, "GET", prefix + tail, headers))


@bounded
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | JSON_WORDS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(JSON_WORDS, inner, max_size=3),
        max_leaves=8,
    )
)
@example("\ud800")
@example({"\ud800": ["\ud800"]})
def test_s41_any_json(url: str, own: Actor, value: Any) -> None:
    headers = {"Authorization": f"Bearer {own.token()}", "Content-Type": "application/json"}
    members = ("scopes", "jwks", "networks", "projects", "lifetimeSeconds", "states", "plan", "authMethod")
    bodies = [value, *({"name": "x", "scopes": ["documents.read"], member: value} for member in members)]
    for body in bodies:
        expect_no_fault(send(url, "POST", "/v2/clients", headers, json.dumps(body).encode("ascii")))
    for path in ("/v2/projects", "/v2/documents/process-file", f"/v2/documents/{'0' * 24}/external-data"):
        expect_no_fault(send(url, "POST", path, headers, json.dumps(value).encode("ascii")))


@pytest.mark.parametrize(
    "name", ["X-Request-Id", "Traceparent", "Content-Type", "X-Hy-Filename", "Accept", "Range", "If-None-Match"]
)
def test_s43_any_other_header(url: str, own: Actor, name: str) -> None:
    headers = {"Authorization": f"Bearer {own.token()}", "Content-Type": FORM}
    for value in (b"\xff\xfe", b"x" * 8000, "é€😀".encode(), b'"', b";;;=,,", b"bytes=9-1", b"*"):
        for method, path in (("GET", "/v2/documents"), ("POST", "/v2/files"), ("POST", TOKEN_PATH)):
            expect_no_fault(send(url, method, path, headers | {name: value}, b"x" if method == "POST" else None))
