"""The HTTP door of auth: the token endpoint for clients, the trust document for our own processes."""

from __future__ import annotations

import hashlib

from flask import request
from werkzeug.wrappers import Response

from services.auth import usecases
from services.auth.errors import NO_STORE, InvalidClient, InvalidRequest, InvalidScope, UnsupportedGrantType
from services.auth.ports import Desk, IssuedToken
from services.auth.schemas import Token
from shared.contracts.auth import TRUST_PATH
from shared.contracts.envelope import write_json
from shared.web.routes import Answer, Form, Operation, Routes

routes: Routes[Desk] = Routes("auth")


@routes.post(
    "/v2/auth/token",
    Operation(
        scope=None,
        summary="Get an access token",
        answer=Answer(200, Token, headers=NO_STORE),
        body=Form({"grant_type": "client_credentials", "scope": "What the token may do; all, if absent."}),
        refusals=(InvalidRequest, UnsupportedGrantType, InvalidScope, InvalidClient),
    ),
)
def issue_token(desk: Desk, body: bytes) -> IssuedToken:
    """The client credentials grant of RFC 6749 §4.4: client id and secret by HTTP Basic, the rest as a form."""
    return usecases.issue_token(desk, request.headers.get("Authorization"), body)


@routes.get(TRUST_PATH, Operation(scope=None, summary="Public keys and revocations", answer=Answer(200)))
def show_trust(desk: Desk) -> Response:
    body = write_json(usecases.show_trust(desk))
    response = Response(body, content_type="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest())
    return response.make_conditional(request)
