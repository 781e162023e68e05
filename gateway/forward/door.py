"""The gateway's WSGI callable: every request comes in here, and is refused, answered by our own app, or passed on."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from http.client import HTTPException
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from gateway.forward.body import body_of
from gateway.forward.headers import upwards
from gateway.forward.upstream import Reply, Request, Upstream
from gateway.routes import OWN, Route, Table, canonical_path
from shared import logs
from shared.bearer import Bearer
from shared.errors import Refusal
from shared.origin import received, trace_id
from shared.web.application import record
from shared.web.problems import PROBLEM_TYPE, problem
from shared.web.routes import MAX_BODY_BYTES

log = logs.get_logger(__name__)


class Door:
    """Plain WSGI on purpose: a Flask view around each request would cost half of the throughput.

    `own` answers what the gateway answers itself, `upstreams` the rest, by service; `base_url` is where clients see us.
    """

    def __init__(
        self, table: Table, bearer: Bearer, upstreams: Mapping[str, Upstream], own: WSGIApplication, base_url: str
    ) -> None:
        self._table = table
        self._bearer = bearer
        self._upstreams = upstreams
        self._own = own
        public = urlsplit(base_url)
        self._forwarded = {"X-Forwarded-Proto": public.scheme, "X-Forwarded-Host": public.netloc}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        origin = received(environ.get("HTTP_X_REQUEST_ID"), environ.get("HTTP_TRACEPARENT"), environ["REMOTE_ADDR"])
        # Also where Flask and the service will look for it.
        environ["HTTP_X_REQUEST_ID"] = origin.request_id
        environ["HTTP_TRACEPARENT"] = origin.traceparent
        logs.bind(request_id=origin.request_id, trace_id=trace_id(origin.traceparent))
        route = None
        try:
            path = canonical_path(environ["RAW_URI"])
            route = self._table.find(environ["REQUEST_METHOD"], path)
            if route.service == OWN:
                return self._own(environ, start_response)
            reply = self._forward(environ, route, path)
        except Refusal as refusal:
            reply = _refused(refusal, environ["REQUEST_METHOD"])
        start_response(reply.status, [*reply.headers, ("X-Request-Id", origin.request_id)])
        return _recorded(reply, environ["REQUEST_METHOD"], route, began)

    def _forward(self, environ: WSGIEnvironment, route: Route, path: str) -> Reply:
        if route.scope is not None:
            # The service checks again for itself; here a stranger is turned away before a byte of his body is read.
            self._bearer.authenticate(environ.get("HTTP_AUTHORIZATION")).require(route.scope)
        body = body_of(environ, route.max_body_bytes)
        if body and route.max_body_bytes <= MAX_BODY_BYTES:
            body.hold()
        headers = {
            **upwards(environ),
            **self._forwarded,
            "X-Forwarded-For": environ["REMOTE_ADDR"],
            "X-Request-Id": environ["HTTP_X_REQUEST_ID"],
        }
        query = environ["QUERY_STRING"]
        target = f"{path}?{query}" if query else path
        return self._upstreams[route.service].send(Request(environ["REQUEST_METHOD"], target, headers, body))


def _refused(refusal: Refusal, method: str) -> Reply:
    body = problem(refusal.status, refusal.code, refusal.title, refusal.detail, **refusal.members)
    pieces = iter(() if method == "HEAD" else (body,))
    headers = {"Content-Type": PROBLEM_TYPE, "Content-Length": str(len(body)), "X-Content-Type-Options": "nosniff"}
    return Reply(f"{refusal.status} {refusal.title}", [*headers.items(), *refusal.headers.items()], pieces)


def _recorded(reply: Reply, method: str, route: Route | None, began: float) -> Iterator[bytes]:
    """The reply's pieces; when the last is out, or the client is gone, the call is logged and measured."""
    try:
        yield from reply.pieces
    except (OSError, HTTPException) as fault:
        # The client has the status already: only a broken connection can tell that the body is not whole.
        log.warning("answer_broke_off", reason=repr(fault))
        raise
    finally:
        # A method or path that is not ours would be a new time series for whatever a stranger makes up.
        known = (method, route.template) if route else ("-", "-")
        record(OWN, *known, int(reply.status[:3]), began)
