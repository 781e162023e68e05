"""Keys, secrets and revocations change under continuous traffic without one wrong answer: S-07, S-13, S-16."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import ECKey

from tests.support import eventually
from tests.support.oauth import GRANT, REVOKED_SECONDS, Actor, Credentials, ask_token, header_of, send
from tests.support.stack import PUBLISH_SECONDS
from tests.support.traffic import flowing

PATH = "/v2/documents?limit=1"
JWKS = "/.well-known/jwks.json"
# Auth looks for new keys and shows them, services ask auth.
NOTICED_SECONDS = 10
SETTLED_SECONDS = 3


@pytest.fixture
def client(own: Actor) -> Iterator[Actor]:
    """A client of the drill's own."""
    actor = Actor(own.base_url, own.new_client())
    yield actor
    actor.close()


def with_token(door: str, token: Callable[[], str]) -> Callable[[], int]:
    """A call of the API at this door with the token of the moment."""
    http = httpx.Client(base_url=door, trust_env=False, timeout=30)
    return lambda: http.get(PATH, headers={"Authorization": f"Bearer {token()}"}).status_code


def with_key(url: str, key: str) -> Callable[[], int]:
    http = httpx.Client(base_url=url, trust_env=False, timeout=30)
    return lambda: http.get(PATH, headers={"X-API-Key": key}).status_code


def getting(client: Actor, secret: str | None = None) -> Callable[[], int]:
    """A request for a token, with this secret or the client's own."""
    credentials = Credentials(client.credentials.id, secret or client.credentials.secret)
    return lambda: ask_token(client.base_url, GRANT, credentials.basic).status


def flow_on(seconds: float) -> None:
    """Let the traffic go on for a while."""
    end = time.monotonic() + seconds
    eventually(lambda: time.monotonic() > end, seconds=seconds + 1)


def test_s13_signing_keys_rotate_under_traffic(
    own: Actor, client: Actor, doors: dict[str, str], keys_folder: Path
) -> None:
    old_files, old = list(keys_folder.glob("*.pem")), client.new_token()
    old_kid, key = header_of(old)["kid"], ECKey.generate_key("P-256")
    renewed = _Renewed(client)
    callers = {
        "gateway": with_token(client.base_url, renewed.token),
        "documents": with_token(doors["documents"], renewed.token),
        "fresh tokens": with_token(client.base_url, client.new_token),
        "API key": with_key(client.base_url, own.new_key(client.credentials.id)[1]),
    }
    with flowing(callers) as traffic:
        flow_on(1)
        draft = keys_folder / ".next"
        draft.write_bytes(key.as_pem(private=True))
        draft.chmod(0o600)
        draft.replace(keys_folder / f"9999-{int(time.time())}.pem")
        eventually(lambda: key.thumbprint() in own.http.get(JWKS).text, seconds=NOTICED_SECONDS)
        shown_at = time.monotonic()
        eventually(
            lambda: header_of(client.new_token())["kid"] == key.thumbprint(),
            seconds=PUBLISH_SECONDS + NOTICED_SECONDS,
            every=0.1,
        )
        assert time.monotonic() - shown_at >= PUBLISH_SECONDS - 1, "shown long enough before it signs"
        assert send(client.base_url, "GET", PATH, {"Authorization": f"Bearer {old}"}).status == 200
        renewed.renew()
        flow_on(1)
        for file in old_files:
            file.unlink()
        eventually(lambda: old_kid not in own.http.get(JWKS).text, seconds=NOTICED_SECONDS)
        for door in (client.base_url, doors["documents"]):
            refused = lambda door=door: send(door, "GET", PATH, {"Authorization": f"Bearer {old}"}).status == 401  # noqa: E731
            eventually(refused, seconds=NOTICED_SECONDS)
        flow_on(SETTLED_SECONDS)
    for name in callers:
        assert traffic.wrong(name) == [], name
    own.forget()


def test_s07_a_secret_is_rotated_under_traffic(own: Actor, client: Actor) -> None:
    path = f"/v2/clients/{client.credentials.id}"
    with flowing({"old": getting(client)}) as before:
        flow_on(0.5)
        made = own.made(f"{path}/secrets", {"overlapSeconds": 3})
    assert before.wrong("old") == []
    secrets = own.call("GET", path).json()["secrets"]
    end = min(datetime.fromisoformat(each["notAfter"]).timestamp() for each in secrets if each.get("notAfter"))
    with flowing({"old": getting(client), "new": getting(client, made["secret"])}) as traffic:
        flow_on(end - time.time() + 1.5)
    assert traffic.wrong("new") == []
    assert traffic.wrong("old", until=end - 0.05) == []
    late = {each.status for each in traffic.answers["old"] if each.began > end + 0.05}
    assert late <= {401, 429}
    assert 401 in late


def test_s16_tokens_and_keys_are_revoked_under_traffic(own: Actor, client: Actor, doors: dict[str, str]) -> None:
    kept, revoked = client.new_token(), client.new_token()
    key_id, key = own.new_key(client.credentials.id)
    _, kept_key = own.new_key(client.credentials.id)
    url = client.base_url
    callers = {
        "kept": with_token(url, lambda: kept),
        "kept key": with_key(url, kept_key),
        "revoked": with_token(url, lambda: revoked),
        "revoked at documents": with_token(doors["documents"], lambda: revoked),
        "revoked key": with_key(url, key),
    }
    with flowing(callers) as traffic:
        flow_on(1)
        asked = time.time()
        form = {"token": revoked}
        assert ask_token(url, form, client.credentials.basic, path="/v2/auth/revoke").status == 200
        assert own.call("DELETE", f"/v2/clients/{client.credentials.id}/api-keys/{key_id}").status_code == 204
        answered = time.time()
        flow_on(REVOKED_SECONDS + 1)
    for name in ("kept", "kept key"):
        assert traffic.wrong(name) == []
    for name in ("revoked", "revoked at documents", "revoked key"):
        assert traffic.wrong(name, until=asked) == []
        assert traffic.wrong(name, right=401, since=answered + REVOKED_SECONDS) == []
        assert {each.status for each in traffic.answers[name]} == {200, 401}


class _Renewed:
    """A token that all share until it is renewed."""

    def __init__(self, client: Actor) -> None:
        self._client = client
        self._token = client.new_token()

    def token(self) -> str:
        return self._token

    def renew(self) -> None:
        self._token = self._client.new_token()
