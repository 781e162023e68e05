"""Refusals in the API's description: what such an answer looks like, shown by the code that gives it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate
from werkzeug.wrappers import Response

from shared.errors import NotFound, Refusal
from shared.web.problems import PROBLEM_TYPE, framework_problem, problem
from shared.web.routes import Manner

# What our headers say, and the type of those that are no text.
_ABOUT: Mapping[str, tuple[str, str]] = {
    "Allow": ("string", "The methods that this path takes."),
    "Cache-Control": ("string", "That no cache may keep it."),
    "Content-Range": ("string", "How many bytes there are: `bytes */` and their number."),
    "Pragma": ("string", "The same, for the caches of HTTP/1.0."),
    "Retry-After": ("integer", "After how many seconds to try again."),
    "Tus-Checksum-Algorithm": ("string", "What Upload-Checksum may be made with."),
    "Tus-Extension": ("string", "What can be done beside adding bytes."),
    "Tus-Max-Size": ("integer", "How many bytes a file may have."),
    "Tus-Resumable": ("string", "The version of tus that is spoken."),
    "Tus-Version": ("string", "The versions of tus that are understood."),
    "WWW-Authenticate": ("string", "Which credentials are asked for, and what is wrong with those that came."),
}

_OF_BODIES = ("Content-Length", "Content-Type")


class Problem(Schema):
    """The body of every refusal (RFC 9457, by which more members may come). `type` is `urn:paperlane:problem:` and the
    code, unless the IETF has a name for it.
    """

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True, metadata={"example": "urn:paperlane:problem:not_found"})
    title = fields.String(required=True, metadata={"example": "Not found"})
    detail = fields.String(
        required=True, metadata={"description": "What is wrong, and the cure.", "example": NotFound.sample[0]}
    )
    status = fields.Integer(required=True, validate=validate.Range(100, 599), metadata={"example": 404})
    code = fields.String(required=True, metadata={"example": "not_found"})
    violated_policies = fields.List(
        fields.String(),
        data_key="violated-policies",
        metadata={"description": "With 429: which part of the plan is used up.", "example": ["default"]},
    )


def describe_refusals(kinds: Iterable[type[Refusal]], manner: Manner | None = None) -> tuple[str, dict[str, Any]]:
    """A name that no other has, and the OpenAPI response object, of an answer that says one of these kinds, which have
    one status.
    """
    schema, media_type = (manner.schema, manner.media_type) if manner else (Problem, PROBLEM_TYPE)
    ordered = sorted(dict.fromkeys(kinds), key=lambda kind: (_service(kind), kind.__name__))
    shown = {kind.__name__: _shown(kind, manner) for kind in ordered}
    headers = {name: value for answer in shown.values() for name, value in answer.headers if name not in _OF_BODIES}
    described = _described({name: answer.get_data() for name, answer in shown.items()}, schema, media_type)
    described["headers"] = {name: header(name, value) for name, value in headers.items()}
    names = "-".join(f"{_service(kind)}{kind.__name__}" for kind in ordered)
    dialect = schema.__name__.removesuffix("Problem")
    return f"{dialect}.{names}" if dialect else names, described


def describe_server_refusal(status: int) -> tuple[str, dict[str, Any]]:
    """The same of an answer that our server gives, to what it cannot read as HTTP."""
    body = framework_problem(status)
    name = json.loads(body)["code"].title().replace("_", "")
    return name, _described({name: body}, Problem, PROBLEM_TYPE)


def header(name: str, value: str) -> dict[str, Any]:
    """The OpenAPI header object of a header that may have this value."""
    kind, about = _ABOUT.get(name, ("string", ""))
    described = {"schema": {"type": kind}, "example": int(value) if kind == "integer" else value}
    return {"description": about, **described} if about else described


def _shown(kind: type[Refusal], manner: Manner | None) -> Response:
    """The answer as it goes out for a refusal of this kind."""
    refusal = _sample(kind)
    body = problem(refusal.status, refusal.code, refusal.title, refusal.detail, **refusal.members)
    answer = Response(body, refusal.status, refusal.headers, content_type=PROBLEM_TYPE)
    if manner:
        manner.finish(answer)
    return answer


def _sample(kind: type[Refusal]) -> Refusal:
    own = next(each for each in kind.__mro__ if {"sample", "__init__"} & vars(each).keys())
    return kind(*vars(own).get("sample", ()))


def _described(bodies: Mapping[str, bytes], schema: type[Schema], media_type: str) -> dict[str, Any]:
    examples = {name: json.loads(body) for name, body in bodies.items()}
    codes = ", ".join(dict.fromkeys(f"`{body['code']}`" for body in examples.values()))
    content = {
        "schema": {"$ref": f"#/components/schemas/{schema.__name__}"},
        "examples": {name: {"value": body} for name, body in examples.items()},
    }
    title = next(iter(examples.values()))["title"]
    return {"description": f"{title}: {codes}", "content": {media_type: content}}


def _service(kind: type[Refusal]) -> str:
    """`auth.` for what only the service auth refuses: two services may refuse by the same name."""
    top, *below = kind.__module__.split(".")
    return f"{below[0]}." if top == "services" else ""
