"""No log, metric or answer ever holds a secret (S-21): marked ones are sent everywhere, then looked for."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import ECKey

from tests.support import eventually
from tests.support.lane import Lane
from tests.support.oauth import (
    GRANT,
    TOKEN_PATH,
    Actor,
    ask_token,
    assertion,
    assertion_form,
    basic,
    public_jwk,
    send,
)
from tests.support.samples import BUNDLE
from tests.support.stack import Stack

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()


def canary(what: str) -> str:
    return f"canary-{what}-{secrets.token_hex(12)}"


@pytest.fixture(scope="module")
def canaries(lane: Lane, own: Actor) -> dict[str, str]:
    """Everything secret that a client sends or gets, used in right and in wrong ways."""
    url, key = own.base_url, ECKey.generate_key("P-256")
    client, signing = own.new_client(), own.new_client(authMethod="private_key_jwt", jwks=[public_jwk(key)])
    _, api_key = own.new_key(client.id)
    repeated = canary("idempotency")
    keyed = own.call(
        "POST", "/v2/clients", json={"name": "x", "scopes": ["documents.read"]}, headers={"Idempotency-Key": repeated}
    ).json()
    signed = assertion(key, signing.id, url)
    token = Actor(url, client).new_token()
    found = {
        "client secret": client.secret, "keyed secret": keyed["secret"], "api key": api_key, "token": token,
        "assertion": signed, "wrong secret": canary("secret"), "secret in query": canary("query"),
        "token in query": canary("access-token"), "wrong key": "paperlane_" + canary("key"),
        "wrong bearer": canary("bearer"), "wrong basic": canary("basic"), "password": canary("password"),
    }  # fmt: skip
    assert ask_token(url, assertion_form(signed)).status == 200
    assert ask_token(url, assertion_form(signed)).status == 401
    ask_token(url, GRANT | {"client_id": client.id, "client_secret": found["wrong secret"]})
    ask_token(url, GRANT, basic(found["wrong basic"], found["wrong secret"]))
    ask_token(url, {"grant_type": "password", "username": "x", "password": found["password"]}, client.basic)
    ask_token(url, GRANT, client.basic, path=f"{TOKEN_PATH}?client_secret={found['secret in query']}")
    ask_token(url, f"client_secret={found['password']}".encode(), client.basic, content_type="application/json")
    for path in ("/v2/auth/introspect", "/v2/auth/revoke"):
        ask_token(url, {"token": found["wrong bearer"]}, client.basic, path=path)
    send(url, "GET", f"/v2/documents?access_token={found['token in query']}")
    for headers in (
        {"Authorization": f"Bearer {found['wrong bearer']}"}, {"X-API-Key": found["wrong key"]}, {"API-KEY": api_key},
        {"Authorization": f"Bearer {token}"}, {"Authorization": found["wrong basic"]},
        {"X-API-Key": api_key, "Authorization": f"Bearer {token}"},
    ):  # fmt: skip
        send(url, "GET", "/v2/documents", headers)
        send(url, "GET", "/v2/documents/%00", headers)
    lane.process(SAMPLE)
    assert ask_token(url, {"token": token}, client.basic, path="/v2/auth/revoke").status == 200
    return found


def test_s21_no_log_holds_a_secret(stack: Stack, canaries: dict[str, str]) -> None:
    logs = sorted((stack.home.path / "logs").iterdir()) + sorted((stack.servers.home.path / "logs").iterdir())
    assert {"gateway.log", "auth.log", "documents.log"} <= {log.name for log in logs}
    eventually(lambda: b"/v2/auth/revoke" in (stack.home.log("auth")).read_bytes(), seconds=3)
    assert leaks(logs, canaries) == []


def test_s21_no_metric_holds_a_secret(stack: Stack, canaries: dict[str, str]) -> None:
    for service in stack.local["services"].values():
        metrics = httpx.get(f"{service['ops_url']}/metrics", trust_env=False).text
        assert not [name for name, secret in canaries.items() if secret in metrics]


def test_s21_nothing_of_the_stacks_own_is_logged(stack: Stack, canaries: dict[str, str]) -> None:
    credentials = [file for file in (stack.home.path / "credentials").rglob("*") if file.is_file()]
    own = {file.name: file.read_text().strip() for file in credentials}
    own = {name: text for name, text in own.items() if text and not name.endswith("_id")}
    own = {name: max(text.splitlines(), key=len) for name, text in own.items()}
    assert len(own) >= 8
    assert leaks(sorted((stack.home.path / "logs").iterdir()), own) == []


def test_s21_no_token_of_anybody_is_logged(stack: Stack, canaries: dict[str, str]) -> None:
    """Neither a JWT, nor a Basic pair, nor an API key, nor a presigned link, whoever sent it."""
    shapes = re.compile(
        rb"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.|[Bb]asic [A-Za-z0-9+/=]{16,}"
        rb"|paperlane_[A-Za-z0-9_-]{43}|X-Amz-Signature"
    )
    for log in (stack.home.path / "logs").iterdir():
        found = shapes.search(log.read_bytes())
        assert not found, (log.name, found)


def leaks(files: list[Path], known: dict[str, str]) -> list[tuple[str, str]]:
    """Which file holds which secret, as it is or the parts of a token."""
    return [
        (file.name, name)
        for file in files
        for content in [file.read_bytes()]
        for name, secret in known.items()
        if secret.encode() in content or secret.rpartition(".")[2].encode() in content
    ]
