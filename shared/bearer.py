"""Who is calling: bearer tokens (RFC 6750) in the JWT profile of RFC 9068, checked against auth's trust document."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import urllib3
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from shared.contracts.auth import (
    API_KEY_CLAIM,
    AUDIENCE,
    COMPANY_CLAIM,
    DOCUMENTED,
    LEEWAY_SECONDS,
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
ACCEPTED_TYPES = ("at+jwt", "application/at+jwt")
MAX_TOKEN_CHARACTERS = 8 * 1024
POLL_SECONDS = 2.0
# How long the last good trust document serves while auth is away.
TRUST_SECONDS = 24 * 3600
CACHED_TOKENS = 4096
Claims = Mapping[str, Any]
Value = TypeVar("Value")
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

    def at(self, origin: Origin) -> Caller:
        """The same caller with another request."""
        return Caller(
            self.client_id,
            self.company_id,
            self.scopes,
            self.projects,
            self.networks,
            self.documented_states,
            self.plan,
            self.api_key_id,
            origin,
        )

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


@dataclass(frozen=True, slots=True)
class Verified:
    """A token that one of auth's keys vouches for: its claims, and what they come to. It may have expired."""

    claims: Claims
    caller: Caller
    token_id: str
    issued_at: int
    not_before: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class _KeyRing:
    """Keys, and the tokens that they have vouched for, by SHA-256. Other keys come with a memory of their own."""

    source: tuple[dict[str, Any], ...] = ()
    keys: Mapping[str, ECKey] = field(default_factory=dict)
    verified: dict[bytes, Verified] = field(default_factory=dict)


class Bearer:
    """Checks tokens. `trust` gives the current trust document, `now` the time in seconds since 1970."""

    def __init__(self, trust: Callable[[], Trust], now: Callable[[], float] = time.time) -> None:
        self._trust = trust
        self._now = now
        self._ring = _KeyRing()
        self._void: tuple[Trust | None, frozenset[str | None]] = (None, frozenset())

    def authenticate(self, authorization: str | None, origin: Origin | None = None) -> Caller:
        """The caller behind an Authorization header; Unauthenticated (RFC 6750 §3) or Unavailable."""
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(f"Send a token: 'Authorization: Bearer …'. {_GET_ANOTHER}", error=None)
        caller = self.accept(token).caller
        return caller if origin is None else caller.at(origin)

    def verify(self, token: str) -> Verified:
        """What the token says, whether or not it has expired or was revoked; Unauthenticated when it is not ours."""
        return self._verified(token, self._trust())

    def accept(self, token: str) -> Verified:
        """What the token says; Unauthenticated unless it is good now."""
        trust = self._trust()
        verified = self._verified(token, trust)
        self._refuse_expired_or_revoked(verified, trust)
        return verified

    def _verified(self, token: str, trust: Trust) -> Verified:
        ring = self._ring
        if trust.keys != ring.source:
            keys = {str(key.get("kid")): ECKey.import_key(dict(key)) for key in trust.keys}
            ring = self._ring = _KeyRing(trust.keys, keys)
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        verified = ring.verified.get(digest)
        if verified is None:
            verified = _verify(token, ring.keys)
            if len(ring.verified) >= CACHED_TOKENS:
                ring.verified.clear()
            ring.verified[digest] = verified
        if verified.claims.get("iss") != trust.issuer:
            raise Unauthenticated(f"The token was not made for this API. {_GET_ANOTHER}")
        return verified

    def _refuse_expired_or_revoked(self, verified: Verified, trust: Trust) -> None:
        now, caller = self._now(), verified.caller
        if verified.expires_at <= now - LEEWAY_SECONDS:
            raise Unauthenticated(f"The token has expired. {_GET_ANOTHER}")
        if verified.not_before > now + LEEWAY_SECONDS:
            raise Unauthenticated("The token is not valid yet. Check the clocks.")
        seen, void = self._void
        if seen is not trust:
            void = frozenset((*trust.disabled_clients, *trust.disabled_companies, *trust.revoked_api_keys))
            self._void = trust, void
        if (
            verified.token_id in trust.revoked
            or not void.isdisjoint((caller.client_id, caller.company_id, caller.api_key_id))
            or verified.issued_at < trust.revoked_before.get(caller.client_id, 0)
        ):
            raise Unauthenticated(f"The token was revoked. {_GET_ANOTHER}")


def _verify(token: str, keys: Mapping[str, ECKey]) -> Verified:
    """The token's content, if the key that its `kid` names has signed it; any key that it brings itself is ignored."""
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise Unauthenticated("The token is too long to be one of ours.")
    try:
        decoded = jwt.decode(token, lambda part: keys[part.headers()["kid"]], algorithms=ALGORITHMS)
        header, claims = decoded.header, decoded.claims
        # Of the extensions that could be critical (RFC 7515 §4.1.11) we know none.
        if str(header["typ"]).lower() not in ACCEPTED_TYPES or claims["aud"] != AUDIENCE or "crit" in header:
            raise ValueError("made for something else")
        return _read(claims)
    # Whatever a stranger put in it, nested as deep or as large as may be: it is no token of ours.
    except (JoseError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as fault:
        raise Unauthenticated(f"The token is not one of ours. {_GET_ANOTHER}") from fault


def _read(claims: Claims) -> Verified:
    """The claims as they are used; KeyError or TypeError when one is missing or of another type."""
    projects = _optional(claims, PROJECTS_CLAIM, list)
    issued_at = _typed(claims["iat"], int)
    caller = Caller(
        client_id=_typed(claims["client_id"], str),
        company_id=_typed(claims[COMPANY_CLAIM], str),
        scopes=parse_scope(_typed(claims["scope"], str)),
        projects=None if projects is None else frozenset(_texts(projects)),
        networks=_texts(_optional(claims, NETWORKS_CLAIM, list) or ()),
        documented_states=claims.get(STATES_CLAIM) == DOCUMENTED,
        plan=_optional(claims, PLAN_CLAIM, str) or DEFAULT,
        api_key_id=_optional(claims, API_KEY_CLAIM, str),
    )
    return Verified(
        claims=claims,
        caller=caller,
        token_id=_typed(claims["jti"], str),
        issued_at=issued_at,
        not_before=max(issued_at, _optional(claims, "nbf", int) or issued_at),
        expires_at=_typed(claims["exp"], int),
    )


def _optional(claims: Claims, name: str, kind: type[Value]) -> Value | None:
    return _typed(claims[name], kind) if name in claims else None


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(_typed(value, str) for value in values)


def _typed(value: Any, kind: type[Value]) -> Value:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is not {kind.__name__}")
    return value
