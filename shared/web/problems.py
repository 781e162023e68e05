"""Refusals and faults as JSON problem bodies: `type, title, detail, status, code`. Never HTML, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from shared.database import OUTAGES, unavailable
from shared.errors import Refusal
from shared.logs import get_logger

PROBLEM_TYPE = "application/problem+json"
# Before a code it makes the type (RFC 9457 §3.1.1) of a problem.
TYPE = "urn:paperlane:problem:"
# The contract's codes of refusals that come from the framework, by status; others are called as RFC 9110 does.
_CODES = {
    401: "authentication_failed",
    403: "access_forbidden",
    409: "conflict_status",
    413: "payload_too_large",
    414: "uri_too_long",
    500: "error",
}

log = get_logger(__name__)


def problem(status: int, code: str, title: str, detail: str, **members: Any) -> bytes:
    """The body of every refusal (RFC 9457 with the contract's members)."""
    body = {"type": TYPE + code, "title": title, "detail": detail, "status": status, "code": code, **members}
    # A name that a client made up may hold half a surrogate pair, which JSON can spell and UTF-8 cannot.
    return json.dumps(body, ensure_ascii=False).encode(errors="replace")


def framework_problem(status: int, detail: str = "") -> bytes:
    """The body of a refusal that is not ours but the framework's or the server's, which know no codes."""
    code = _CODES.get(status) or HTTPStatus(status).name.lower()
    title = code.replace("_", " ").capitalize()
    return problem(status, code, title, detail or f"{title}.")


def install(app: Flask) -> None:
    """Have `app` answer every exception with a problem."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _refused_by_framework)
    for outage in OUTAGES:
        app.register_error_handler(outage, _outage)
    app.register_error_handler(Exception, _fault)


def _refused(refusal: Refusal) -> Response:
    body = problem(refusal.status, refusal.code, refusal.title, refusal.detail, **refusal.members)
    return _answer(body, refusal.status, refusal.headers)


def _refused_by_framework(refusal: HTTPException) -> Response:
    status = refusal.code or 500
    headers = {name: value for name, value in refusal.get_headers() if name == "Allow"}
    return _answer(framework_problem(status, refusal.description or ""), status, headers)


def _outage(fault: Exception) -> Response:
    log.error("database_away", reason=str(fault))
    return _refused(unavailable())


def _fault(fault: Exception) -> Response:
    log.error("unexpected_fault", exc_info=fault)
    detail = "Something went wrong on our side; the request id leads to it in our logs."
    return _answer(problem(500, "error", "Internal server error", detail), 500, {})


def _answer(body: bytes, status: int, headers: Mapping[str, Any]) -> Response:
    return Response(body, status, {"Content-Type": PROBLEM_TYPE, **headers})
