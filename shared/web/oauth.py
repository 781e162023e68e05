"""Answers of the token endpoint's family: those of RFC 6749 §5 and of the contract at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from werkzeug.wrappers import Response

from shared.web.problems import TYPE
from shared.web.refusals import Problem
from shared.web.routes import Manner

# RFC 6749 §5.1: nothing that is said here may be kept by a cache.
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
JSON_TYPE = "application/json"
_ERRORS = frozenset(
    {"invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}
)
# What RFC 6749 §5.2 does not let an error_description hold.
_UNSPEAKABLE = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")


class OAuthProblem(Problem):
    """The body of every refusal at the token endpoint and its kin (RFC 6749 §5.2), which is a problem as well."""

    error = fields.String(required=True, metadata={"example": "invalid_client"})
    error_description = fields.String(
        required=True,
        metadata={"description": "The same as `detail`.", "example": "The client credentials are not valid."},
    )


def finish(response: Response) -> None:
    """Make the answer, if it is a problem, an error of RFC 6749 §5.2 too; have no cache keep it either way."""
    response.headers.extend(NO_STORE)
    if response.status_code >= 400:
        response.set_data(oauth_problem(response.get_data()))
        response.headers["Content-Type"] = JSON_TYPE


def oauth_problem(body: bytes) -> bytes:
    """The problem with `error` and `error_description`; requests that are wrong in whatever way are invalid_request."""
    problem: Mapping[str, Any] = json.loads(body)
    code = "invalid_request" if problem["code"] == "bad_request" else problem["code"]
    detail = _UNSPEAKABLE.sub("?", str(problem["detail"]).replace('"', "'"))
    words = {"type": problem["type"].replace(TYPE + "bad_request", TYPE + code), "detail": detail, "code": code}
    return json.dumps(
        {**problem, **words, "error": _error(code, problem["status"]), "error_description": detail}
    ).encode()


OAUTH = Manner(finish, OAuthProblem, JSON_TYPE)


def _error(code: str, status: int) -> str:
    if code in _ERRORS:
        return code
    if status in (429, 503):
        return "temporarily_unavailable"
    return "invalid_request" if status < 500 else "server_error"
