"""The gateway's WSGI callable: every request comes in here, and is refused, answered by our own app, or passed on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from gateway.errors import RateLimited, WrongNetwork
from gateway.forward.answers import VERSIONED, Headers, Whole, refused
from gateway.forward.body import body_of
from gateway.forward.denials import Denials
from gateway.forward.guard import Guard, is_at_home
from gateway.forward.headers import upwards
from gateway.forward.upstream import Reply, Request, Upstream
from gateway.limits.fields import fields
from gateway.limits.meter import Charge, Meter
from gateway.mock import MARK, Mock
from gateway.routes import MOCK, OWN, Route, Table, canonical_path
from shared import idempotency, logs
from shared.bearer import Caller
from shared.contracts.auth import TOKEN_PATH
from shared.errors import BadRequest, Refusal
from shared.origin import Origin, received, trace_id
from shared.web.reading import MAX_BODY_BYTES

_IDEMPOTENCY_KEY = "HTTP_" + idempotency.HEADER.upper().replace("-", "_")
_TOKEN_IN_QUERY = re.compile(r"(?:^|&)access_token=")


@dataclass(frozen=True, slots=True)
class Edge:
    """What the door works with: where requests go, who may, how often, where refusals are noted, and the mock."""

    table: Table
    guard: Guard
    meter: Meter
    denials: Denials
    upstreams: Mapping[str, Upstream]
    mock: Mock


@dataclass(slots=True)
class Visit:
    """One request on its way. `caller` is known to be who he says; `payer` too, and where he may be. One `of_mock` has
    neither: whatever it shows is taken.
    """

    environ: WSGIEnvironment
    origin: Origin
    route: Route | None = None
    caller: Caller | None = None
    payer: Caller | None = None
    charge: Charge | None = None
    of_mock: bool = False

    @property
    def method(self) -> str:
        return str(self.environ["REQUEST_METHOD"])


class Door:
    """Plain WSGI on purpose: a Flask view around each request would cost half of the throughput.

    `own` answers what the gateway answers itself, the upstreams of `edge` the rest; `base_url` is where clients see us.
    """

    def __init__(self, edge: Edge, own: WSGIApplication, base_url: str) -> None:
        self._edge = edge
        self._own = own
        public = urlsplit(base_url)
        self._forwarded = {"X-Forwarded-Proto": public.scheme, "X-Forwarded-Host": public.netloc}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        origin = received(environ.get("HTTP_X_REQUEST_ID"), environ.get("HTTP_TRACEPARENT"), environ["REMOTE_ADDR"])
        logs.bind(request_id=origin.request_id, trace_id=trace_id(origin.traceparent))
        visit = Visit(environ, origin)
        try:
            reply = self._answer(visit)
        except Refusal as refusal:
            reply = self._refuse(visit, refusal)
        if reply is None:
            return self._own(environ, _saying(start_response, _told(visit)))
        answer = Whole(reply, (visit.method, visit.route.template) if visit.route else ("-", "-"), began)
        start_response(reply.status, [*reply.headers, *_told(visit), *_traced(origin)])
        return answer

    def _answer(self, visit: Visit) -> Reply | None:
        """The reply; None when our own app shall give it."""
        environ = visit.environ
        path = canonical_path(environ["RAW_URI"])
        if path.startswith(f"{MOCK}/"):
            return self._mocked(visit, path.removeprefix(MOCK))
        visit.route = route = self._edge.table.find(visit.method, path)
        if route.is_oauth:
            return self._oauth(visit, path)
        self._identify(visit)
        self._charge(visit)
        if visit.payer is not None and route.scope is not None:
            # The service checks again for itself; here a stranger is turned away before a byte of his body is read.
            visit.payer.require(route.scope)
        _refuse_token_in(environ["QUERY_STRING"])
        if visit.method == "POST" and _IDEMPOTENCY_KEY in environ:
            idempotency.read_key(environ[_IDEMPOTENCY_KEY])
        if route.service == OWN:
            # Where Flask will look for them.
            environ["HTTP_X_REQUEST_ID"], environ["HTTP_TRACEPARENT"] = (
                visit.origin.request_id,
                visit.origin.traceparent,
            )
            return None
        return self._forward(visit, route, path)

    def _mocked(self, visit: Visit, path: str) -> Reply:
        """An example of what the path would answer; paid for by the address, whoever calls."""
        visit.of_mock = True
        found = self._edge.table.find(visit.method, canonical_path(path))
        visit.route = replace(found, template=MOCK + found.template)
        self._charge(visit)
        _refuse_token_in(visit.environ["QUERY_STRING"])
        status, example = self._edge.mock.answer(visit.method, found, visit.environ)
        headers = [*example.headers, ("X-Content-Type-Options", "nosniff")]
        if example.body:
            headers.append(("Content-Length", str(len(example.body))))
        return Reply(status, headers, iter(() if visit.method == "HEAD" else (example.body,)))

    def _oauth(self, visit: Visit, path: str) -> Reply:
        """Always passed on, so that no stranger can use up what a client has; paid for by whom auth names after it."""
        assert visit.route is not None, "it was found"
        _refuse_token_in(visit.environ["QUERY_STRING"])
        reply = self._forward(visit, visit.route, path)
        meter = self._edge.meter
        if not reply.client or not reply.status.startswith("2"):
            visit.charge = meter.address(visit.origin.address)
        elif visit.route.template == TOKEN_PATH:
            visit.charge = meter.token(reply.client, reply.plan)
        else:
            visit.charge = meter.client(reply.client, reply.plan)
        if not visit.charge.standing.allowed:
            reply.close()
            raise _over(visit.charge)
        return reply

    def _identify(self, visit: Visit) -> None:
        """Find out who calls, and whether he may from there. A public path takes everybody."""
        try:
            visit.caller = self._edge.guard.caller(visit.environ, visit.origin)
            if not is_at_home(visit.caller):
                raise WrongNetwork
            visit.payer = visit.caller
        except Refusal:
            if visit.route is not None and visit.route.scope is not None:
                raise

    def _charge(self, visit: Visit) -> None:
        """RateLimited when whoever pays has used up what he has."""
        meter, payer = self._edge.meter, visit.payer
        charge = meter.client(payer.client_id, payer.plan) if payer else meter.address(visit.origin.address)
        visit.charge = charge
        if not charge.standing.allowed:
            raise _over(charge)

    def _forward(self, visit: Visit, route: Route, path: str) -> Reply:
        environ = visit.environ
        body = body_of(environ, route.limit(environ.get("CONTENT_TYPE", "")))
        if body and route.max_body_bytes <= MAX_BODY_BYTES:
            body.hold()
        query = environ["QUERY_STRING"]
        target = f"{path}?{query}" if query else path
        request = Request(visit.method, target, self._upwards(visit), body)
        reply = self._edge.upstreams[route.service].send(request)
        if reply.status.startswith("401") and request.is_whole and self._edge.guard.renew(environ, visit.origin):
            reply.close()
            reply = self._edge.upstreams[route.service].send(replace(request, headers=self._upwards(visit)))
        return reply

    def _upwards(self, visit: Visit) -> Mapping[str, str]:
        headers = upwards(visit.environ)
        headers.update(self._forwarded)
        headers["X-Forwarded-For"] = visit.origin.address
        headers["X-Request-Id"] = visit.origin.request_id
        headers["Traceparent"] = visit.origin.traceparent
        return headers

    def _refuse(self, visit: Visit, refusal: Refusal) -> Reply:
        in_oauth = visit.route.is_oauth if visit.route else getattr(refusal, "in_oauth", False)
        if visit.charge is None:
            try:
                if visit.route is None and not visit.of_mock:
                    self._identify(visit)
                self._charge(visit)
            except RateLimited as over:
                refusal = over
        if not visit.of_mock:
            route = visit.route.template if visit.route else "-"
            self._edge.denials.note(refusal, f"{visit.method} {route}", visit.caller, visit.origin)
        return refused(refusal, visit.method, in_oauth)


def _over(charge: Charge) -> RateLimited:
    return RateLimited(charge.policy, charge.standing.seconds)


def _refuse_token_in(query: str) -> None:
    """RFC 9700 §4.3.2: a token in an address ends up in logs and histories."""
    if query and _TOKEN_IN_QUERY.search(unquote(query)):
        raise BadRequest("access_token: send it in the header Authorization, never in the address.")


def _told(visit: Visit) -> Headers:
    charged = fields(visit.charge) if visit.charge else []
    return [VERSIONED, *charged, MARK] if visit.of_mock else [VERSIONED, *charged]


def _traced(origin: Origin) -> Headers:
    return [("X-Request-Id", origin.request_id), ("Traceparent", origin.traceparent)]


def _saying(start_response: StartResponse, more: Headers) -> Any:
    """`start_response`, with more headers in each answer."""

    def start(status: str, headers: Headers, *rest: Any) -> Any:
        return start_response(status, [*headers, *more], *rest)

    return start
