"""Access tokens, and who refuses which: S-09 to S-12, at the gateway and at every service's own port."""

from __future__ import annotations

import time

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from shared.scopes import SCOPES
from tests.support.described import Described, described, guarded
from tests.support.forging import NEGATIVE, Forge
from tests.support.oauth import ALGORITHM, AUDIENCE, GRANT, Actor, Answer, ask_token, claims_of, send

SERVICES = ("auth", "files", "documents", "gateway")
GUARDED = guarded()
NOWHERE = {"file_id": "00000000-0000-4000-8000-000000000000"}


def somewhere(route: Described) -> str:
    """A path of this route that names nothing."""
    return route.filled({name: NOWHERE.get(name, "0" * 24) for name in route.parameters})


def probe(url: str, service: str, token: str) -> Answer:
    """A harmless call that this service guards."""
    route = next(route for route in GUARDED if route.service == service and route.method == "GET")
    return send(url, "GET", somewhere(route), {"Authorization": f"Bearer {token}"})


def expect_challenge(answer: Answer | httpx.Response, error: str | None) -> None:
    """401 with the challenge of RFC 6750 §3: with an error code only when a token was sent."""
    status = answer.status if isinstance(answer, Answer) else answer.status_code
    challenge = answer.headers["WWW-Authenticate"] or ""
    assert status == 401, challenge
    assert challenge.startswith('Bearer realm="'), challenge
    assert (f'error="{error}"' in challenge) if error else ("error" not in challenge), challenge
    assert answer.json()["code"] == "authentication_failed"


def test_s09_a_token_is_a_jwt_of_rfc_9068(url: str, own: Actor) -> None:
    client = own.new_client(scopes=["documents.read", "files.read"])
    answer = ask_token(url, {**GRANT, "scope": "files.read"}, client.basic).json()
    keys = KeySet.import_key_set(own.http.get("/.well-known/jwks.json").json())
    token = jwt.decode(answer["access_token"], keys, algorithms=[ALGORITHM])
    assert (token.header["typ"], token.header["alg"]) == ("at+jwt", ALGORITHM)
    assert set(token.header) == {"typ", "alg", "kid"}
    claims = token.claims
    assert (claims["iss"], claims["aud"]) == (url, AUDIENCE)
    assert claims["sub"] == claims["client_id"] == client.id
    assert claims["scope"] == answer["scope"] == "files.read"
    assert claims["exp"] - claims["iat"] == answer["expires_in"] == 3600
    assert abs(claims["iat"] - time.time()) < 5
    assert claims["company_id"] == claims_of(own.token())["company_id"]
    assert len({claims["jti"], *(claims_of(own.new_token())["jti"] for _ in range(9))}) == 10


def test_s09_no_client_chooses_its_own_id(own: Actor) -> None:
    body = {"name": "x", "scopes": ["documents.read"], "id": "chosen"}
    assert own.call("POST", "/v2/clients", json=body).status_code == 400


def test_s09_lifetimes_are_per_client(url: str, own: Actor) -> None:
    client = own.new_client(lifetimeSeconds=86_400)
    body = ask_token(url, GRANT, client.basic).json()
    claims = claims_of(body["access_token"])
    assert body["expires_in"] == claims["exp"] - claims["iat"] == 86_400
    too_long = {"name": "x", "scopes": ["documents.read"], "lifetimeSeconds": 86_401}
    assert own.call("POST", "/v2/clients", json=too_long).status_code == 400


@pytest.mark.parametrize("service", SERVICES)
def test_s10_what_auth_signs_is_taken(doors: dict[str, str], url: str, forge: Forge, service: str) -> None:
    """Otherwise the next test would prove nothing."""
    for token in (forge.token(), forge.token(nbf=int(time.time()) + 20, iat=int(time.time()) + 20)):
        for door in (doors[service], url):
            assert probe(door, service, token).status in (200, 404)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("name", NEGATIVE)
