"""The token endpoint (RFC 6749)."""

from __future__ import annotations

from flask import request

from services.auth.errors import NO_STORE, InvalidClient, InvalidRequest, InvalidScope, UnsupportedGrantType
from services.auth.ports import Desk, IssuedToken
from services.auth.schemas.tokens import Token
from services.auth.usecases import tokens
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
    return tokens.issue_token(desk, request.headers.get("Authorization"), body)
