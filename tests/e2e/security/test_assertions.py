"""Clients that sign instead of sending a secret (RFC 7523, S-17)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from joserfc.jwk import ECKey

from tests.support.oauth import (
    GRANT,
    TOKEN_PATH,
    Actor,
    Credentials,
    ask_token,
    assertion,
    assertion_form,
    basic,
    public_jwk,
)

KEY = ECKey.generate_key("P-256")


@pytest.fixture
def client(own: Actor) -> Credentials:
    """Signs with KEY. A new one for each test: wrong assertions are counted as guesses."""
    return own.new_client(authMethod="private_key_jwt", jwks=[public_jwk(KEY)])


def now(seconds: int) -> int:
    return int(time.time()) + seconds


def test_s17_a_signed_assertion_gets_a_token(url: str, client: Credentials) -> None:
    for form in (
        assertion_form(assertion(KEY, client.id, url)),
        assertion_form(assertion(KEY, client.id, url), client_id=client.id),
        assertion_form(assertion(KEY, client.id, url, iat=None)),
        assertion_form(assertion(KEY, client.id, url, exp=now(295), nbf=now(-1))),
        assertion_form(assertion(KEY, client.id, url, {"typ": "client-authentication+jwt"})),
    ):
        answer = ask_token(url, form)
        assert answer.status == 200, answer.body


Make = Callable[[str, str], str]
BAD: dict[str, Make] = {
    "aud is the token endpoint": lambda me, url: assertion(KEY, me, url + TOKEN_PATH),
    "aud is the API": lambda me, _: assertion(KEY, me, "urn:paperlane:api"),
    "aud with a slash": lambda me, url: assertion(KEY, me, url + "/"),
    "no aud": lambda me, url: assertion(KEY, me, url, aud=None),
    "aud lists others": lambda me, url: assertion(KEY, me, url, aud=[url, "https://other.example"]),
    "no sub": lambda me, url: assertion(KEY, me, url, sub=None),
    "no iss": lambda me, url: assertion(KEY, me, url, iss=None),
    "iss is not sub": lambda me, url: assertion(KEY, me, url, iss="another"),
    "sub is another": lambda me, url: assertion(KEY, me, url, sub="another"),
    "unknown client": lambda _, url: assertion(KEY, "unknown", url),
    "no jti": lambda me, url: assertion(KEY, me, url, jti=None),
    "jti is a number": lambda me, url: assertion(KEY, me, url, jti=7),
    "jti is long": lambda me, url: assertion(KEY, me, url, jti="x" * 5000),
    "no exp": lambda me, url: assertion(KEY, me, url, exp=None),
    "exp is text": lambda me, url: assertion(KEY, me, url, exp="soon"),
    "expired": lambda me, url: assertion(KEY, me, url, exp=now(-61)),
    "lives too long": lambda me, url: assertion(KEY, me, url, exp=now(400)),
    "not yet": lambda me, url: assertion(KEY, me, url, nbf=now(120)),
    "issued tomorrow": lambda me, url: assertion(KEY, me, url, iat=now(86_400), exp=now(86_460)),
    "another key": lambda me, url: assertion(ECKey.generate_key("P-256"), me, url),
    "another kid": lambda me, url: assertion(KEY, me, url, {"kid": "other"}),
    "no signature": lambda me, url: assertion(KEY, me, url).rpartition(".")[0] + ".",
    "no JWT": lambda _, __: "nonsense",
}


@pytest.mark.parametrize("name", BAD)
def test_s17_assertions_that_do_not_hold(url: str, client: Credentials, name: str) -> None:
    answer = ask_token(url, assertion_form(BAD[name](client.id, url)))
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client"), answer.body


def test_s17_an_assertion_is_for_the_client_that_sends_it(url: str, client: Credentials, own: Actor) -> None:
    for other in ("unknown", own.credentials.id):
        answer = ask_token(url, assertion_form(assertion(KEY, client.id, url), client_id=other))
        assert (answer.status, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "change",
    [{"client_assertion_type": "urn:other"}, {"client_assertion_type": ""}, {"client_assertion": ""},
     {"client_secret": "x" * 43}],
)  # fmt: skip
def test_s17_malformed_requests(url: str, client: Credentials, change: dict[str, str]) -> None:
    answer = ask_token(url, assertion_form(assertion(KEY, client.id, url)) | change)
    assert (answer.status, answer.json()["error"]) in ((400, "invalid_request"), (401, "invalid_client"))


def test_s17_an_assertion_serves_once(url: str, client: Credentials) -> None:
    form = assertion_form(assertion(KEY, client.id, url))
    assert [ask_token(url, form).status for _ in range(2)] == [200, 401]
    again = assertion_form(assertion(KEY, client.id, url, jti="the-same-" + secrets.token_hex(4)))
    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda _: ask_token(url, again).status, range(10)))
    assert sorted(statuses) == [200] + [401] * 9


def test_s17_a_jti_is_used_up_by_its_own_client_only(url: str, client: Credentials, own: Actor) -> None:
    neighbour = own.new_client(authMethod="private_key_jwt", jwks=[public_jwk(KEY)])
    jti = secrets.token_hex(16)
    for one in (client, neighbour):
        assert ask_token(url, assertion_form(assertion(KEY, one.id, url, jti=jti))).status == 200


def test_s17_each_client_has_one_method(url: str, client: Credentials, own: Actor) -> None:
    assert client.secret == ""
    assert ask_token(url, GRANT, basic(client.id, "")).status == 401
    assert ask_token(url, GRANT, basic(client.id, "x" * 43)).status == 401
    secretive = own.new_client()
    assert ask_token(url, assertion_form(assertion(KEY, secretive.id, url))).status == 401


@pytest.mark.parametrize(
    "jwks",
    [
        [],
        [KEY.as_dict(private=True) | {"kid": "x", "alg": "ES256"}],
        [public_jwk(KEY) | {"alg": "none"}],
        [public_jwk(KEY) | {"alg": "HS256"}],
        [{"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "x"}],
        [public_jwk(KEY) | {"x": "AAAA"}],
        [public_jwk(KEY)] * 2,
        ["text"],
    ],
    ids=["none", "private", "alg none", "alg HS256", "symmetric", "no point", "a kid twice", "no object"],
)
def test_s17_keys_that_no_client_may_have(own: Actor, jwks: list[object]) -> None:
    body = {"name": "x", "scopes": ["documents.read"], "authMethod": "private_key_jwt", "jwks": jwks}
    answer = own.call("POST", "/v2/clients", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), answer.text
