"""The OpenAPI 3.1 part of one service, made by apispec from the very declarations that its routes enforce."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from shared.errors import BadRequest, Forbidden, PayloadTooLarge, Refusal, RequestTimeout, Unauthenticated, Unavailable
from shared.idempotency import HEADER, PATTERN, KeyReused
from shared.scopes import SCOPES
from shared.web.examples import Examples
from shared.web.fields import SEEN, Moment, StrictBoolean
from shared.web.refusals import Problem, describe_refusals, header
from shared.web.routes import INTERNAL, Answer, Form, Header, Json, Lead, Manner, Operation, Raw, Route, Routes, Text

# Of the API, by semantic versioning; docs/developing.md says what changes which number.
VERSION = "2.1.0"


# Where a marshmallow schema keeps what its JSON schema shall say that its fields do not.
DESCRIBED = "described"


def describe(routes: Routes[Any]) -> dict[str, Any]:
    """The OpenAPI document of these routes alone, as plain data."""
    marshmallow = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec("Paperlane", VERSION, "3.1.0", plugins=[marshmallow])
    assert marshmallow.converter is not None, "APISpec has just made it"
    marshmallow.converter.add_attribute_function(_own_fields)  # type: ignore[no-untyped-call]
    spec.components.security_scheme("oauth2", _SECURITY)
    for route in (route for route in routes.routes if not route.path.startswith(INTERNAL)):
        spec.path(_template(route.path), operations={route.method.lower(): _operation(routes.service, route, spec)})
    document: dict[str, Any] = json.loads(json.dumps(spec.to_dict(), default=str))
    for (kind, *_), name in marshmallow.converter.refs.items():
        document["components"]["schemas"][name].update(getattr(kind, DESCRIBED, {}))
    _add_examples(document)
    return document


_SECURITY = {
    "type": "oauth2",
    "flows": {"clientCredentials": {"tokenUrl": "/v2/auth/token", "scopes": SCOPES}},
}


def _operation(service: str, route: Route, spec: APISpec) -> dict[str, Any]:
    operation = route.operation
    described: dict[str, Any] = {
        "operationId": route.view.__name__,
        "summary": operation.summary,
        "description": inspect.getdoc(route.view) or "",
        "tags": [service],
        "parameters": _parameters(route),
        "responses": _responses(operation, spec),
        "security": [] if operation.scope is None else [{"oauth2": [operation.scope]}],
    }
    if operation.body is not None:
        described["requestBody"] = _request_body(operation.body)
    return described


_KEYED = (
    "A key of your own for this request, 1 to 255 visible ASCII characters. Sent again with the same key, it has no "
    "second effect and gets the same answer."
)
KEY_EXAMPLE = "4f1c2b0e-6d0c-4a51-9b8e-3c1d5a7f9e20"
_HEX = "6040dc9680b782b365ea77d5"
# Ids are for clients to keep, not to read: all that is told of them is that they need no encoding.
_ID: Mapping[str, str] = {"type": "string", "pattern": "^[A-Za-z0-9_-][A-Za-z0-9._-]*$"}
# What ids and numbers in paths look like; the others are ids of 24 hex digits.
_IDS = {"client_id": f"client-{_HEX}", "file_id": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5", "page": "1"}


def _parameters(route: Route) -> list[Any]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": f"The {_told(name)} of the {name.removesuffix('_id').replace('_', ' ')}.",
            "schema": _ID,
            "example": _IDS.get(name, _HEX),
        }
        for name in re.findall(r"<(\w+)>", route.path)
    ]
    in_header = [
        _header(name, told if isinstance(told, Header) else Header(told))
        for name, told in route.operation.headers.items()
    ]
    if route.operation.keyed:
        schema = {"type": "string", "pattern": PATTERN}
        in_header.append(
            {"name": HEADER, "in": "header", "description": _KEYED, "schema": schema, "example": KEY_EXAMPLE}
        )
    in_query = [{"in": "query", "schema": route.operation.query}] if route.operation.query else []
    return [*in_path, *in_header, *in_query]


def _told(parameter: str) -> str:
    return "number" if _IDS.get(parameter, "").isdecimal() else "id"


def _header(name: str, told: Header) -> dict[str, Any]:
    described = {"name": name, "in": "header", "description": told.about, "schema": dict(told.schema)}
    return {**described, "required": True} if told.required else described


def _request_body(body: Json | Text | Form | Raw) -> dict[str, Any]:
    if isinstance(body, Json):
        return {"required": body.required, "content": {kind: {"schema": body.schema} for kind in body.media_types}}
    if isinstance(body, Text):
        schema: Any = {"type": "string", "pattern": SEEN, "maxLength": body.limit}
        return {"required": True, "content": {"text/plain": {"schema": schema, "example": body.example}}}
    if isinstance(body, Form):
        members: dict[str, dict[str, Any]] = {
            name: {"type": "string", "description": text} for name, text in body.members.items()
        }
        needed, *_ = members
        members[needed] |= {"minLength": 1}
        # Of those that it does not know, a server may not mind any (RFC 6749 §3.2), but none may come twice.
        others = {"type": "string"}
        schema = {"type": "object", "properties": members, "required": [needed], "additionalProperties": others}
        form = {"schema": schema, "example": dict(body.example)}
        return {"required": True, "content": {"application/x-www-form-urlencoded": form}}
    content: dict[str, Any] = dict.fromkeys(body.media_types, _BYTES)
    if body.part:
        schema = {"type": "object", "properties": {body.part: _BYTES["schema"]}, "required": [body.part]}
        content["multipart/form-data"] = {"schema": schema}
    return {"required": body.required, "content": content}


_BYTES = {"schema": {"type": "string", "format": "binary"}}
_TEXT = {"schema": {"type": "string"}}


def _responses(operation: Operation, spec: APISpec) -> dict[str, Any]:
    refusals: dict[int, list[type[Refusal]]] = {}
    guards = () if operation.scope is None else (Unauthenticated, Forbidden)
    bodies = () if operation.body is None else (RequestTimeout, PayloadTooLarge)
    keyed = (KeyReused,) if operation.keyed else ()
    for refusal in dict.fromkeys((BadRequest, *guards, *bodies, *keyed, *operation.refusals, Unavailable)):
        refusals.setdefault(refusal.status, []).append(refusal)
    answers = {str(answer.status): _success(answer, operation.manner) for answer in (operation.answer, *operation.also)}
    return answers | {str(status): _refusal(kinds, operation, spec) for status, kinds in sorted(refusals.items())}


def _success(answer: Answer, manner: Manner | None) -> dict[str, Any]:
    sent = Response(status=answer.status, headers=dict(answer.headers))
    if manner:
        manner.finish(sent)
    headers = {name: header(name, value) for name, value in sent.headers if not name.startswith("Content-")}
    headers |= {name: {"description": text, "schema": {"type": "string"}} for name, text in answer.tells.items()}
    described: dict[str, Any] = {"description": HTTPStatus(answer.status).phrase}
    if headers:
        described["headers"] = headers
    if answer.schema is not None:
        schema: Any = {"type": "array", "items": answer.schema} if answer.many else answer.schema
        described["content"] = {"application/json": {"schema": schema}}
    if answer.media_types:
        others = {kind: _TEXT if kind.startswith("text/") else _BYTES for kind in answer.media_types}
        described["content"] = described.get("content", {}) | others
    if answer.leads:
        described["links"] = {lead.operation: _link(lead) for lead in answer.leads}
    return described


def _link(lead: Lead) -> dict[str, Any]:
    taken = {"parameters": lead.parameters, "requestBody": lead.body}
    expressions = {
        place: {name: f"$response.body#/{member}" for name, member in members.items()}
        for place, members in taken.items()
        if members
    }
    return {"operationId": lead.operation, **expressions}


def _refusal(kinds: list[type[Refusal]], operation: Operation, spec: APISpec) -> str:
    """The name of the component that describes them, which operations share."""
    name, response = describe_refusals(kinds, operation.manner)
    schema = operation.manner.schema if operation.manner else Problem
    if name not in spec.components.responses:
        spec.components.response(name, response)
    if schema.__name__ not in spec.components.schemas:
        spec.components.schema(schema.__name__, schema=schema)
    return name


def _add_examples(document: dict[str, Any]) -> None:
    """Give what is sent and answered in JSON a whole example each, and parameters that of their schema."""
    schemas = document["components"].get("schemas", {})
    sent, answered = Examples(schemas, sparing=True), Examples(schemas)
    for item in document["paths"].values():
        for operation in item.values():
            _exemplify(operation.get("requestBody", {}), sent)
            for response in operation["responses"].values():
                _exemplify(response, answered)
            for parameter in operation["parameters"]:
                if "example" in parameter["schema"]:
                    parameter["example"] = parameter["schema"].pop("example")


def _exemplify(holder: dict[str, Any], examples: Examples) -> None:
    for media_type, content in holder.get("content", {}).items():
        if media_type.endswith("json"):
            content["example"] = examples.of(content["schema"])


def _template(path: str) -> str:
    return re.sub(r"<(\w+)>", r"{\1}", path)


def _schema_name(schema: type[Schema] | Schema) -> str:
    return (schema if isinstance(schema, type) else type(schema)).__name__


def _own_fields(_: Any, field: fields.Field[Any], **__: Any) -> dict[str, Any]:
    described: dict[str, Any] = {}
    if isinstance(field, StrictBoolean):
        described = {"type": "boolean"}
    if isinstance(field, Moment):
        described = {"type": "string", "format": "date-time"}
    if isinstance(field, fields.Constant):
        described = {"type": "string", "const": field.constant}
    if described and field.allow_none:
        described["type"] = [described["type"], "null"]
    return described
