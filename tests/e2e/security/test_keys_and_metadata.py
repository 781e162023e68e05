"""What auth publishes about itself: S-13 (the drill is in test_drills) and S-14."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from joserfc.jwk import ECKey

from shared.scopes import SCOPES
from tests.support.forging import Forge
from tests.support.oauth import Actor, header_of, send
from tests.support.stack import Stack

JWKS = "/.well-known/jwks.json"
METADATA = "/.well-known/oauth-authorization-server"
POLL_SECONDS = 2


def test_s13_only_public_members_are_shown(own: Actor) -> None:
    answer = own.http.get(JWKS)
    keys = answer.json()["keys"]
    assert answer.status_code == 200
    assert header_of(own.new_token())["kid"] in {key["kid"] for key in keys}
    for key in keys:
        assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
        assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")
        assert key["kid"] == ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")}).thumbprint()


def test_s13_the_keys_may_be_kept_for_a_while(own: Actor) -> None:
    answer = own.http.get(JWKS)
    assert "max-age=" in answer.headers["Cache-Control"]
    again = own.http.get(JWKS, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_s13_unknown_kids_cause_no_fetch(stack: Stack, own: Actor, doors: dict[str, str]) -> None:
    """However many of them at the service and the gateway: auth is asked by its pollers' clocks and by nothing else."""
    auth = stack.local["services"]["auth"]["ops_url"]
    pollers = len(stack.local["services"])
    forge = Forge(ECKey.generate_key("P-256"), "?", {"sub": "x"})
    head, _, rest = forge.token().partition(".")
    assert head

    def fetches() -> float:
        lines = httpx.get(f"{auth}/metrics", trust_env=False).text.splitlines()
        return sum(
            float(line.rpartition(" ")[2])
            for line in lines
            if line.startswith("paperlane_http_seconds_count") and 'route="/internal/trust"' in line
        )

    def strangers(door: str) -> set[int]:
        with httpx.Client(base_url=door, trust_env=False, timeout=60) as http:
            heads = (Forge(forge.key, secrets.token_hex(8), {}).token().partition(".")[0] for _ in range(250))
            return {
                http.get("/v2/documents", headers={"Authorization": f"Bearer {one}.{rest}"}).status_code
                for one in heads
            }

    before, began = fetches(), time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        statuses = set().union(*pool.map(strangers, [doors["documents"], own.base_url] * 2))
    seconds = time.monotonic() - began
    assert statuses == {401}
    assert fetches() - before <= pollers * (seconds / POLL_SECONDS + 2)


def test_s14_metadata_says_what_there_is(url: str, own: Actor) -> None:
    answer = own.http.get(METADATA)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    shown = answer.json()
    methods = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
    assert shown["issuer"] == url
    assert shown["grant_types_supported"] == ["client_credentials"]
    assert shown["response_types_supported"] == []
    assert shown["jwks_uri"] == f"{url}{JWKS}"
    assert shown["scopes_supported"] == list(SCOPES)
    for endpoint, path in (("token", "token"), ("introspection", "introspect"), ("revocation", "revoke")):
        assert shown[f"{endpoint}_endpoint"] == f"{url}/v2/auth/{path}"
        assert shown[f"{endpoint}_endpoint_auth_methods_supported"] == methods
        assert "ES256" in shown[f"{endpoint}_endpoint_auth_signing_alg_values_supported"]
        assert not {"none", "HS256"} & set(shown[f"{endpoint}_endpoint_auth_signing_alg_values_supported"])
        assert send(url, "GET", f"/v2/auth/{path}").status == 405
    assert not {"authorization_endpoint", "registration_endpoint"} & set(shown)


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", f"{METADATA}/x", "/.well-known/", METADATA + "/"]
)
def test_s14_other_well_known_names_are_nothing(url: str, path: str) -> None:
    assert send(url, "GET", path).status == 404
