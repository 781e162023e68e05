"""What the gateway adds to the description of every operation: its own refusals, its headers, API keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.errors import RateLimited
from gateway.routes import ABSENT, FORM, OWN, SERVICE
from shared.errors import BadGateway, BadRequest, GatewayTimeout, Refusal, Unavailable
from shared.web.oauth import OAUTH
from shared.web.openapi import VERSION
from shared.web.refusals import describe_refusals, describe_server_refusal
from shared.web.routes import Manner

# The name of the second way to say who calls.
API_KEY = "apiKey"
_TEXT: Mapping[str, Any] = {"type": "string"}
_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0}
_ALWAYS: dict[str, Any] = {
    "API-Version": {
        "description": "The version of this document that the answer follows.",
        "required": True,
        "schema": _TEXT,
        "example": VERSION,
    },
    "X-Request-Id": {
        "description": "The id of this call in our logs: yours, if you sent one.",
        "required": True,
        "schema": _TEXT,
        "example": "4f1c2b0e-6d0c-4a51-9b8e-3c1d5a7f9e20",
    },
}
_OF_REQUESTS: dict[str, Any] = {
    "Traceparent": {
        "description": "This call in your trace, or in a new one (W3C Trace Context).",
        "schema": _TEXT,
        "example": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    },
    "x-ratelimit-limit": {
        "description": "The quota, and again with its window in seconds.",
        "schema": _TEXT,
        "example": "600, 600;w=60",
    },
    "x-ratelimit-remaining": {
        "description": "How many requests are left in this window.",
        "schema": _COUNT,
        "example": 599,
    },
    "x-ratelimit-reset": {"description": "In how many seconds the window ends.", "schema": _COUNT, "example": 60},
    "RateLimit-Policy": {
        "description": "The quota in the words of draft-ietf-httpapi-ratelimit-headers.",
        "schema": _TEXT,
        "example": '"default";q=600;w=60',
    },
    "RateLimit": {
        "description": "What is left of it, and for how many seconds.",
        "schema": _TEXT,
        "example": '"default";r=599;t=60',
    },
}
_KEY: Mapping[str, Any] = {
    "type": "apiKey",
    "in": "header",
    "name": "X-API-Key",
    "description": "An API key of the client, in place of a token. `API-KEY` is the same header.",
}
# What our server refuses before it is a request, and what it says to a fault of ours.
_UNREAD = (414, 431)
_FAULT = 500


def passed_on(part: Mapping[str, Any], service: str) -> dict[str, Any]:
    """The part of a service as clients meet it: with the gateway's refusals and headers, and open to API keys wherever
    it takes tokens.
    """
    refusals: dict[str, Any] = {
        name: _carrying(response, _ALWAYS | _OF_REQUESTS)
        for name, response in part["components"].get("responses", {}).items()
    }
    paths = {
        path: {method: _operation(operation, service, refusals) for method, operation in item.items()}
        for path, item in part["paths"].items()
    }
    components = {
        **part["components"],
        "headers": _ALWAYS | _OF_REQUESTS,
        "responses": refusals,
        "securitySchemes": {**part["components"].get("securitySchemes", {}), API_KEY: _KEY},
    }
    return {"paths": paths, "components": components}


def _operation(operation: Mapping[str, Any], service: str, refusals: dict[str, Any]) -> dict[str, Any]:
    """The operation; what the gateway refuses there is added to `refusals`, by name."""
    manner = OAUTH if FORM in operation.get("requestBody", {}).get("content", {}) else None
    answers = {
        status: answer if "$ref" in answer else _carrying(answer, _ALWAYS | _OF_REQUESTS)
        for status, answer in operation["responses"].items()
    }
    for status, (name, response, headers) in _refusals(service, manner).items():
        if status not in answers:
            refusals[name] = _carrying(response, headers)
            answers[status] = {"$ref": f"#/components/responses/{name}"}
    return {
        **operation,
        SERVICE: service,
        "security": [*operation["security"], {API_KEY: []}] if operation["security"] else [],
        "responses": dict(sorted(answers.items())),
    }


def _refusals(service: str, manner: Manner | None) -> dict[str, tuple[str, dict[str, Any], Mapping[str, Any]]]:
    """By status: the name of what the gateway and its server refuse there, the answer, and the headers it carries."""
    kinds: list[type[Refusal]] = [BadRequest, RateLimited]
    if service not in (OWN, ABSENT):
        kinds += [BadGateway, Unavailable, GatewayTimeout]
    return {
        **{str(kind.status): (*describe_refusals([kind], manner), _ALWAYS | _OF_REQUESTS) for kind in kinds},
        **{str(status): (*describe_server_refusal(status), _ALWAYS) for status in _UNREAD},
        str(_FAULT): (*describe_server_refusal(_FAULT), _ALWAYS | _OF_REQUESTS),
    }


def _carrying(answer: Mapping[str, Any], headers: Mapping[str, Any]) -> dict[str, Any]:
    more = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return {**answer, "headers": {**answer.get("headers", {}), **more}}
