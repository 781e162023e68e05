"""What others check tokens by, and what they can ask of us."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import request
from marshmallow import Schema
from werkzeug.wrappers import Response

from services.auth.ports import Desk
from services.auth.schemas.tokens import KeySet, Metadata
from services.auth.usecases import trust
from shared.contracts.auth import JWKS_PATH, METADATA_PATH, TRUST_PATH
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("auth")


@routes.get(TRUST_PATH, Operation(scope=None, summary="Public keys and revocations", answer=Answer(200)))
def show_trust(desk: Desk) -> Response:
    document = trust.show_trust(desk)
    return _unless_known(document.body, document.etag)


def cacheable(summary: str, schema: type[Schema]) -> Operation:
    """Of an answer that anybody may read and keep for a while."""
    tells = {"Cache-Control": "How long it may be kept.", "ETag": "What If-None-Match shall say the next time."}
    return Operation(
        scope=None,
        summary=summary,
        answer=Answer(200, schema, tells=tells),
        headers={"If-None-Match": "The ETag of the answer that is at hand."},
        also=(Answer(304, tells=tells),),
    )


@routes.get(JWKS_PATH, cacheable("Get the public keys", KeySet))
def show_keys(desk: Desk) -> Response:
    """The keys that access tokens are signed with (RFC 7517). A new key is shown for as long as this may be cached
    before it signs.
    """
    return _cacheable(desk, trust.show_keys(desk))


@routes.get(METADATA_PATH, cacheable("Describe this server", Metadata))
def show_metadata(desk: Desk) -> Response:
    """The authorization server's metadata (RFC 8414)."""
    return _cacheable(desk, trust.show_metadata(desk))


def _cacheable(desk: Desk, plain: dict[str, Any]) -> Response:
    body = json.dumps(plain).encode()
    response = _unless_known(body, hashlib.sha256(body).hexdigest())
    response.headers["Cache-Control"] = f"public, max-age={desk.key_publish_seconds}"
    return response


def _unless_known(body: bytes, etag: str) -> Response:
    response = Response(body, content_type="application/json")
    response.set_etag(etag)
    return response.make_conditional(request)
