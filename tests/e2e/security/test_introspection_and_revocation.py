"""Whether a token is still good (RFC 7662, S-15) and its end before its time (RFC 7009, S-16)."""

from __future__ import annotations

import secrets
import time

import pytest
from joserfc.jwk import ECKey

from tests.support import eventually
from tests.support.companies import found_other_company
from tests.support.forging import NEGATIVE, Forge
from tests.support.oauth import (
    AUDIENCE,
    GRANT,
    PROBES,
    REVOKED_SECONDS,
    Actor,
    Answer,
    Credentials,
    ask_token,
    claims_of,
    send,
)
from tests.support.stack import Stack

# What opens a door at each process.
ALL_DOORS = ["documents.read", "clients.manage", "audit.read"]
INTROSPECT, REVOKE = "/v2/auth/introspect", "/v2/auth/revoke"


def ask(actor: Actor, path: str, token: str, **more: str) -> Answer:
    return ask_token(actor.base_url, {"token": token, **more}, actor.credentials.basic, path=path)


def statuses(doors: dict[str, str], url: str, token: str) -> set[int]:
    """What every service and the gateway says to this token."""
    headers = {"Authorization": f"Bearer {token}"}
    own = {send(doors[name], "GET", path, headers).status for name, path in PROBES.items()}
    return own | {send(url, "GET", path, headers).status for path in PROBES.values()}


def expect_gone(doors: dict[str, str], url: str, token: str) -> None:
    """Refused by every service and the gateway, in time."""
    began = time.monotonic()
    eventually(lambda: statuses(doors, url, token) == {401}, seconds=REVOKED_SECONDS, every=0.1)
    assert time.monotonic() - began <= REVOKED_SECONDS


def test_s15_a_good_token_is_described(url: str, own: Actor) -> None:
    token = own.new_token("documents.read")
    answer = ask(own, INTROSPECT, token)
    shown, claims = answer.json(), claims_of(token)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert shown["active"] is True
    assert shown["token_type"] == "Bearer"
    for name in ("iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope"):
        assert shown[name] == claims[name], name
    assert (shown["iss"], shown["aud"], shown["scope"]) == (url, AUDIENCE, "documents.read")
    assert ask(own, INTROSPECT, token, token_type_hint="refresh_token").json() == shown


def test_s15_whatever_is_not_good_reads_the_same(
    url: str, own: Actor, other: Actor, doors: dict[str, str], forge: Forge
) -> None:
    revoked = own.new_token()
    assert ask(own, REVOKE, revoked).status == 200
    expect_gone(doors, url, revoked)
    bad = {
        "of another company": other.new_token(), "unknown": "unknown", "empty parts": "..", "revoked": revoked,
        "an API key": own.new_key(own.credentials.id)[1], "NUL": "\x00", "é": "é", "long": "x" * 100_000,
        **{name: make(forge) for name, make in NEGATIVE.items()},
    }  # fmt: skip
    answers = {name: ask(own, INTROSPECT, token) for name, token in bad.items()}
    good = {name: answer for name, answer in answers.items() if answer.body != b'{"active":false}'}
    assert good == {}
    assert len({answer.lasting for answer in answers.values()}) == 1


@pytest.mark.parametrize("path", [INTROSPECT, REVOKE])
@pytest.mark.parametrize(
    ("form", "status", "error"),
    [([], 400, "invalid_request"), ([("token", "a"), ("token", "b")], 400, "invalid_request"),
     ([("token", "")], 400, "invalid_request")],
)  # fmt: skip
def test_s15_s16_malformed_requests(
    url: str, own: Actor, path: str, form: list[tuple[str, str]], status: int, error: str
) -> None:
    answer = ask_token(url, form, own.credentials.basic, path=path)
    assert (answer.status, answer.json()["error"]) == (status, error)
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")


