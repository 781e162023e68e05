"""The token endpoint (RFC 6749), introspection (RFC 7662), revocation (RFC 7009), and tokens for API keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from services.auth.domain.requests import SignedRequest, read_request
from services.auth.domain.tokens import IssuedToken
from services.auth.errors import (
    InvalidApiKey,
    InvalidClient,
    InvalidRequest,
    InvalidScope,
    TooManyFailures,
    UnauthorizedClient,
    UnsupportedGrantType,
)
from services.auth.ports import Desk
from services.auth.schemas.tokens import Introspection, ShownApiKey, Token
from services.auth.usecases import tokens
from shared.contracts.auth import (
    API_KEY_EXCHANGE_PATH,
    CLIENT_HEADER,
    INTROSPECTION_PATH,
    PLAN_HEADER,
    REVOCATION_PATH,
    TOKEN_PATH,
)
from shared.web.oauth import JSON_TYPE, NO_STORE, OAUTH
from shared.web.routes import Answer, Form, Json, Operation, Routes

routes: Routes[Desk] = Routes("auth")

_write = json.JSONEncoder(separators=(",", ":")).encode

_CREDENTIALS = {
    "client_id": "The client, if it does not authenticate by HTTP Basic.",
    "client_secret": "Its secret.",
    "client_assertion_type": "With an assertion: urn:ietf:params:oauth:client-assertion-type:jwt-bearer.",
    "client_assertion": "In place of a secret: a JWT that the client has signed (RFC 7523).",
}
_TOKEN = {
    "token": "The access token.",
    "token_type_hint": "Ignored; there are only access tokens.",
}
_SHOWN = {"client_id": "client-6040dc9680b782b365ea77d5", "client_secret": "The client's secret"}
_ASKED = {"token": "The access token", **_SHOWN}
_BAD_CLIENT = (InvalidRequest, InvalidClient, TooManyFailures)


@routes.post(
    TOKEN_PATH,
    Operation(
        scope=None,
        summary="Get an access token",
        answer=Answer(200, Token),
        body=Form(
            {"grant_type": "client_credentials", "scope": "What the token may do; all, if absent.", **_CREDENTIALS},
            {"grant_type": "client_credentials", **_SHOWN},
        ),
        refusals=(UnauthorizedClient, UnsupportedGrantType, InvalidScope, *_BAD_CLIENT),
        manner=OAUTH,
    ),
)
def issue_token(desk: Desk, body: bytes) -> Response:
    """The client credentials grant of RFC 6749 §4.4. The client authenticates in one way: by HTTP Basic, by its id and
    secret in the form, or by an assertion.
    """
    return _issued(tokens.issue_token(desk, _read(body), g.origin))


@routes.post(
    INTROSPECTION_PATH,
    Operation(
        scope=None,
        summary="Ask about a token",
        answer=Answer(200, Introspection),
        body=Form(_TOKEN | _CREDENTIALS, _ASKED),
        refusals=_BAD_CLIENT,
        manner=OAUTH,
    ),
)
def introspect_token(desk: Desk, body: bytes) -> Mapping[str, Any]:
    """RFC 7662. The client authenticates as for a token. Of tokens that are of another company, unknown, expired or
    revoked it learns `{"active": false}` alone.
    """
    return tokens.introspect_token(desk, _read(body), g.origin)


@routes.post(
    REVOCATION_PATH,
    Operation(
        scope=None,
        summary="Give a token back",
        answer=Answer(200),
        body=Form(_TOKEN | _CREDENTIALS, _ASKED),
        refusals=_BAD_CLIENT,
        manner=OAUTH,
    ),
)
def revoke_token(desk: Desk, body: bytes) -> Response:
    """RFC 7009. The client authenticates as for a token. Its own token is refused everywhere within five seconds;
    nothing happens to any other, and the answer is the same.
    """
    tokens.revoke_token(desk, _read(body), g.origin)
    return Response(content_type=JSON_TYPE)


@routes.post(
    API_KEY_EXCHANGE_PATH,
    Operation(
        scope=None,
        summary="Get an access token for an API key",
        answer=Answer(200, Token),
        body=Json(ShownApiKey),
        refusals=(InvalidApiKey, TooManyFailures),
    ),
)
def exchange_api_key(desk: Desk, body: Mapping[str, str]) -> Response:
    response = _issued(tokens.exchange_api_key(desk, body["key"], g.origin))
    response.headers.update(NO_STORE)
    return response


def _read(body: bytes) -> SignedRequest:
    return read_request(request.headers.get("Authorization"), body)


def _issued(issued: IssuedToken) -> Response:
    """As `Token` describes it, written by hand because this is the busiest answer of all."""
    body = {
        "access_token": issued.token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
        "scope": issued.scope,
    }
    headers = [("Content-Type", JSON_TYPE), (CLIENT_HEADER, issued.client_id), (PLAN_HEADER, issued.plan)]
    return Response(_write(body), 200, headers)
