"""Secrets and API keys: how they are made, kept, rotated and guessed at: S-06, S-07, S-08."""

from __future__ import annotations

import hashlib
import re
import secrets

import bson
import pymongo
import pytest

from tests.support import eventually
from tests.support.oauth import GRANT, Actor, Credentials, ask_token, basic
from tests.support.servers import STACK_VHOST
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def dump(stack: Stack, own: Actor) -> tuple[bytes, list[str]]:
    """All that lies in the stack's databases after some work, and the secrets that were at work."""
    client = own.new_client()
    body, again = {"name": "x", "scopes": ["documents.read"]}, {"Idempotency-Key": secrets.token_hex(16)}
    keyed = [own.call("POST", "/v2/clients", json=body, headers=again).json()["secret"] for _ in range(2)]
    assert keyed[0] == keyed[1]
    _, key = own.new_key(client.id)
    token = Actor(own.base_url, client).new_token()
    assert own.http.get("/v2/documents", headers={"X-API-Key": key}).status_code == 200
    known = [own.credentials.secret, client.secret, keyed[0], key, token, token.split(".")[2]]
    credentials = stack.home.path / "credentials"
    known += [file.read_text().strip() for file in credentials.iterdir() if file.is_file() and "pepper" in file.name]
    with pymongo.MongoClient[dict[str, object]](stack.servers.mongodb_url(STACK_VHOST)) as server:
        databases = [server[name] for name in server.list_database_names() if name.startswith(f"{STACK_VHOST}_")]
        assert {"auth", "gateway", "documents"} <= {each.name.removeprefix(f"{STACK_VHOST}_") for each in databases}
        documents = [each for one in databases for name in one.list_collection_names() for each in one[name].find()]
    return b"".join(map(bson.encode, documents)), known


def test_s06_a_dump_of_the_database_holds_no_secret(dump: tuple[bytes, list[str]]) -> None:
    content, known = dump
    assert len(known) >= 7
    for secret in known:
        data = secret.encode()
        bare = hashlib.sha256(data)
        for form in (data, data.hex().encode(), bare.digest(), bare.hexdigest().encode()):
            assert form not in content


def test_s06_secrets_are_random_marked_and_shown_once(own: Actor) -> None:
    clients = [own.new_client() for _ in range(5)]
    keys = [own.new_key(clients[0].id)[1] for _ in range(5)]
    for secret in (*(client.secret for client in clients), *keys):
        assert re.fullmatch(r"paperlane_(?:[a-z]+_)?[A-Za-z0-9_-]{43,}", secret)
    assert len({*keys, *(client.secret for client in clients)}) == 10
    shown = own.call("GET", f"/v2/clients/{clients[0].id}").text + own.call("GET", "/v2/clients?limit=50").text
    shown += own.call("GET", f"/v2/clients/{clients[0].id}/api-keys").text
    assert not [secret for secret in (*keys, *(client.secret for client in clients)) if secret in shown]


def test_s07_two_secrets_live_side_by_side_and_the_old_one_ends(url: str, own: Actor) -> None:
    client = own.new_client()
    rotated = own.made(f"/v2/clients/{client.id}/secrets", {"overlapSeconds": 2})
    fresh = Credentials(client.id, rotated["secret"])
    assert fresh.secret != client.secret
    assert [ask_token(url, GRANT, pair.basic).status for pair in (client, fresh)] == [200, 200]
    eventually(lambda: ask_token(url, GRANT, client.basic).status == 401, seconds=5, every=0.3)
    assert ask_token(url, GRANT, fresh.basic).status == 200


def test_s07_a_secret_can_be_ended_at_once(url: str, own: Actor) -> None:
    client = own.new_client()
    old = own.call("GET", f"/v2/clients/{client.id}").json()["secrets"][0]["id"]
    fresh = Credentials(client.id, own.made(f"/v2/clients/{client.id}/secrets", {"overlapSeconds": 3600})["secret"])
    assert own.call("DELETE", f"/v2/clients/{client.id}/secrets/{old}").status_code == 204
    assert [ask_token(url, GRANT, pair.basic).status for pair in (client, fresh)] == [401, 200]


@pytest.mark.parametrize("known", [True, False], ids=["a client", "no client"])
def test_s08_guessing_is_slowed_down_and_the_right_secret_works(url: str, own: Actor, known: bool) -> None:
    client = own.new_client() if known else Credentials(f"nobody-{secrets.token_hex(6)}", "x" * 43)
    answers = [ask_token(url, GRANT, basic(client.id, f"guess-{n}")) for n in range(22)]
    assert [answer.status for answer in answers] == [401] * 20 + [429] * 2
    last = answers[-1]
    assert 1 <= int(last.headers["Retry-After"]) <= 30
    assert (last.headers["Cache-Control"], last.headers["Pragma"]) == ("no-store", "no-cache")
    body = last.json()
    assert (body["status"], body["code"]) == (429, "rate_limited")
    assert body["error"]
    assert body["error_description"]
    assert ask_token(url, GRANT, client.basic).status == (200 if known else 429)
    assert ask_token(url, GRANT, own.credentials.basic).status == 200


def test_s08_the_form_and_the_header_count_together(url: str, own: Actor) -> None:
    client = own.new_client()
    wrong = {**GRANT, "client_id": client.id, "client_secret": "guess"}
    statuses = [ask_token(url, wrong).status for _ in range(10)]
    statuses += [ask_token(url, GRANT, basic(client.id, "guess")).status for _ in range(11)]
    assert statuses == [401] * 20 + [429]
