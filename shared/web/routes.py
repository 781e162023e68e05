"""Routes as declarations: an `Operation` says scope, body and answer; the same data enforces and describes."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

from flask import Blueprint, g, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from shared.bearer import Bearer
from shared.errors import BadRequest, Refusal
from shared.idempotency import HEADER, Mark, digest, read_key
from shared.web.reading import read_form, read_json, read_query, read_text

# Routes between our own processes begin with this: never described, so never forwarded by the gateway.
INTERNAL = "/internal/"

Desk = TypeVar("Desk")
View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON body of this schema; `required` is False where no body at all is allowed too."""

    schema: type[Schema]
    required: bool = True
    media_types: tuple[str, ...] = ("application/json",)


@dataclass(frozen=True, slots=True)
class Text:
    """A text/plain body of at most `limit` characters, in UTF-8, that are not all blank."""

    limit: int
    example: str = "4711"


@dataclass(frozen=True, slots=True)
class Form:
    """A form-urlencoded body; the view gets its bytes. `members` describes the fields; only the first is required."""

    members: Mapping[str, str]
    example: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that the view streams itself; `media_types` and `part` are for the description: with `part`, the bytes may
    also come as the file of this name in a multipart/form-data body.
    """

    media_types: tuple[str, ...]
    part: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Header:
    """A request header that the view reads: what it is for, and the JSON schema of its value where it has a form."""

    about: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """What an answer may be followed by: an operation, by the name of its view, which gets members of the answer as its
    path parameters and body members, by their names there.
    """

    operation: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of success: its status and, if it has a body, the schema (`many`: a bare array) or the media types."""

    status: int
    schema: type[Schema] | None = None
    many: bool = False
    media_types: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that every such answer carries."""
    tells: Mapping[str, str] = field(default_factory=dict)
    """Headers that the view sets, with their description."""
    leads: tuple[Lead, ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How answers on some path read that another specification than ours rules. `finish` changes each before it goes
    out, also what the framework refuses there and below; `schema` and `media_type` are those of the refusals.
    """

    finish: Callable[[Response], None]
    schema: type[Schema]
    media_type: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route demands and gives. `scope` None means public; `refusals` come on top of 400, 401, 403."""

    scope: str | None
    summary: str
    answer: Answer
    body: Json | Text | Form | Raw | None = None
    query: type[Schema] | None = None
    refusals: tuple[type[Refusal], ...] = ()
    headers: Mapping[str, str | Header] = field(default_factory=dict)
    """Request headers that the view reads; text is what a header of any form is for."""
    keyed: bool = False
    """Takes an Idempotency-Key: the view gets `mark`, a `shared.idempotency.Mark`, None for a request without one."""
    manner: Manner | None = None
    also: tuple[Answer, ...] = ()
    """Other answers of success, which the view gives as a Response, e.g. 206."""


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    operation: Operation
    view: View


class Routes(Generic[Desk]):
    """The routes of one service. A view is called with the desk, then the caller unless the route is public, then by
    name its path parameters and, where declared, `body`, `query` and `mark`; it returns what the answer's schema dumps,
    or a Response.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self.routes: list[Route] = []

    def including(self, *parts: Routes[Desk]) -> Self:
        """These routes, and those of other modules of the same service."""
        for part in parts:
            self.routes += part.routes
        return self

    def get(self, path: str, operation: Operation) -> Callable[[View], View]:
        return self._add("GET", path, operation)

    def post(self, path: str, operation: Operation) -> Callable[[View], View]:
        return self._add("POST", path, operation)

    def head(self, path: str, operation: Operation) -> Callable[[View], View]:
        """For a path without GET; where there is GET, HEAD is answered by it."""
        return self._add("HEAD", path, operation)

    def options(self, path: str, operation: Operation) -> Callable[[View], View]:
        return self._add("OPTIONS", path, operation)

    def put(self, path: str, operation: Operation) -> Callable[[View], View]:
        return self._add("PUT", path, operation)

    def patch(self, path: str, operation: Operation) -> Callable[[View], View]:
        return self._add("PATCH", path, operation)

    def delete(self, path: str, operation: Operation) -> Callable[[View], View]:
        return self._add("DELETE", path, operation)

    def _add(self, method: str, path: str, operation: Operation) -> Callable[[View], View]:
        def declare(view: View) -> View:
            self.routes.append(Route(method, path, operation, view))
            return view

        return declare

    def manners(self) -> dict[str, Manner]:
        """By path, the manners of those that have one of their own."""
        return {route.path: route.operation.manner for route in self.routes if route.operation.manner}

    def blueprint(self, desk: Desk, bearer: Bearer | None) -> Blueprint:
        """The routes bound to a desk. Without a `bearer` only public routes may be declared."""
        blueprint = Blueprint(self.service, self.service)
        for route in self.routes:
            endpoint = f"{route.method} {route.path}".replace(".", "_")
            view = _bind(route, desk, bearer)
            blueprint.add_url_rule(route.path, endpoint, view, methods=[route.method], provide_automatic_options=False)
        return blueprint


def _bind(route: Route, desk: Any, bearer: Bearer | None) -> View:
    operation = route.operation

    @functools.wraps(route.view)
    def call(**arguments: Any) -> Response:
        positional = [desk]
        if operation.scope is not None:
            assert bearer is not None, "a route with a scope needs a bearer"
            caller = bearer.authenticate(request.headers.get("Authorization"), g.origin)
            caller.require(operation.scope)
            positional.append(caller)
        if operation.query is not None:
            arguments["query"] = read_query(operation.query())
        elif request.query_string and request.args:
            raise BadRequest(f"{next(iter(request.args))}: this call has no query parameters. Leave it out.")
        if isinstance(operation.body, Json):
            json_body = operation.body
            arguments["body"] = read_json(json_body.schema(), json_body.required, json_body.media_types)
        elif isinstance(operation.body, Text):
            arguments["body"] = read_text(operation.body.limit)
        elif isinstance(operation.body, Form):
            arguments["body"] = read_form()
        if operation.keyed:
            arguments["mark"] = _mark(route, caller.client_id)
        return render(operation.answer, route.view(*positional, **arguments))

    return call


def _mark(route: Route, client_id: str) -> Mark | None:
    """What is kept of the request's Idempotency-Key. A body that the view streams is not in the fingerprint yet."""
    header = request.headers.get(HEADER)
    if header is None:
        return None
    key, body = read_key(header), hashlib.sha256(g.get("body", b"")).hexdigest()
    return Mark(digest((client_id, route.method, route.path, key)), digest((request.path, body)), key)


def render(answer: Answer, result: Any) -> Response:
    """What a view gave as the answer that its operation declares."""
    if isinstance(result, Response):
        return result
    if answer.schema is None:
        return Response(status=answer.status, headers=dict(answer.headers))
    body = json.dumps(answer.schema(many=answer.many).dump(result), ensure_ascii=False, separators=(",", ":"))
    return Response(body, answer.status, {"Content-Type": "application/json", **answer.headers})
