"""Keys, secrets and revocations change under continuous traffic without one wrong answer: S-07, S-13, S-16."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import ECKey

from tests.support import eventually
from tests.support.oauth import GRANT, PROBES, REVOKED_SECONDS, Actor, Credentials, ask_token, header_of, send
from tests.support.stack import PUBLISH_SECONDS, Stack
from tests.support.traffic import flowing

PATH = PROBES["gateway"]
JWKS = "/.well-known/jwks.json"
# Auth looks for new keys and shows them, services ask auth.
NOTICED_SECONDS = 10
SETTLED_SECONDS = 2


@pytest.fixture
def client(own: Actor) -> Iterator[Actor]:
    """A client of the drill's own."""
    actor = Actor(own.base_url, own.new_client())
    yield actor
    actor.close()


@pytest.fixture
def calling() -> Iterator[Calling]:
    with ExitStack() as closing:
        yield Calling(closing)


class Calling:
    """Makes callers, each with a connection of its own that lasts."""

    def __init__(self, closing: ExitStack) -> None:
        self._closing = closing

    def with_token(self, door: str, token: Callable[[], str]) -> Callable[[], int]:
        """Calls the API at this door with the token of the moment."""
        http = self._http(door)
        return lambda: http.get(PATH, headers={"Authorization": f"Bearer {token()}"}).status_code

    def with_key(self, url: str, key: Callable[[], str]) -> Callable[[], int]:
        http = self._http(url)
        return lambda: http.get(PATH, headers={"X-API-Key": key()}).status_code

    def _http(self, door: str) -> httpx.Client:
        return self._closing.enter_context(httpx.Client(base_url=door, trust_env=False, timeout=30))


def getting(client: Actor, secret: str | None = None) -> Callable[[], int]:
    """A request for a token, with this secret or the client's own."""
    credentials = Credentials(client.credentials.id, secret or client.credentials.secret)
    return lambda: ask_token(client.base_url, GRANT, credentials.basic).status


def flow_on(seconds: float) -> None:
    """Let the traffic go on for a while."""
    end = time.monotonic() + seconds
    eventually(lambda: time.monotonic() > end, seconds=seconds + 1)


@pytest.fixture
def retired(keys_folder: Path, own: Actor, doors: dict[str, str]) -> Iterator[Callable[[], None]]:
    """Takes the old signing keys away. Afterwards they are back, for the tokens of other tests."""
    kept = {file: file.read_bytes() for file in keys_folder.glob("*.pem")}
    token = own.new_token()

    def retire() -> None:
        for file in kept:
            file.unlink()

    yield retire
    for file, content in kept.items():
        draft = file.with_suffix(".draft")
        draft.write_bytes(content)
        draft.chmod(0o600)
        draft.replace(file)
    for name, door in doors.items():
        eventually(partial(is_taken, door, token, PROBES[name]), seconds=NOTICED_SECONDS, every=0.1)


def is_taken(door: str, token: str, path: str = PATH) -> bool:
    """Whether the token is good at this door; it is refused otherwise."""
    status = send(door, "GET", path, {"Authorization": f"Bearer {token}"}).status
    assert status in (200, 401)
    return status == 200


def test_s13_signing_keys_rotate_under_traffic(
    own: Actor, client: Actor, calling: Calling, doors: dict[str, str], keys_folder: Path, retired: Callable[[], None]
) -> None:
    old, key, url = client.new_token(), ECKey.generate_key("P-256"), client.base_url
    tokens, (_, api_key) = [old], own.new_key(client.credentials.id)
    callers = {
        "gateway": calling.with_token(url, lambda: tokens[-1]),
        "documents": calling.with_token(doors["documents"], lambda: tokens[-1]),
        "fresh tokens": calling.with_token(url, client.new_token),
        "API key": calling.with_key(url, lambda: api_key),
    }
    with flowing(callers) as traffic:
        flow_on(1)
        draft = keys_folder / ".next"
        draft.write_bytes(key.as_pem(private=True))
        draft.chmod(0o600)
        draft.replace(keys_folder / f"9999-{int(time.time())}.pem")
        eventually(lambda: key.thumbprint() in own.http.get(JWKS).text, seconds=NOTICED_SECONDS)
        shown_at = time.monotonic()
        signs = lambda: header_of(client.new_token())["kid"] == key.thumbprint()  # noqa: E731
        eventually(signs, seconds=PUBLISH_SECONDS + NOTICED_SECONDS, every=0.1)
        assert time.monotonic() - shown_at >= PUBLISH_SECONDS - 1, "shown long enough before it signs"
        assert is_taken(url, old)
        tokens.append(client.new_token())
        flow_on(1)
        retired()
        eventually(lambda: header_of(old)["kid"] not in own.http.get(JWKS).text, seconds=NOTICED_SECONDS)
        for door in (url, doors["documents"]):
            eventually(lambda door=door: not is_taken(door, old), seconds=NOTICED_SECONDS)  # type: ignore[misc]
        flow_on(SETTLED_SECONDS)
    for name in callers:
        assert traffic.wrong(name) == [], name


def test_s13_services_go_on_while_auth_is_away(
    stack: Stack, own: Actor, client: Actor, calling: Calling, doors: dict[str, str]
) -> None:
    token, (_, key), url = client.new_token(), own.new_key(client.credentials.id), client.base_url
    callers = {
        "gateway": calling.with_token(url, lambda: token),
        "documents": calling.with_token(doors["documents"], lambda: token),
        "API key": calling.with_key(url, lambda: key),
    }
    assert [call() for call in callers.values()] == [200, 200, 200]
    with flowing(callers) as traffic:
        stack.stop("auth")
        flow_on(SETTLED_SECONDS)
        stack.start("auth")
    for name in callers:
        assert traffic.wrong(name) == [], name


def test_s07_a_secret_is_rotated_under_traffic(own: Actor, client: Actor) -> None:
    path = f"/v2/clients/{client.credentials.id}"
    with flowing({"old": getting(client)}) as before:
        flow_on(0.5)
        made = own.made(f"{path}/secrets", {"overlapSeconds": 2})
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


def test_s16_tokens_and_keys_are_revoked_under_traffic(
    own: Actor, client: Actor, calling: Calling, doors: dict[str, str]
) -> None:
    kept, revoked = client.new_token(), client.new_token()
    key_id, key = own.new_key(client.credentials.id)
    _, kept_key = own.new_key(client.credentials.id)
    url = client.base_url
    callers = {
        "kept": calling.with_token(url, lambda: kept),
        "kept key": calling.with_key(url, lambda: kept_key),
        "revoked": calling.with_token(url, lambda: revoked),
        "revoked at documents": calling.with_token(doors["documents"], lambda: revoked),
        "revoked key": calling.with_key(url, lambda: key),
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
        late = {each.status for each in traffic.answers[name] if each.began > answered + REVOKED_SECONDS}
        assert late
        assert late <= {401, 429}, "whoever goes on with a key that is none is told to slow down"
