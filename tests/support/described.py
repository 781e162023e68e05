"""Every route that gateway/openapi.json describes, for tests that walk them all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parents[2] / "gateway" / "openapi.json"
_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Described:
    """A route: `scope` None for a public one, `parameters` the names of those in its path, in order."""

    method: str
    path: str
    service: str
    scope: str | None
    operation: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.path)

    @property
    def takes(self) -> str | None:
        """The media type of its body; the first when there are several."""
        return next(iter(self.operation.get("requestBody", {}).get("content", {})), None)

    def filled(self, values: Mapping[str, str]) -> str:
        return _PARAMETER.sub(lambda found: values[found[1]], self.path)


def described() -> list[Described]:
    """All routes, in the order of the document."""
    return [
        Described(
            method.upper(),
            path,
            operation["x-paperlane-service"],
            next((scope for demand in operation["security"] for scope in demand.get("oauth2", ())), None),
            operation,
        )
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if "responses" in operation
    ]


def document() -> dict[str, Any]:
    return dict(json.loads(_FILE.read_text()))


def guarded() -> list[Described]:
    """The routes that need a scope."""
    return [route for route in described() if route.scope]


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a `$ref` names, or the schema itself."""
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
