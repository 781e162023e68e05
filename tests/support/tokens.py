"""Access tokens for tests of services that only check them: a key of our own, and the trust that vouches for it."""

from __future__ import annotations

import functools
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from shared.bearer import ALGORITHMS, Bearer
from shared.contracts.auth import AUDIENCE, Trust
from shared.contracts.envelope import write_json
from shared.scopes import SCOPES

ISSUER = "https://paperlane.test"
COMPANY = "a" * 24
OTHER_COMPANY = "b" * 24
KEY_ID = "test"


def trust() -> Trust:
    """The trust document by which tokens of `sign` are good."""
    public = {**_key().as_dict(private=False), "kid": KEY_ID, "use": "sig", "alg": ALGORITHMS[0]}
    return Trust(issuer=ISSUER, keys=(public,))


def bearer() -> Bearer:
    """What a service is wired with to believe tokens of `sign`."""
    return Bearer(trust)


def sign(
    company_id: str = COMPANY, scopes: Iterable[str] = tuple(SCOPES), client_id: str = "tester", **claims: Any
) -> str:
    """An RFC 9068 token, good for an hour; `claims` replace any of its claims, those that are None are left out."""
    now = int(time.time())
    standard = {
        "iss": ISSUER,
        "sub": client_id,
        "aud": AUDIENCE,
        "exp": now + 3600,
        "iat": now,
        "jti": secrets.token_urlsafe(16),
        "client_id": client_id,
        "company_id": company_id,
        "scope": " ".join(scopes),
    }
    kept = {name: value for name, value in (standard | claims).items() if value is not None}
    return jwt.encode({"alg": ALGORITHMS[0], "typ": "at+jwt", "kid": KEY_ID}, kept, _key(), algorithms=ALGORITHMS)


def authorization(
    company_id: str = COMPANY, scopes: Iterable[str] = tuple(SCOPES), client_id: str = "tester", **claims: Any
) -> dict[str, str]:
    """The header that a client of this company sends."""
    return {"Authorization": f"Bearer {sign(company_id, scopes, client_id, **claims)}"}


@contextmanager
def serving_trust() -> Iterator[str]:
    """The address of a server that answers for auth: processes that ask it believe tokens of `sign`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = write_json(trust())
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """A request every two seconds is no news."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@functools.cache
def _key() -> ECKey:
    return ECKey.generate_key("P-256")
