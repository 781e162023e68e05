"""The OpenAPI 3.1 part of one service, made by apispec from the very declarations that its routes enforce."""

from __future__ import annotations

import inspect
import json
import re
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from shared.errors import BadRequest, Forbidden, PayloadTooLarge, Refusal, RequestTimeout, Unauthenticated, Unavailable
from shared.idempotency import HEADER, KeyReused
from shared.scopes import SCOPES
from shared.web.fields import Moment, StrictBoolean, StrictSchema
from shared.web.problems import PROBLEM_TYPE
from shared.web.routes import INTERNAL, Answer, Form, Json, Operation, Raw, Route, Routes, Text

VERSION = "2.0.0"
_REQUEST_ID = {"X-Request-Id": {"description": "The id of this call in our logs.", "schema": {"type": "string"}}}


class Problem(StrictSchema):
    """The body of every refusal (RFC 9457). `type` is `urn:paperlane:problem:` and the code."""

    type = fields.String(required=True, metadata={"example": "urn:paperlane:problem:not_found"})
    title = fields.String(required=True)
    detail = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)


def describe(routes: Routes[Any]) -> dict[str, Any]:
    """The OpenAPI document of these routes alone, as plain data."""
    marshmallow = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec("Paperlane", VERSION, "3.1.0", plugins=[marshmallow])
    assert marshmallow.converter is not None, "APISpec has just made it"
    marshmallow.converter.add_attribute_function(_own_fields)  # type: ignore[no-untyped-call]
    spec.components.security_scheme("oauth2", _SECURITY)
    for route in (route for route in routes.routes if not route.path.startswith(INTERNAL)):
        spec.path(_template(route.path), operations={route.method.lower(): _operation(routes.service, route)})
    return json.loads(json.dumps(spec.to_dict(), default=str))  # type: ignore[no-any-return]


_SECURITY = {
    "type": "oauth2",
    "flows": {"clientCredentials": {"tokenUrl": "/v2/auth/token", "scopes": SCOPES}},
}


def _operation(service: str, route: Route) -> dict[str, Any]:
    operation = route.operation
    described: dict[str, Any] = {
        "operationId": route.view.__name__,
        "summary": operation.summary,
        "tags": [service],
        "parameters": _parameters(route),
        "responses": _responses(operation),
        "security": [] if operation.scope is None else [{"oauth2": [operation.scope]}],
    }
    if text := inspect.getdoc(route.view):
        described["description"] = text
    if operation.body is not None:
        described["requestBody"] = _request_body(operation.body)
    return described


_KEYED = (
    "A key of your own for this request, 1 to 255 visible ASCII characters. Sent again with the same key, it has no "
    "second effect and gets the same answer."
)


def _parameters(route: Route) -> list[Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(\w+)>", route.path)
    ]
    in_header = [
        {"name": name, "in": "header", "description": text, "schema": {"type": "string"}}
        for name, text in route.operation.headers.items()
    ]
    if route.operation.keyed:
        in_header.append({"name": HEADER, "in": "header", "description": _KEYED, "schema": {"type": "string"}})
    in_query = [{"in": "query", "schema": route.operation.query}] if route.operation.query else []
    return [*in_path, *in_header, *in_query]


def _request_body(body: Json | Text | Form | Raw) -> dict[str, Any]:
    if isinstance(body, Json):
        return {"required": body.required, "content": {kind: {"schema": body.schema} for kind in body.media_types}}
    if isinstance(body, Text):
        return {"required": True, "content": {"text/plain": {"schema": {"type": "string", "maxLength": body.limit}}}}
    if isinstance(body, Form):
        members = {name: {"type": "string", "description": text} for name, text in body.members.items()}
        schema = {"type": "object", "properties": members, "required": list(members)[:1]}
        return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    content: dict[str, Any] = dict.fromkeys(body.media_types, _BYTES)
    if body.part:
        form = {"type": "object", "properties": {body.part: _BYTES["schema"]}, "required": [body.part]}
        content["multipart/form-data"] = {"schema": form}
    return {"required": body.required, "content": content}


_BYTES = {"schema": {"type": "string", "format": "binary"}}


def _responses(operation: Operation) -> dict[str, Any]:
    refusals: dict[int, list[type[Refusal]]] = {}
    guards = () if operation.scope is None else (Unauthenticated, Forbidden)
    bodies = () if operation.body is None else (RequestTimeout, PayloadTooLarge)
    keyed = (KeyReused,) if operation.keyed else ()
    for refusal in dict.fromkeys((BadRequest, *guards, *bodies, *keyed, *operation.refusals, Unavailable)):
        refusals.setdefault(refusal.status, []).append(refusal)
    answers = {str(answer.status): _success(answer) for answer in (operation.answer, *operation.also)}
    manner = operation.manner
    content = {manner.media_type: {"schema": manner.schema}} if manner else {PROBLEM_TYPE: {"schema": Problem}}
    return answers | {str(status): _refusal(kinds, content) for status, kinds in sorted(refusals.items())}


def _success(answer: Answer) -> dict[str, Any]:
    tells = {name: {"description": text, "schema": {"type": "string"}} for name, text in answer.tells.items()}
    described: dict[str, Any] = {"description": HTTPStatus(answer.status).phrase, "headers": _REQUEST_ID | tells}
    if answer.schema is not None:
        schema: Any = {"type": "array", "items": answer.schema} if answer.many else answer.schema
        described["content"] = {"application/json": {"schema": schema}}
    elif answer.media_types:
        described["content"] = dict.fromkeys(answer.media_types, _BYTES)
    return described


def _refusal(kinds: list[type[Refusal]], content: dict[str, Any]) -> dict[str, Any]:
    codes = ", ".join(dict.fromkeys(f"`{kind.code}`" for kind in kinds))
    return {"description": f"{kinds[0].title}: {codes}", "headers": _REQUEST_ID, "content": content}


def _template(path: str) -> str:
    return re.sub(r"<(\w+)>", r"{\1}", path)


def _schema_name(schema: type[Schema] | Schema) -> str:
    return (schema if isinstance(schema, type) else type(schema)).__name__


def _own_fields(_: Any, field: fields.Field[Any], **__: Any) -> dict[str, Any]:
    if isinstance(field, StrictBoolean):
        return {"type": "boolean"}
    if isinstance(field, Moment):
        return {"type": "string", "format": "date-time"}
    return {}
