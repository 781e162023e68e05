"""What the gateway answers itself: its description, the page that shows it, and its audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Protocol

from flask import Response, request
from werkzeug.wsgi import wrap_file

from gateway.docs.page import INDEX, POLICY, SCALAR, START, Asset
from gateway.routes import OWN
from gateway.schemas import OpenApiDocument
from shared.audit.door import audit_routes
from shared.audit.trail import Trail
from shared.web.routes import Answer, Operation, Routes

_TELLS = {"Cache-Control": "How long it may be kept.", "ETag": "What If-None-Match shall say the next time."}
_KNOWN = {"If-None-Match": "The ETag of the answer that is at hand."}
_UNCHANGED = Answer(304, tells=_TELLS)


class Desk(Protocol):
    """What the gateway's own answers are made of: the text of openapi.json, what its page loads, its audit log."""

    @property
    def document(self) -> bytes: ...

    @property
    def assets(self) -> Mapping[str, Asset]: ...

    @property
    def trail(self) -> Trail: ...


routes: Routes[Desk] = Routes[Desk](OWN).including(audit_routes(OWN))


@routes.get(
    "/v2/openapi.json",
    Operation(
        None, "Read this document", Answer(200, OpenApiDocument, tells=_TELLS), headers=_KNOWN, also=(_UNCHANGED,)
    ),
)
def read_openapi(desk: Desk) -> Response:
    """The OpenAPI document of all services together; what it does not list is not there."""
    response = Response(desk.document, content_type="application/json")
    return _unless_known(response, hashlib.sha256(desk.document).hexdigest(), 0)


@routes.get(
    "/v2/docs",
    Operation(
        None,
        "Read this document in a browser",
        Answer(200, media_types=("text/html",), tells={**_TELLS, "Content-Security-Policy": "No other host is asked."}),
        headers=_KNOWN,
        also=(_UNCHANGED,),
    ),
)
def show_page(desk: Desk) -> Response:
    """A page on which a person can get a token and try each call. All that it loads comes from here."""
    response = _sent(desk.assets[INDEX])
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _script(summary: str) -> Operation:
    answer = Answer(200, media_types=("text/javascript",), tells=_TELLS)
    return Operation(None, summary, answer, headers=_KNOWN, also=(_UNCHANGED,))


@routes.get("/v2/docs/scalar.js", _script("Load what draws the page"))
def load_scalar(desk: Desk) -> Response:
    """Scalar, which shows OpenAPI documents."""
    return _sent(desk.assets[SCALAR])


@routes.get("/v2/docs/start.js", _script("Load what starts the page"))
def load_start(desk: Desk) -> Response:
    """What hands this document to Scalar."""
    return _sent(desk.assets[START])


def _sent(asset: Asset) -> Response:
    pieces = wrap_file(request.environ, asset.path.open("rb"))
    response = Response(pieces, content_type=asset.media_type, direct_passthrough=True)
    response.content_length = asset.path.stat().st_size
    return _unless_known(response, asset.etag, asset.max_age)


def _unless_known(response: Response, etag: str, max_age: int) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = f"public, max-age={max_age}" if max_age else "no-cache"
    response.make_conditional(request)
    return response
