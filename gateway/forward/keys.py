"""API keys: exchanged at auth for tokens of their client, which serve until shortly before they expire."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from gateway.errors import TooManyKeys
from gateway.forward.upstream import Upstream, posting
from shared.contracts.auth import API_KEY_EXCHANGE_PATH
from shared.errors import BadGateway, GatewayTimeout, Refusal, Unauthenticated, Unavailable
from shared.origin import Origin
from shared.recent import Recent

# A token is replaced this long before it expires; if auth is away then, it serves on.
EARLY_SECONDS = 30.0
# How long auth is left alone after it failed to replace one.
PAUSE_SECONDS = 5.0
KEYS = 4096
# A prefix and 256 random bits: whatever looks different is not worth a question.
_KEY = re.compile(r"paperlane_[A-Za-z0-9_-]{43}\Z")


class Pass(NamedTuple):
    """A token and for how many seconds it is good."""

    token: str
    seconds: float


Exchange = Callable[[str, Origin], Pass]


class KeyRing:
    """The tokens of API keys by the keys' hashes. One exchange at a time for a key, however many requests wait."""

    def __init__(self, exchange: Exchange, now: Callable[[], float] = time.monotonic) -> None:
        self._exchange = exchange
        self._now = now
        self._held: Recent[bytes, _Held] = Recent(KEYS, _Held)

    def token(self, key: str, origin: Origin) -> str:
        """The token for this key. Unauthenticated when auth does not know it, TooManyKeys when it has had enough,
        Unavailable when it is away.
        """
        if not _KEY.match(key):
            raise _unknown()
        digest = hashlib.sha256(key.encode()).digest()
        held = self._held.of(digest)
        if self._now() < held.renew_at:
            return held.token
        with held.exchanging:
            now = self._now()
            if now >= held.renew_at:
                self._renew(held, digest, key, origin)
            return held.token

    def drop(self, key: str, token: str) -> None:
        """Forget the token of this key, if it is still that one: it was voided."""
        self._held.forget(hashlib.sha256(key.encode()).digest(), lambda held: held.token == token)

    def _renew(self, held: _Held, digest: bytes, key: str, origin: Origin) -> None:
        asked = self._now()
        try:
            given = self._exchange(key, origin)
        except Refusal as refusal:
            if isinstance(refusal, Unauthenticated) or asked >= held.expires_at:
                self._held.forget(digest)
                raise
            held.renew_at = min(asked + PAUSE_SECONDS, held.expires_at)
            return
        held.token = given.token
        held.expires_at = asked + given.seconds
        held.renew_at = max(asked, held.expires_at - EARLY_SECONDS)


class _Held:
    """A key's token, and the lock under which it is replaced."""

    __slots__ = ("exchanging", "expires_at", "renew_at", "token")

    def __init__(self) -> None:
        self.exchanging = threading.Lock()
        self.token = ""
        self.expires_at = self.renew_at = 0.0


class AskAuth:
    """Exchanges keys at the service `auth`, for the client at the origin's address."""

    def __init__(self, auth: Upstream) -> None:
        self._auth = auth

    def __call__(self, key: str, origin: Origin) -> Pass:
        headers = {
            "X-Forwarded-For": origin.address,
            "X-Request-Id": origin.request_id,
            "Traceparent": origin.traceparent,
        }
        try:
            reply = self._auth.send(posting(API_KEY_EXCHANGE_PATH, json.dumps({"key": key}).encode(), headers))
            answer = b"".join(reply.pieces)
        except (BadGateway, GatewayTimeout, OSError) as fault:
            raise Unavailable("API keys cannot be checked at the moment. Send the request again.") from fault
        if reply.status.startswith("429 "):
            raise TooManyKeys(int(dict(reply.headers).get("Retry-After", 30)))
        if reply.status.startswith("401 "):
            raise _unknown()
        return _read(reply.status, answer)


def _read(status: str, answer: bytes) -> Pass:
    try:
        if not status.startswith("200 "):
            raise ValueError(status)
        plain = json.loads(answer)
        return Pass(str(plain["access_token"]), float(plain["expires_in"]))
    except (ValueError, KeyError, TypeError) as fault:
        raise Unavailable("API keys cannot be checked at the moment. Send the request again.") from fault


def _unknown() -> Unauthenticated:
    return Unauthenticated("The API key is not valid. Make one with POST /v2/clients/{clientId}/api-keys.")
