"""Routes as declarations: an `Operation` says scope, body and answer; the same data enforces and describes."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

from flask import Blueprint, g, request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from shared.bearer import Bearer
from shared.errors import BadRequest, PayloadTooLarge, Refusal
from shared.idempotency import HEADER, Mark, digest, read_key

MAX_BODY_BYTES = 1_000_000
# Routes between our own processes begin with this: never described, so never forwarded by the gateway.
INTERNAL = "/internal/"
_UNTOLD = re.compile("[\x00\ud800-\udfff]")

Desk = TypeVar("Desk")
View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON body of this schema; `required` is False where no body at all is allowed too."""

    schema: type[Schema]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """A text/plain body of at most `limit` characters, in UTF-8."""

    limit: int


@dataclass(frozen=True, slots=True)
class Form:
    """A form-urlencoded body; the view gets its bytes. `members` describes the fields; only the first is required."""

    members: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that the view streams itself; `media_types` are for the description."""

    media_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of success: its status and, if it has a body, the schema (`many`: a bare array) or the media types."""

    status: int
    schema: type[Schema] | None = None
    many: bool = False
    media_types: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that every such answer carries."""


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
    headers: Mapping[str, str] = field(default_factory=dict)
    """Request headers that the view reads, with their description."""
    keyed: bool = False
    """Takes an Idempotency-Key: the view gets `mark`, a `shared.idempotency.Mark`, None for a request without one."""
    manner: Manner | None = None


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
            arguments["query"] = _read_query(operation.query())
        elif request.query_string and request.args:
            raise BadRequest(f"{next(iter(request.args))}: this call has no query parameters. Leave it out.")
        if isinstance(operation.body, Json):
            arguments["body"] = _read_json(operation.body)
        elif isinstance(operation.body, Text):
            arguments["body"] = _read_text(operation.body)
        elif isinstance(operation.body, Form):
            arguments["body"] = _read_form()
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


def _read_query(schema: Schema) -> Any:
    return _load(schema, _lists_where_declared(schema, request.args))


def _lists_where_declared(schema: Schema, given: MultiDict[str, str]) -> dict[str, Any]:
    """Repeatable parameters as lists; any other that comes twice is refused."""
    values: dict[str, Any] = {}
    for name, texts in given.lists():
        declared = next((f for f in schema.fields.values() if (f.data_key or f.name) == name), None)
        if hasattr(declared, "inner"):
            values[name] = texts
        elif len(texts) > 1:
            raise BadRequest(f"{name}: comes {len(texts)} times. Send it once.")
        else:
            values[name] = texts[0]
    return values


def _read_json(body: Json) -> Any:
    data = _read_bytes()
    if not data and not body.required:
        return _load(body.schema(), {})
    if data and request.mimetype != "application/json":
        raise BadRequest("Content-Type: send application/json.")
    try:
        plain = json.loads(data, parse_constant=_no_constant, object_pairs_hook=_unique_members)
    except (ValueError, RecursionError) as fault:
        raise BadRequest(f"The body is not JSON: {fault}.") from fault
    return _load(body.schema(), plain)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member comes more than once in one object")
    return members


def _read_text(body: Text) -> str:
    data = _read_bytes()
    if request.mimetype != "text/plain":
        raise BadRequest("Content-Type: send text/plain.")
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        raise BadRequest("The body is not UTF-8 text.") from fault
    if len(text) > body.limit or "\x00" in text:
        raise BadRequest(f"The body must be text of at most {body.limit} characters without NUL.")
    return text


def _read_form() -> bytes:
    data = _read_bytes()
    if data and request.mimetype != "application/x-www-form-urlencoded":
        raise BadRequest("Content-Type: send application/x-www-form-urlencoded.")
    return data


def _read_bytes() -> bytes:
    data = request.stream.read(MAX_BODY_BYTES + 1)
    if len(data) > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"The body is larger than {MAX_BODY_BYTES} bytes.")
    g.body = data
    return data


def _load(schema: Schema, plain: Any) -> Any:
    if _holds_untold(plain):
        raise BadRequest("Text must not hold NUL characters or halves of surrogate pairs. Leave them out.")
    try:
        return schema.load(plain)
    except ValidationError as fault:
        raise BadRequest("; ".join(_sentences(fault.messages_dict, ()))) from fault


def _holds_untold(plain: Any) -> bool:
    """NUL ends text in too many places (MongoDB's patterns, C libraries, terminals) to be let in; half a surrogate pair
    is nothing that could be kept or sent, though JSON can spell it.
    """
    if isinstance(plain, dict):
        return any(_holds_untold(item) for pair in plain.items() for item in pair)
    if isinstance(plain, list):
        return any(map(_holds_untold, plain))
    return isinstance(plain, str) and bool(_UNTOLD.search(plain))


def _sentences(messages: Any, path: Sequence[str]) -> list[str]:
    """`{"a": {"b": ["Bad."]}}` as `a.b: Bad.`"""
    if isinstance(messages, Mapping):
        return [text for name, inner in messages.items() for text in _sentences(inner, _step(path, name))]
    return [f"{'.'.join(path) or 'body'}: {text}" for text in messages]


def _step(path: Sequence[str], name: Any) -> Sequence[str]:
    return path if name == "_schema" else (*path, str(name))
