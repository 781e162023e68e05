"""Token requests of every shape over raw HTTP, client assertions and forged tokens, and clients that a test makes for
itself through the public API.
"""

from __future__ import annotations

import base64
import json
import secrets
import socket
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPMessage, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

TOKEN_PATH = "/v2/auth/token"
GRANT = {"grant_type": "client_credentials"}
FORM = "application/x-www-form-urlencoded"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "urn:paperlane:api"
ALGORITHM = "ES256"
# Everywhere, after a token, key or client was revoked.
REVOKED_SECONDS = 5.0

# A harmless call that each process guards, for a client with all scopes.
PROBES = {
    "auth": "/v2/clients?limit=1",
    "files": "/v2/audit/files?limit=1",
    "documents": "/v2/documents?limit=1",
    "gateway": "/v2/documents?limit=1",
}

Text = str | bytes
Pairs = Mapping[str, str] | Iterable[tuple[str, str]]
# Headers that differ from answer to answer of the same request.
_OF_ONE_ANSWER = {
    "date", "x-request-id", "traceparent", "ratelimit", "ratelimit-policy", "x-ratelimit-limit",
    "x-ratelimit-remaining", "x-ratelimit-reset", "connection", "keep-alive",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it came over the wire."""

    status: int
    headers: HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lasting(self) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
        """What is the same in every answer to the same request."""
        kept = [(name.lower(), value) for name, value in self.headers.items() if name.lower() not in _OF_ONE_ANSWER]
        return self.status, self.body, tuple(sorted(kept))


def exchange(url: str, request: bytes) -> Answer:
    """The answer to these very bytes."""
    address = urlsplit(url)
    with socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=30) as wire:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was read
            wire.sendall(request)
        response = HTTPResponse(wire, method=request.partition(b" ")[0].decode("latin-1"))
        response.begin()
        return Answer(response.status, response.headers, response.read())


def send(
    url: str,
    method: str,
    target: Text,
    headers: Mapping[str, Text] | Iterable[tuple[str, Text]] = (),
    body: bytes | None = None,
) -> Answer:
    """One request whose target, header values and body go out as they are, on a connection of its own."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    lines = [method.encode() + b" " + _bytes(target) + b" HTTP/1.1"]
    if "host" not in {name.lower() for name, _ in pairs}:
        lines.append(b"Host: " + urlsplit(url).netloc.encode())
    lines += [name.encode() + b": " + _bytes(value) for name, value in pairs]
    if body is not None and "transfer-encoding" not in {name.lower() for name, _ in pairs}:
        lines.append(b"Content-Length: %d" % len(body))
    lines.append(b"Connection: close")
    return exchange(url, b"\r\n".join(lines) + b"\r\n\r\n" + (body or b""))


def ask_token(
    url: str,
    form: Pairs | bytes,
    authorization: Text | None = None,
    *,
    path: str = TOKEN_PATH,
    content_type: str | None = FORM,
) -> Answer:
    """A request to the token endpoint, or to another of its family at `path`."""
    headers: list[tuple[str, Text]] = [("Content-Type", content_type)] if content_type else []
    if authorization is not None:
        headers.append(("Authorization", authorization))
    body = form if isinstance(form, bytes) else urlencode(list(_pairs(form))).encode()
    return send(url, "POST", path, headers, body)


def basic(client_id: Text, secret: Text) -> str:
    """A Basic header with this pair as it is; RFC 6749 wants each form-urlencoded before."""
    return "Basic " + base64.b64encode(_bytes(client_id) + b":" + _bytes(secret)).decode()


def assertion(key: ECKey, client_id: str, audience: str, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
    """A client assertion (RFC 7523 §3) that is right for a minute; `claims` replace, and None leaves out."""
    now = int(time.time())
    standard = {
        "iss": client_id, "sub": client_id, "aud": audience, "iat": now, "exp": now + 60, "jti": secrets.token_hex(16),
    }  # fmt: skip
    kept = {name: value for name, value in (standard | claims).items() if value is not None}
    return jwt.encode({"alg": ALGORITHM, "kid": "test", **(header or {})}, kept, key, algorithms=[ALGORITHM])


def assertion_form(token: str, **more: str) -> dict[str, str]:
    return {**GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": token, **more}


def public_jwk(key: ECKey) -> dict[str, Any]:
    """As a client's `jwks` has it."""
    return {**key.as_dict(private=False), "kid": "test", "use": "sig", "alg": ALGORITHM}


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a token, unchecked."""
    return _segment(token, 1)


def header_of(token: str) -> dict[str, Any]:
    return _segment(token, 0)


def signing_keys(folder: Path) -> dict[str, ECKey]:
    """The private keys of the stack under test, by key id."""
    keys = (ECKey.import_key(file.read_bytes()) for file in sorted(folder.glob("*.pem")))
    return {key.thumbprint(): key for key in keys}


@dataclass(frozen=True, slots=True)
class Credentials:
    """A client as the API has made it; `secret` is empty for one that signs assertions."""

    id: str
    secret: str

    @property
    def basic(self) -> str:
        return basic(self.id, self.secret)


class Actor:
    """Calls the API as one client, over connections that are kept; safe to share between threads."""

    def __init__(self, base_url: str, credentials: Credentials) -> None:
        self.base_url = base_url
        self.credentials = credentials
        self.http = httpx.Client(base_url=base_url, timeout=60, trust_env=False)
        self._tokens: dict[str | None, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        self.http.close()

    def token(self, scope: str | None = None) -> str:
        """A token with this scope, the same one for some minutes."""
        with self._lock:
            token, until = self._tokens.get(scope, ("", 0.0))
            if time.monotonic() > until:
                token = self.new_token(scope)
                self._tokens[scope] = (token, time.monotonic() + 240)
            return token

    def new_token(self, scope: str | None = None) -> str:
        answer = ask_token(self.base_url, GRANT | ({"scope": scope} if scope else {}), self.credentials.basic)
        assert answer.status == 200, answer.body
        return str(answer.json()["access_token"])

    def forget(self) -> None:
        """Get new tokens from now on, as after a revocation."""
        with self._lock:
            self._tokens.clear()

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any call with a token; `more` as httpx takes it."""
        headers = {"Authorization": f"Bearer {self.token()}", **more.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **more)

    def made(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What a POST has made."""
        answer = self.call("POST", path, json=dict(body))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def new_client(self, **members: Any) -> Credentials:
        """A client of this company that may read documents and has the plan `local`, unless `members` say else."""
        body = {"name": "made by a test", "scopes": ["documents.read"], "plan": "local", **members}
        made = self.made("/v2/clients", body)
        return Credentials(made["id"], made.get("secret") or "")

    def new_key(self, client_id: str) -> tuple[str, str]:
        """Id and text of a new API key of this client."""
        made = self.made(f"/v2/clients/{client_id}/api-keys", {"name": "made by a test"})
        return made["id"], made["key"]


def _pairs(form: Pairs) -> Iterable[tuple[str, str]]:
    return form.items() if isinstance(form, Mapping) else form


def _segment(token: str, index: int) -> dict[str, Any]:
    part = token.split(".")[index]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def _bytes(text: Text) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
