"""Who is calling: bearer tokens (RFC 6750) in the JWT profile of RFC 9068, checked against auth's trust document."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import urllib3
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.contracts.auth import (
    API_KEY_CLAIM,
    AUDIENCE,
    COMPANY_CLAIM,
    DOCUMENTED,
    NETWORKS_CLAIM,
    PLAN_CLAIM,
    PROJECTS_CLAIM,
    STATES_CLAIM,
    TRUST_PATH,
    Trust,
)
from shared.contracts.envelope import Malformed, read_json
from shared.errors import Forbidden, Unauthenticated, Unavailable
from shared.logs import get_logger
from shared.origin import Origin
from shared.plans import DEFAULT
from shared.scopes import parse_scope

ALGORITHMS = ["ES256"]
LEEWAY_SECONDS = 30
MAX_TOKEN_BYTES = 8 * 1024
POLL_SECONDS = 2.0
# How long the last good trust document serves while auth is away.
TRUST_SECONDS = 24 * 3600
CACHED_TOKENS = 4096
_GET_ANOTHER = "Get a new one from POST /v2/auth/token."

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """The client behind a request, and what its token limits it to: `projects` None means all, `networks` () any."""

    client_id: str
    company_id: str
    scopes: frozenset[str]
    projects: frozenset[str] | None = None
    networks: tuple[str, ...] = ()
    documented_states: bool = False
    plan: str = DEFAULT
    api_key_id: str | None = None
    origin: Origin = field(default_factory=Origin)

    def require(self, scope: str) -> None:
        """Raise Forbidden when the token lacks this scope."""
        if scope not in self.scopes:
            raise Forbidden(f"This needs a token with the scope {scope}. Ask for it when you get the token.", scope)


class TrustPoller:
    """Keeps auth's trust document fresh by asking every two seconds; calling it gives the last good one.

    The thread starts with the first call, so after a fork. Unavailable until auth has answered once, or when its last
    answer is older than a day.
    """

    def __init__(self, auth_url: str) -> None:
        self._url = auth_url.rstrip("/") + TRUST_PATH
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(total=2), retries=False)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._trust: Trust | None = None
        self._etag = ""
        self._fresh_at = 0.0

    def __call__(self) -> Trust:
        if self._thread is None:
            self._start()
        if self._trust is None or time.monotonic() - self._fresh_at > TRUST_SECONDS:
            raise Unavailable("Tokens cannot be checked at the moment. Send the request again.")
        return self._trust

    @property
    def ready(self) -> bool:
        try:
            return bool(self().keys)
        except Unavailable:
            return False

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._ask()
                self._thread = threading.Thread(target=self._poll, name="trust", daemon=True)
                self._thread.start()

    def _poll(self) -> None:
        while True:
            time.sleep(POLL_SECONDS if self._trust else 0.2)
            self._ask()

    def _ask(self) -> None:
        try:
            answer = self._pool.request("GET", self._url, headers={"If-None-Match": self._etag})
            if answer.status == 200:
                self._trust = read_json(Trust, answer.data, "trust")
                self._etag = answer.headers.get("ETag", "")
            if answer.status in (200, 304):
                self._fresh_at = time.monotonic()
        except (urllib3.exceptions.HTTPError, Malformed) as fault:
            log.warning("trust_not_fetched", reason=str(fault))


class Bearer:
    """Checks tokens. `trust` gives the current trust document, `now` the time in seconds since 1970."""

    def __init__(self, trust: Callable[[], Trust], now: Callable[[], float] = time.time) -> None:
        self._trust = trust
        self._now = now
        self._keys: tuple[dict[str, Any], ...] = ()
        self._key_set = KeySet([])
        self._verified: dict[bytes, Mapping[str, Any]] = {}

    def authenticate(self, authorization: str | None, origin: Origin | None = None) -> Caller:
        """The caller behind an Authorization header; Unauthenticated (RFC 6750 §3) or Unavailable."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated(f"Send a token: 'Authorization: Bearer …'. {_GET_ANOTHER}", error=None)
        trust = self._trust()
        claims = self._claims(token.strip(), trust)
        self._refuse_expired_or_revoked(claims, trust)
        projects = claims.get(PROJECTS_CLAIM)
        return Caller(
            client_id=claims["client_id"],
            company_id=claims[COMPANY_CLAIM],
            scopes=parse_scope(claims["scope"]),
            projects=None if projects is None else frozenset(projects),
            networks=tuple(claims.get(NETWORKS_CLAIM, ())),
            documented_states=claims.get(STATES_CLAIM) == DOCUMENTED,
            plan=claims.get(PLAN_CLAIM, DEFAULT),
            api_key_id=claims.get(API_KEY_CLAIM),
            origin=origin or Origin(),
        )

    def _claims(self, token: str, trust: Trust) -> Mapping[str, Any]:
        if trust.keys != self._keys:
            # Another key set: what the old one vouched for is forgotten.
            self._key_set = KeySet.import_key_set({"keys": [dict(key) for key in trust.keys]})
            self._verified, self._keys = {}, trust.keys
        verified = self._verified
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        claims = verified.get(digest)
        if claims is None:
            claims = self._verify(token, trust)
            if len(verified) >= CACHED_TOKENS:
                verified.clear()
            verified[digest] = claims
        return claims

    def _verify(self, token: str, trust: Trust) -> Mapping[str, Any]:
        if len(token) > MAX_TOKEN_BYTES:
            raise Unauthenticated("The token is too long to be one of ours.")
        try:
            decoded = jwt.decode(token, self._key_set, algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise Unauthenticated(f"The token is not one of ours. {_GET_ANOTHER}") from fault
        claims = cast(Mapping[str, Any], decoded.claims)
        texts = ("sub", "jti", "client_id", "company_id", "scope")
        if (
            str(decoded.header.get("typ", "")).lower() not in ("at+jwt", "application/at+jwt")
            or claims.get("iss") != trust.issuer
            or claims.get("aud") != AUDIENCE
            or not all(isinstance(claims.get(name), str) for name in texts)
            or not all(type(claims.get(name)) is int for name in ("exp", "iat"))
        ):
            raise Unauthenticated(f"The token was not made for this API. {_GET_ANOTHER}")
        return claims

    def _refuse_expired_or_revoked(self, claims: Mapping[str, Any], trust: Trust) -> None:
        now = self._now()
        if claims["exp"] <= now - LEEWAY_SECONDS:
            raise Unauthenticated(f"The token has expired. {_GET_ANOTHER}")
        if max(claims["iat"], claims.get("nbf", 0)) > now + LEEWAY_SECONDS:
            raise Unauthenticated("The token is not valid yet. Check the clocks.")
        client = claims["client_id"]
        if (
            claims["jti"] in trust.revoked
            or client in trust.disabled_clients
            or claims[COMPANY_CLAIM] in trust.disabled_companies
            or claims.get(API_KEY_CLAIM) in trust.revoked_api_keys
            or claims["iat"] < trust.revoked_before.get(client, 0)
        ):
            raise Unauthenticated(f"The token was revoked. {_GET_ANOTHER}")
