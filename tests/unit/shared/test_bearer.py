"""Bearer tokens: what is accepted, and the set of tokens that every service must refuse."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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


CLAIMS = (
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "client_id",
    "company_id",
    "scope",
    "projects",
    "networks",
    "plan",
)
# No denormal numbers: where the networks that read print ran in the same process, these count as zero.
json_numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_subnormal=False))
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), json_numbers, st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=4,
)


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


def replaced(part: int, content: bytes) -> str:
    parts = token().split(".")
    parts[part] = urlsafe_b64encode(content).decode().rstrip("=")
    return ".".join(parts)


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
    "nbf as text": lambda: token(nbf="tomorrow"),
    "exp as true": lambda: token(exp=True),
    "scope as list": lambda: token(scope=["files.read"]),
    "projects as text": lambda: token(projects="all"),
    "projects of numbers": lambda: token(projects=[1]),
    "networks as text": lambda: token(networks="127.0.0.1"),
    "plan as number": lambda: token(plan=5),
    "api_key as list": lambda: token(api_key=["k"]),
    "client_id as list": lambda: token(client_id=["a"]),
    "aud as list": lambda: token(aud=[AUDIENCE]),
    "aud as object": lambda: token(aud={"a": 1}),
    "no kid": lambda: token(header={"kid": None}),
    "kid of another": lambda: token(header={"kid": OTHER.thumbprint()}),
    "jku": lambda: token(key=OTHER, header={"jku": "http://127.0.0.1:1/keys"}),
    "x5u": lambda: token(key=OTHER, header={"x5u": "http://127.0.0.1:1/cert"}),
    "crit": lambda: token(header={"crit": ["alg"]}),
    "claims are no object": lambda: replaced(1, b"[]"),
    "header is no object": lambda: replaced(0, b"[]"),
    "claims are deep": lambda: replaced(1, b'{"a":' + b"[" * 5000),
    "four parts": lambda: token() + ".AA",
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


@settings(deadline=None)  # a slow machine is no fault
@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda noise: noise.decode("latin-1"))))
def test_any_header_is_refused(noise: str) -> None:
    for header in (noise, f"Bearer {noise}", f"bearer {token()[:40]}{noise}"):
        with pytest.raises(Unauthenticated):
            bearer().authenticate(header)


@settings(deadline=None)  # a slow machine is no fault
@given(st.dictionaries(st.sampled_from(CLAIMS), json_values, min_size=1))
def test_any_claims_name_a_caller_or_are_refused(changes: dict[str, Any]) -> None:
    try:
        caller = bearer().authenticate(f"Bearer {token(**changes)}")
    except Unauthenticated:
        return
    assert isinstance(caller.client_id, str)
    assert all(isinstance(network, str) for network in caller.networks)


def test_a_token_of_a_limited_client_names_its_limits() -> None:
    limits = {
        "projects": ["p1"],
        "networks": ["192.0.2.0/24"],
        "plan": "local",
        "states": "documented",
        "api_key": "k1",
    }
    caller = bearer().authenticate(f"Bearer {token(header=None, **limits)}")
    assert (caller.projects, caller.networks) == (frozenset({"p1"}), ("192.0.2.0/24",))
    assert (caller.plan, caller.documented_states, caller.api_key_id) == ("local", True, "k1")


def test_a_token_that_was_seen_before_costs_little() -> None:
    checks, sent = bearer(), f"Bearer {token()}"
    first, again = checks.authenticate(sent, Origin("r1")), checks.authenticate(sent, Origin("r2"))
    assert (first.origin.request_id, again.origin.request_id) == ("r1", "r2")
    assert again.scopes is first.scopes, "nothing was read anew"


def test_a_token_lives_thirty_seconds_past_its_end_and_no_longer() -> None:
    assert bearer().authenticate(f"Bearer {token(exp=NOW - 29)}")
    with pytest.raises(Unauthenticated, match="expired"):
        bearer().authenticate(f"Bearer {token(exp=NOW - 30)}")


@pytest.mark.parametrize(
    "changes",
    [
        {"revoked": {"t1": NOW + 60}},
        {"revoked_before": {"client-a": NOW + 1}},
        {"disabled_clients": ("client-a",)},
        {"disabled_companies": ("c" * 24,)},
        {"revoked_api_keys": ("k1",)},
        {"issuer": "https://another.example"},
    ],
)
def test_revocation_ends_a_token_that_was_accepted_before(changes: dict[str, Any]) -> None:
    current = [trust()]
    checks, sent = Bearer(lambda: current[0], now=lambda: NOW), f"Bearer {token(api_key='k1')}"
    assert checks.authenticate(sent)
    current[0] = trust(**changes)
    with pytest.raises(Unauthenticated):
        checks.authenticate(sent)


def test_a_key_that_is_withdrawn_takes_its_tokens_with_it() -> None:
    current = [trust()]
    checks, sent = Bearer(lambda: current[0], now=lambda: NOW), f"Bearer {token()}"
    assert checks.authenticate(sent)
    current[0] = trust(keys=({**OTHER.as_dict(private=False), "kid": "new"},))
    with pytest.raises(Unauthenticated):
        checks.authenticate(sent)
