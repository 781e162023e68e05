"""Bearer tokens: what is accepted, and the set of tokens that every service must refuse."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from shared.bearer import Bearer
from shared.contracts.auth import AUDIENCE, Trust
from shared.errors import Forbidden, Unauthenticated
from shared.origin import Origin

ISSUER = "https://paper.example"
NOW = 1_800_000_000
KEY = ECKey.generate_key("P-256")
OTHER = ECKey.generate_key("P-256")
KID = KEY.thumbprint()


def trust(**changes: Any) -> Trust:
    public = {**KEY.as_dict(private=False), "kid": KID, "use": "sig", "alg": "ES256"}
    return Trust(**{"issuer": ISSUER, "keys": (public,), **changes})


def bearer(current: Trust | None = None) -> Bearer:
    shown = current or trust()
    return Bearer(lambda: shown, now=lambda: NOW)


def token(key: Any = KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
    claims = {
        "iss": ISSUER,
        "sub": "client-a",
        "aud": AUDIENCE,
        "exp": NOW + 60,
        "iat": NOW,
        "jti": "t1",
        "client_id": "client-a",
        "company_id": "c" * 24,
        "scope": "files.read files.write",
        **changes,
    }
    present = {name: value for name, value in claims.items() if value is not None}
    head = {"alg": "ES256", "typ": "at+jwt", "kid": KID, **(header or {})}
    return jwt.encode({k: v for k, v in head.items() if v is not None}, present, key, algorithms=[head["alg"]])


def test_a_good_token_names_its_caller() -> None:
    caller = bearer().authenticate(f"Bearer {token()}", Origin("r1"))
    assert (caller.client_id, caller.company_id, caller.origin.request_id) == ("client-a", "c" * 24, "r1")
    assert caller.scopes == {"files.read", "files.write"}
    caller.require("files.read")
    with pytest.raises(Forbidden) as refusal:
        caller.require("documents.read")
    assert 'error="insufficient_scope", scope="documents.read"' in refusal.value.headers["WWW-Authenticate"]


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer  "])
def test_without_a_token_the_challenge_has_no_error(header: str | None) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        bearer().authenticate(header)
    assert refusal.value.headers["WWW-Authenticate"] == 'Bearer realm="paperlane"'


def signed_with_the_public_key() -> str:
    """The confusion of a public key with a shared secret, which joserfc itself refuses to make."""
    head, payload, _ = token().split(".")
    head = urlsafe_b64encode(f'{{"alg":"HS256","typ":"at+jwt","kid":"{KID}"}}'.encode()).decode().rstrip("=")
    mac = hmac.digest(KEY.as_pem(private=False), f"{head}.{payload}".encode(), "sha256")
    return f"{head}.{payload}.{urlsafe_b64encode(mac).decode().rstrip('=')}"


BAD: dict[str, Callable[[], str]] = {
    "typ JWT": lambda: token(header={"typ": "JWT"}),
    "no typ": lambda: token(header={"typ": None}),
    "wrong aud": lambda: token(aud="someone"),
    "wrong iss": lambda: token(iss=ISSUER + "/"),
    "expired": lambda: token(exp=NOW - 31),
    "no exp": lambda: token(exp=None),
    "exp as text": lambda: token(exp="1900000000"),
    "future nbf": lambda: token(nbf=NOW + 60),
    "future iat": lambda: token(iat=NOW + 60),
    "no company": lambda: token(company_id=None),
    "unknown kid": lambda: token(header={"kid": "x"}),
    "foreign key, same kid": lambda: token(key=OTHER),
    "alg none": lambda: token().rsplit(".", 1)[0] + ".",
    "HS256 with the public key": signed_with_the_public_key,
    "embedded jwk": lambda: token(key=OTHER, header={"jwk": OTHER.as_dict(private=False), "kid": None}),
    "signature changed": lambda: token()[:-6] + "AAAAAA",
    "200 kB": lambda: "x" * 200_000,
    "no JWT": lambda: "abc",
    "not ASCII": lambda: "ä.ö.ü",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_is_refused(name: str) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        bearer().authenticate(f"Bearer {BAD[name]()}")
    assert 'error="invalid_token"' in refusal.value.headers["WWW-Authenticate"]
    refusal.value.headers["WWW-Authenticate"].encode("ascii")


def test_a_token_lives_thirty_seconds_past_its_end_and_no_longer() -> None:
    assert bearer().authenticate(f"Bearer {token(exp=NOW - 29)}")
    with pytest.raises(Unauthenticated, match="expired"):
        bearer().authenticate(f"Bearer {token(exp=NOW - 30)}")


@pytest.mark.parametrize(
    "changes",
    [{"revoked": {"t1": NOW + 60}}, {"revoked_before": {"client-a": NOW + 1}}, {"disabled_clients": ("client-a",)}],
)
def test_revocation_ends_a_token_that_was_accepted_before(changes: dict[str, Any]) -> None:
    current = [trust()]
    checks, sent = Bearer(lambda: current[0], now=lambda: NOW), f"Bearer {token()}"
    assert checks.authenticate(sent)
    current[0] = trust(**changes)
    with pytest.raises(Unauthenticated, match="revoked"):
        checks.authenticate(sent)


def test_a_key_that_is_withdrawn_takes_its_tokens_with_it() -> None:
    current = [trust()]
    checks, sent = Bearer(lambda: current[0], now=lambda: NOW), f"Bearer {token()}"
    assert checks.authenticate(sent)
    current[0] = trust(keys=({**OTHER.as_dict(private=False), "kid": "new"},))
    with pytest.raises(Unauthenticated):
        checks.authenticate(sent)