def test_s10_what_auth_never_signs_is_refused(doors: dict[str, str], forge: Forge, service: str, name: str) -> None:
    expect_challenge(probe(doors[service], service, NEGATIVE[name](forge)), "invalid_token")


@pytest.mark.parametrize("service", SERVICES)
def test_s10_a_token_of_200_kb_is_refused(doors: dict[str, str], forge: Forge, service: str) -> None:
    answer = probe(doors[service], service, forge.token(x="x" * 200_000))
    assert answer.status in (400, 401, 431)
    assert answer.json()["code"]


@pytest.mark.parametrize("route", described(), ids=str)
def test_s11_only_the_public_list_is_public(route: Described, doors: dict[str, str], url: str) -> None:
    public = {
        "POST /v2/auth/token", "POST /auth/token", "POST /v2/auth/introspect", "POST /v2/auth/revoke",
        "GET /.well-known/jwks.json", "GET /.well-known/oauth-authorization-server", "GET /v2/openapi.json",
        "GET /v2/docs", "GET /v2/docs/scalar.js", "GET /v2/docs/start.js",
    }  # fmt: skip
    for door in (url, doors[route.service]):
        if route.scope:
            expect_challenge(send(door, route.method, somewhere(route)), None)
        else:
            assert str(route) in public


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_s11_each_route_demands_its_scope(route: Described, doors: dict[str, str], url: str, own: Actor) -> None:
    assert route.scope in SCOPES
    others = " ".join(scope for scope in SCOPES if scope != route.scope)
    headers = {"Authorization": f"Bearer {own.token(others)}"}
    for door in (url, doors[route.service]):
        answer = send(door, route.method, somewhere(route), headers)
        assert (answer.status, answer.json()["code"]) == (403, "access_forbidden"), answer
        challenge = answer.headers["WWW-Authenticate"]
        assert challenge == f'Bearer realm="paperlane", error="insufficient_scope", scope="{route.scope}"'


@pytest.mark.parametrize("service", SERVICES)
def test_s11_internal_routes_are_not_public(doors: dict[str, str], url: str, own: Actor, service: str) -> None:
    headers = {"Authorization": f"Bearer {own.token()}", "Content-Type": "application/json"}
    for method, path in (
        ("GET", "/internal/trust"),
        ("POST", "/internal/api-keys/exchange"),
        ("POST", "/internal/audit/heads"),
    ):
        assert send(url, method, path, headers, b"{}").status == 404
    for path in ("/metrics", "/health/ready", "/health/live"):
        assert send(doors[service], "GET", path).status == 404


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("authorization", "error"),
    [
        (None, None), ("", None), ("Bearer", None), ("Bearer ", None), ("Basic YTpi", None), ("Token abc", None),
        ("Bearer abc", "invalid_token"), ("bearer a.b.c", "invalid_token"), ("Bearer é", "invalid_token"),
        ("Bearer a b", "invalid_token"), ("Bearer ....", "invalid_token"),
    ],
)  # fmt: skip
def test_s12_challenges(
    doors: dict[str, str], url: str, service: str, authorization: str | None, error: str | None
) -> None:
    route = next(route for route in GUARDED if route.service == service and route.method == "GET")
    headers = {} if authorization is None else {"Authorization": authorization}
    for door in (doors[service], url):
        expect_challenge(send(door, "GET", somewhere(route), headers), error)


def test_s12_a_token_comes_in_the_header_only(url: str, own: Actor) -> None:
    token = own.token()
    assert send(url, "GET", f"/v2/documents?access_token={token}").status in (400, 401)
    form = f"access_token={token}".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert send(url, "POST", "/v2/documents/process-file", headers, form).status in (400, 401)
    twice = [("Authorization", f"Bearer {token}"), ("Authorization", "Bearer x")]
    assert send(url, "GET", "/v2/documents", twice).status in (400, 401)
