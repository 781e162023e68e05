"""The bodies of the gateway's own answers, and what it adds to the description of every other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import INCLUDE, Schema

from shared.web.problems import PROBLEM_TYPE

# The name of the second way to say who calls.
API_KEY = "apiKey"
_TEXT: Mapping[str, Any] = {"type": "string"}
_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0}
_LIMITS: Mapping[str, Any] = {
    "x-ratelimit-limit": {
        "description": "The quota, and again with its window in seconds.",
        "schema": {**_TEXT, "example": "600, 600;w=60"},
    },
    "x-ratelimit-remaining": {"description": "How many requests are left in this window.", "schema": _COUNT},
    "x-ratelimit-reset": {"description": "In how many seconds the window ends.", "schema": _COUNT},
    "RateLimit-Policy": {
        "description": "The quota in the words of draft-ietf-httpapi-ratelimit-headers.",
        "schema": {**_TEXT, "example": '"default";q=600;w=60'},
    },
    "RateLimit": {
        "description": "What is left of it, and for how many seconds.",
        "schema": {**_TEXT, "example": '"default";r=599;t=60'},
    },
}
COMPONENTS: Mapping[str, Mapping[str, Any]] = {
    "headers": _LIMITS,
    "securitySchemes": {
        API_KEY: {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "An API key of the client, in place of a token. `API-KEY` is the same header.",
        }
    },
}
LIMITED: Mapping[str, Any] = {
    "description": "Too many requests: `rate_limited`",
    "headers": {
        "X-Request-Id": {"description": "The id of this call in our logs.", "schema": _TEXT},
        "Retry-After": {"description": "After how many seconds to try again.", "schema": _COUNT},
    },
    "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class OpenApiDocument(Schema):
    """An OpenAPI 3.1 document."""

    class Meta:
        unknown = INCLUDE


def with_limits(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the headers that the gateway gives to each."""
    limits = {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMITS}
    return {**answer, "headers": {**answer.get("headers", {}), **limits}}
