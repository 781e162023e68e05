"""Answers on their way out: refusals as problems, in OAuth's words where OAuth is spoken, and every answer measured."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPException

from gateway.forward.upstream import Reply
from gateway.routes import OWN
from shared import logs
from shared.errors import Refusal
from shared.web.application import record
from shared.web.problems import PROBLEM_TYPE, problem

Headers = list[tuple[str, str]]

# RFC 6749 §5.1 and §5.2: never kept by a cache, JSON, and an error of its own list. The last is of RFC 6749 §4.1.2.1,
# for want of one in §5.2.
_OAUTH_HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store", "Pragma": "no-cache"}
_OAUTH_FAULT, _OAUTH_LATER = "invalid_request", "temporarily_unavailable"

log = logs.get_logger(__name__)


def refused(refusal: Refusal, method: str, in_oauth: bool) -> Reply:
    """The answer to a request that goes no further."""
    members = dict(refusal.members)
    headers = {"Content-Type": PROBLEM_TYPE, "X-Content-Type-Options": "nosniff"}
    if in_oauth:
        later = refusal.status == 429 or refusal.status >= 500
        members |= {"error": _OAUTH_LATER if later else _OAUTH_FAULT, "error_description": refusal.detail}
        headers |= _OAUTH_HEADERS
    body = problem(refusal.status, refusal.code, refusal.title, refusal.detail, **members)
    headers |= {"Content-Length": str(len(body)), **refusal.headers}
    pieces = iter(() if method == "HEAD" else (body,))
    return Reply(f"{refusal.status} {refusal.title}", list(headers.items()), pieces)


class Whole:
    """A reply's pieces; when the last is out, or the client is gone, the call is logged and measured.

    `known` is method and route: one that is not ours would be a new time series for whatever a stranger makes up.
    """

    def __init__(self, reply: Reply, known: tuple[str, str], began: float) -> None:
        self._reply = reply
        self._known = known
        self._began = began

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._reply.pieces
        except (OSError, HTTPException) as fault:
            # The client has the status already: only a broken connection can tell that the body is not whole.
            log.warning("answer_broke_off", reason=repr(fault))
            raise

    def close(self) -> None:
        """What every WSGI server calls in the end."""
        self._reply.close()
        record(OWN, *self._known, int(self._reply.status[:3]), self._began)