@pytest.mark.parametrize("path", [INTROSPECT, REVOKE])
def test_s15_s16_a_stranger_asks_in_vain(url: str, own: Actor, path: str) -> None:
    token = own.token()
    for authorization in (None, "Basic eDp5", f"Bearer {token}"):
        answer = ask_token(url, {"token": token}, authorization, path=path)
        assert (answer.status, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert ask(own, INTROSPECT, token).json()["active"] is True


def test_s16_a_revoked_token_is_refused_everywhere(url: str, own: Actor, doors: dict[str, str]) -> None:
    token, kept = own.new_token(), own.new_token()
    assert statuses(doors, url, token) == {200}
    assert ask(own, REVOKE, token).status == 200
    expect_gone(doors, url, token)
    assert ask(own, REVOKE, token).status == 200
    assert ask(own, INTROSPECT, token).body == b'{"active":false}'
    assert statuses(doors, url, kept) == {200}


def test_s16_unknown_and_foreign_tokens_are_answered_and_live_on(
    url: str, own: Actor, other: Actor, doors: dict[str, str], forge: Forge
) -> None:
    neighbour = Actor(url, own.new_client(scopes=ALL_DOORS))
    foreign = [other.new_token(), own.new_token()]
    answers = [
        ask(neighbour, REVOKE, token)
        for token in (*foreign, "unknown", "a.b.c", forge.token(key=ECKey.generate_key("P-256")), "x" * 100_000)
    ]
    assert {(answer.status, answer.body) for answer in answers} == {(200, b"")}
    last = neighbour.new_token()
    assert ask(neighbour, REVOKE, last).status == 200
    expect_gone(doors, url, last)
    assert [send(url, "GET", "/v2/documents", {"Authorization": f"Bearer {token}"}).status for token in foreign] == [
        200, 200
    ]  # fmt: skip
    neighbour.close()


def test_s16_all_tokens_of_a_client_end_at_once(url: str, own: Actor, doors: dict[str, str]) -> None:
    client = Actor(url, own.new_client(scopes=ALL_DOORS))
    tokens = [client.new_token() for _ in range(3)]
    assert own.call("POST", f"/v2/clients/{client.credentials.id}/revoke-tokens").status_code in (202, 204)
    fresh = client.new_token()
    for token in tokens:
        expect_gone(doors, url, token)
    assert statuses(doors, url, fresh) == {200}
    client.close()


def test_s16_what_is_taken_away_voids_what_was_given(url: str, own: Actor, doors: dict[str, str]) -> None:
    """Disabled, fewer scopes, no project, another network."""
    changes: list[dict[str, object]] = [
        {"disabled": True}, {"scopes": ["documents.read"]}, {"projects": []}, {"networks": ["192.0.2.0/24"]}
    ]  # fmt: skip
    clients = [Actor(url, own.new_client(scopes=ALL_DOORS)) for _ in changes]
    tokens = [client.new_token() for client in clients]
    for client, token, change in zip(clients, tokens, changes, strict=True):
        assert statuses(doors, url, token) == {200}
        assert own.call("PATCH", f"/v2/clients/{client.credentials.id}", json=change).status_code == 200
        client.close()
    for token in tokens:
        expect_gone(doors, url, token)


def test_s16_a_deleted_client_and_a_locked_company_take_their_tokens_with_them(
    stack: Stack, url: str, own: Actor, doors: dict[str, str]
) -> None:
    client = Actor(url, own.new_client(scopes=ALL_DOORS))
    founded = Actor(url, Credentials(*found_other_company(stack)))
    company = claims_of(founded.token())["company_id"]
    tokens, key = (client.new_token(), founded.new_token()), founded.new_key(founded.credentials.id)[1]
    by_key = {"X-API-Key": key}
    assert own.http.get("/v2/documents", headers=by_key).status_code == 200
    assert own.call("DELETE", f"/v2/clients/{client.credentials.id}").status_code == 204
    assert own.call("PATCH", f"/v2/companies/{company}", json={"disabled": True}).status_code == 200
    for token in tokens:
        expect_gone(doors, url, token)
    for gone in (client, founded):
        assert ask_token(url, GRANT, gone.credentials.basic).status == 401
        gone.close()
    assert own.http.get("/v2/documents", headers=by_key).status_code in (401, 429)
    assert own.call("PATCH", f"/v2/companies/{company}", json={"disabled": False}).status_code == 200
    assert ask_token(url, GRANT, founded.credentials.basic).status == 200
    assert statuses(doors, url, tokens[1]) == {401}


def test_s16_a_revoked_key_is_refused(url: str, own: Actor) -> None:
    client = own.new_client()
    key_id, key = own.new_key(client.id)

    def call(text: str = key) -> int:
        return own.http.get("/v2/documents", headers={"X-API-Key": text}).status_code

    assert call() == 200
    assert own.call("DELETE", f"/v2/clients/{client.id}/api-keys/{key_id}").status_code == 204
    eventually(lambda: call() in (401, 429), seconds=REVOKED_SECONDS, every=0.1)
    assert call(f"paperlane_{secrets.token_urlsafe(32)}") in (401, 429)
