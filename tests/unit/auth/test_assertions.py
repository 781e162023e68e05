"""Clients that sign instead of showing a secret: private_key_jwt (RFC 7523, S-17)."""

import base64
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from services.auth.adapters.assertions import JwtAssertions
from services.auth.app import create_app
from services.auth.domain.assertions import claimed_client
from services.auth.domain.clients import AuthMethod
from services.auth.domain.requests import ASSERTION_TYPE
from tests.support.auth import ISSUER, NOW, add_client, make_desk

SIGNER = "signer"
KEY, OTHER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
RSA = RSAKey.generate_key(2048)
MOMENT = int(NOW.timestamp())


def public(key: ECKey | RSAKey, kid: str, algorithm: str) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": kid, "alg": algorithm}


KEYS = (public(KEY, "ec", "ES256"), public(RSA, "rsa", "PS256"))


def assertion(key: Any = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
    standard = {
        "iss": SIGNER,
        "sub": SIGNER,
        "aud": ISSUER,
        "iat": MOMENT,
        "exp": MOMENT + 60,
        "jti": secrets.token_hex(),
    }
    kept = {name: value for name, value in (standard | claims).items() if value is not None}
    head = {"alg": "ES256", "kid": "ec", **(header or {})}
    return jwt.encode({k: v for k, v in head.items() if v is not None}, kept, key, algorithms=[head["alg"]])


@pytest.fixture
def http() -> FlaskClient:
    desk = make_desk()
    add_client(desk, SIGNER, auth_method=AuthMethod.PRIVATE_KEY_JWT, jwks=KEYS, secrets=())
    return create_app(desk).test_client()


def status(http: FlaskClient, signed: str, **more: str) -> int:
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed, **more}
    return http.post("/v2/auth/token", data={"grant_type": "client_credentials", **form}).status_code


@pytest.mark.parametrize(
    "make",
    [
        assertion,
        lambda: assertion(aud=[ISSUER]),
        lambda: assertion(header={"kid": None}),
        lambda: assertion(header={"typ": "client-authentication+jwt"}),
        lambda: assertion(RSA, {"alg": "PS256", "kid": "rsa"}),
        lambda: assertion(iat=MOMENT + 29, nbf=MOMENT + 29, exp=MOMENT + 300),
        lambda: assertion(iat=None),
        lambda: assertion(exp=MOMENT + 60.5),
    ],
)
def test_a_signature_is_as_good_as_a_secret(http: FlaskClient, make: Callable[[], str]) -> None:
    assert status(http, make()) == 200
    assert status(http, make(), client_id=SIGNER) == 200


BAD: dict[str, Callable[[], str]] = {
    "another key": lambda: assertion(OTHER),
    "alg of another key": lambda: assertion(RSA, {"alg": "RS256", "kid": "rsa"}),
    "kid of another key": lambda: assertion(header={"kid": "rsa"}),
    "unknown kid": lambda: assertion(header={"kid": "x"}),
    "aud is the token endpoint": lambda: assertion(aud=f"{ISSUER}/v2/auth/token"),
    "aud has a slash": lambda: assertion(aud=ISSUER + "/"),
    "aud is two": lambda: assertion(aud=[ISSUER, "https://another.example"]),
    "no aud": lambda: assertion(aud=None),
    "no sub": lambda: assertion(sub=None),
    "sub is another": lambda: assertion(sub="client-a"),
    "iss is another": lambda: assertion(iss="client-a"),
    "iss is nobody": lambda: assertion(iss="nobody", sub="nobody"),
    "no exp": lambda: assertion(exp=None),
    "exp is text": lambda: assertion(exp=str(MOMENT + 60)),
    "expired": lambda: assertion(exp=MOMENT - 31),
    "too far": lambda: assertion(exp=MOMENT + 301),
    "future iat": lambda: assertion(iat=MOMENT + 31),
    "future nbf": lambda: assertion(nbf=MOMENT + 31),
    "iat is text": lambda: assertion(iat="now"),
    "no jti": lambda: assertion(jti=None),
    "jti is long": lambda: assertion(jti="x" * 257),
    "jti is a number": lambda: assertion(jti=5),
    "embedded jwk": lambda: assertion(OTHER, {"jwk": OTHER.as_dict(private=False), "kid": None}),
    "crit": lambda: assertion(header={"crit": ["alg"]}),
    "alg none": lambda: assertion().rsplit(".", 1)[0] + ".",
    "too long": lambda: assertion(padding="x" * 9000),
    "no JWT": lambda: "a.b.c",
}


@pytest.mark.parametrize("name", BAD)
def test_what_proves_nothing_is_refused(http: FlaskClient, name: str) -> None:
    assert status(http, BAD[name]()) == 401


def test_an_assertion_is_good_once(http: FlaskClient) -> None:
    signed = assertion()
    assert [status(http, signed), status(http, signed)] == [200, 401]


def test_another_client_id_beside_it_is_refused(http: FlaskClient) -> None:
    assert status(http, assertion(), client_id="client-a") == 401


def test_signatures_are_not_guessed_at(http: FlaskClient) -> None:
    assert {status(http, assertion(OTHER)) for _ in range(25)} == {401}


def test_an_issuer_that_no_database_could_be_asked_for_is_none() -> None:
    claims = base64.urlsafe_b64encode(rb'{"iss": "\ud800"}').decode()
    assert claimed_client(f"a.{claims}.c") is None


def test_who_has_a_secret_cannot_sign(http: FlaskClient) -> None:
    assert status(http, assertion(iss="client-a", sub="client-a")) == 401


@given(st.one_of(st.text(max_size=80), st.text(alphabet="eyJhbGciOi.{}[]", max_size=40)))
def test_any_text_is_an_assertion_or_none(noise: str) -> None:
    assert JwtAssertions().claims(noise, KEYS) is None
    assert claimed_client(noise) is None or isinstance(claimed_client(noise), str)
