"""The mock: every operation answered with an example of its description, for whoever builds a client."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from gateway.routes import Route
from shared.errors import BadRequest, Unauthenticated

# In every answer of the mock.
MARK = ("X-Paperlane-Mock", "true")
_CREDENTIALS = ("HTTP_AUTHORIZATION", "HTTP_X_API_KEY", "HTTP_API_KEY")
_PDF = "application/pdf"
# What files of these media types look like.
_SHOWN = {_PDF: "example.pdf", "image/png": "example.png"}
# Preferences of RFC 7240, by the names that other mocks have given them.
_PREFERENCE = re.compile(r'(?:^|[,;\s])(code|example)\s*=\s*"?([\w.-]+)"?', re.IGNORECASE)


class Example(NamedTuple):
    """What an answer shows; `name` tells it from others of the same status."""

    name: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Mock:
    """Answers the operations of an OpenAPI document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        shared = document.get("components", {}).get("responses", {})
        of_components = {f"#/components/responses/{name}": _examples(each) for name, each in shared.items()}
        self._examples = {
            (method.upper(), template): [
                (int(status), example)
                for status, answer in operation.get("responses", {}).items()
                for example in (of_components[answer["$ref"]] if "$ref" in answer else _examples(answer))
            ]
            for template, item in document["paths"].items()
            for method, operation in item.items()
        }

    def answer(self, method: str, route: Route, environ: Mapping[str, Any]) -> tuple[str, Example]:
        """Status line and example: of success, or what the request prefers. Any token does, but where one is needed
        there must be one: Unauthenticated without. BadRequest for a preference that the description does not fulfil.
        """
        if route.scope is not None and not any(environ.get(name) for name in _CREDENTIALS):
            raise Unauthenticated("Send a token: 'Authorization: Bearer …'. The mock takes any.", error=None)
        examples = self._examples.get((method, route.template)) or self._examples["GET", route.template]
        preferred = {word.lower(): value for word, value in _PREFERENCE.findall(environ.get("HTTP_PREFER", ""))}
        code, name = preferred.get("code"), preferred.get("example")
        for status, example in examples:
            if code in (None, str(status)) and name in (None, example.name):
                return f"{status} {_phrase(status)}", example
        there = ", ".join(f"code={status}; example={example.name}" for status, example in examples)
        raise BadRequest(f"Prefer: this call has no such answer. It has {there}.")


def _phrase(status: int) -> str:
    """Of RFC 9110; tus has statuses of its own."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Refused"


def _examples(answer: Mapping[str, Any]) -> tuple[Example, ...]:
    """Those of an OpenAPI response object, with the headers that are its own; the others the gateway adds."""
    headers = tuple(
        (name, str(header["example"])) for name, header in answer.get("headers", {}).items() if "example" in header
    )
    content = answer.get("content")
    if not content:
        return (Example("success", headers, b""),)
    media_type = _PDF if _PDF in content else next(iter(content))
    headers = (("Content-Type", media_type), *headers)
    return tuple(Example(name, headers, body) for name, body in _bodies(media_type, content[media_type]))


def _bodies(media_type: str, content: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    if "examples" in content:
        for name, example in content["examples"].items():
            yield name, _written(example["value"])
    elif "example" in content:
        yield "success", _written(content["example"])
    elif media_type in _SHOWN:
        yield "success", Path(__file__).with_name(_SHOWN[media_type]).read_bytes()
    else:
        yield "success", b"An example of this media type.\n"


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
