"""The Flask application of a service: its routes, problem answers, one request id per call, one log line per call."""

from __future__ import annotations

import functools
import time
from collections.abc import Mapping
from typing import TypeVar

from flask import Flask, Response, g, request
from prometheus_client import Histogram

from shared import logs
from shared.bearer import Bearer
from shared.origin import received, trace_id
from shared.web import problems
from shared.web.routes import INTERNAL, Manner, Routes

Desk = TypeVar("Desk")

_SECONDS = Histogram("paperlane_http_seconds", "Time to answer, by route.", ["service", "method", "route", "status"])

log = logs.get_logger(__name__)


def create(routes: Routes[Desk], desk: Desk, bearer: Bearer | None) -> Flask:
    """The service's WSGI application. `bearer` checks tokens; None for a service whose routes are all public."""
    app = Flask(routes.service, static_folder=None)
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    problems.install(app)
    app.before_request(_begin)
    app.after_request(functools.partial(_end, routes.service, routes.manners()))
    app.register_blueprint(routes.blueprint(desk, bearer))
    return app


def record(service: str, method: str, route: str, status: int, began: float) -> None:
    """Measure and log a call that is answered. `route` is the template; `began` is by `time.perf_counter`."""
    seconds = time.perf_counter() - began
    _seconds(service, method, route, status).observe(seconds)
    # Our own processes ask every two seconds.
    say = log.debug if route.startswith(INTERNAL) else log.info
    say("answered", method=method, route=route, status=status, milliseconds=round(seconds * 1000, 1))


@functools.lru_cache(maxsize=1024)
def _seconds(*labels: str | int) -> Histogram:
    return _SECONDS.labels(*labels)


def _begin() -> None:
    headers = request.headers
    g.origin = received(headers.get("X-Request-Id"), headers.get("Traceparent"), request.remote_addr or "")
    g.began = time.perf_counter()
    logs.bind(request_id=g.origin.request_id, trace_id=trace_id(g.origin.traceparent))


def _end(service: str, manners: Mapping[str, Manner], response: Response) -> Response:
    if manners and (manner := _manner_of(request.path, manners)):
        manner.finish(response)
    headers, origin = response.headers, g.origin
    headers.add("X-Request-Id", origin.request_id)
    headers.add("Traceparent", origin.traceparent)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    route = request.url_rule.rule if request.url_rule else "-"
    record(service, request.method, route, response.status_code, g.began)
    return response


def _manner_of(path: str, manners: Mapping[str, Manner]) -> Manner | None:
    """The manner of the path, or of one above it."""
    while path and path not in manners:
        path = path.rpartition("/")[0]
    return manners.get(path)
