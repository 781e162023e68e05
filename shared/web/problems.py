"""Refusals and faults as JSON problem bodies: `title, detail, status, code`. Never HTML, never a traceback."""

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
# The codes of refusals that come from the framework, by status; others are "bad_request" or "error".
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "payload_too_large"}

log = get_logger(__name__)


def problem(status: int, code: str, title: str, detail: str, **members: str) -> bytes:
    """The body of every refusal (RFC 9457 with the contract's members)."""
    body = {"title": title, "detail": detail, "status": status, "code": code, **members}
    return json.dumps(body, ensure_ascii=False).encode()


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
    code = _CODES.get(status, "bad_request" if status < 500 else "error")
    headers = {name: value for name, value in refusal.get_headers() if name == "Allow"}
    title = HTTPStatus(status).phrase.capitalize()
    return _answer(problem(status, code, title, refusal.description or title), status, headers)


def _outage(fault: Exception) -> Response:
    log.error("database_away", reason=str(fault))
    return _refused(unavailable())


def _fault(fault: Exception) -> Response:
    log.error("unexpected_fault", exc_info=fault)
    detail = "Something went wrong on our side; the request id leads to it in our logs."
    return _answer(problem(500, "error", "Internal server error", detail), 500, {})


def _answer(body: bytes, status: int, headers: Mapping[str, Any]) -> Response:
    return Response(body, status, {"Content-Type": PROBLEM_TYPE, **headers})
