"""What the gateway lets through, and to which service: the table of routes, read from the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.errors import MethodNotAllowed, NotCovered
from shared.contracts.auth import TOKEN_PATH
from shared.errors import BadRequest, NotFound
from shared.web.reading import MAX_BODY_BYTES

# The member of an operation that names the service which answers it.
SERVICE = "x-paperlane-service"
# Its value for what the gateway answers itself.
OWN = "gateway"
# Its value for what nobody answers yet.
ABSENT = "none"
# Below it every path is answered with the examples of its operation.
MOCK = "/_mock"
MAX_UPLOAD_BYTES = 40_000_000
MAX_FORM_BYTES = 64 * 1024
# Clients of the public API are configured with or without the version in their token URL.
_ALIASES = {"/auth/token": TOKEN_PATH}
# The media type of calls that bring credentials of their own (RFC 6749, 7009, 7662).
FORM = "application/x-www-form-urlencoded"
_FILE_FORM = "multipart/form-data"
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# Segments of RFC 3986 §3.3 without what proxies and frameworks are known to read in two ways: empty and dot segments,
# ';', an encoded '/', '\' or ';', encoded control characters.
_PATH = re.compile(
    r"(?:/|(?:/(?!\.{1,2}(?:/|\Z))(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%(?!2F|5C|3B|[01].|7F)[0-9A-F]{2})+)+/?)\Z"
)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes, and what it must bring. `scope` None means public; `is_oauth` that it is a call of OAuth,
    which brings the client's own credentials and is refused in OAuth's words.
    """

    service: str
    template: str
    scope: str | None
    max_body_bytes: int
    is_oauth: bool = False
    form_bytes: int = 0
    """What a form may have around its file, whose own bytes the service counts."""

    def limit(self, content_type: str) -> int:
        """How many bytes a body of this type may have."""
        return self.max_body_bytes + (self.form_bytes if content_type.lower().startswith(_FILE_FORM) else 0)


def canonical_path(target: str) -> str:
    """The one spelling of the path in a request target, in which it is looked up and passed on.

    BadRequest when there is none, so that gateway and service never understand different paths.
    """
    path = _ENCODED.sub(_decode_unreserved, target.partition("?")[0])
    if "#" in target or not _PATH.match(path):
        raise BadRequest("The path is not one of this API. Send it as the documentation writes it.")
    return _ALIASES.get(path, path)


def _decode_unreserved(encoded: re.Match[str]) -> str:
    """RFC 3986 §6.2.2: an encoded unreserved character is that character; other encodings are upper case."""
    character = chr(int(encoded[0][1:], 16))
    return character if _UNRESERVED.match(character) else encoded[0].upper()


class Table:
    """The routes of an OpenAPI document, by method and path; HEAD goes where GET goes."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        # Literal segments sort before parameters: /documents/process-file wins over /documents/{id}.
        templates = sorted(document["paths"].items(), key=lambda entry: entry[0].replace("{", "\x7f"))
        covered = [(template, item) for template, item in templates if not _is_absent(item)]
        absent = {template.partition("/{")[0] for template, item in templates if _is_absent(item)}
        self._paths = [(_pattern(template), _methods(template, item)) for template, item in covered]
        self._absent = re.compile(f"(?:{'|'.join(map(re.escape, sorted(absent)))})(?:/|\\Z)" if absent else r"(?!)")

    def find(self, method: str, path: str) -> Route:
        """MethodNotAllowed for a method that the path has not. For a path that no template fits NotFound, or NotCovered
        if it is or lies below one that is absent.
        """
        for pattern, methods in self._paths:
            if pattern.match(path):
                if method not in methods:
                    raise MethodNotAllowed(methods, any(route.is_oauth for route in methods.values()))
                return methods[method]
        if self._absent.match(path):
            raise NotCovered
        raise NotFound("There is nothing at this path. The paths of this API are in /v2/openapi.json.")


def _is_absent(item: Mapping[str, Any]) -> bool:
    return any(operation[SERVICE] == ABSENT for operation in item.values())


def _pattern(template: str) -> re.Pattern[str]:
    literals = re.split(r"\{\w+\}", template)
    return re.compile("[^/]+".join(map(re.escape, literals)) + r"\Z")


def _methods(template: str, item: Mapping[str, Any]) -> Mapping[str, Route]:
    routes = {method.upper(): _route(template, operation) for method, operation in item.items()}
    return {"HEAD": routes["GET"], **routes} if "GET" in routes else routes


def _route(template: str, operation: Mapping[str, Any]) -> Route:
    bodies = operation.get("requestBody", {}).get("content", {})
    takes_files = any(body["schema"].get("format") == "binary" for body in bodies.values())
    return Route(
        service=operation[SERVICE],
        template=template,
        scope=next((scope for demand in operation["security"] for scope in demand.get("oauth2", ())), None),
        max_body_bytes=MAX_UPLOAD_BYTES if takes_files else MAX_BODY_BYTES,
        is_oauth=FORM in bodies,
        form_bytes=MAX_FORM_BYTES if _FILE_FORM in bodies else 0,
    )
