"""Answers on their way out: refusals as problems, in OAuth's words where OAuth is spoken, and every answer measured."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPException

from gateway.forward.upstream import Reply
from gateway.routes import OWN
from shared import logs
from shared.errors import Refusal
from shared.web.application import record
from shared.web.oauth import JSON_TYPE, NO_STORE, oauth_problem
from shared.web.openapi import VERSION
from shared.web.problems import PROBLEM_TYPE, problem

Headers = list[tuple[str, str]]
# The version of the API, in every answer.
VERSIONED = ("API-Version", VERSION)

log = logs.get_logger(__name__)


def refused(refusal: Refusal, method: str, in_oauth: bool) -> Reply:
    """The answer to a request that goes no further."""
    body = problem(refusal.status, refusal.code, refusal.title, refusal.detail, **refusal.members)
    headers = {"Content-Type": PROBLEM_TYPE, "X-Content-Type-Options": "nosniff"}
    if in_oauth:
        body = oauth_problem(body)
        headers |= {**NO_STORE, "Content-Type": JSON_TYPE}
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
