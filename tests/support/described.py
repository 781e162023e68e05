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
# What a path names that is no id, with a good value of it.
_NO_IDS = {"page": "1"}


@dataclass(frozen=True)
class Described:
    """A route: `scope` None for a public one, `parameters` the names of the ids in its path, in order."""

    method: str
    path: str
    service: str
    scope: str | None
    operation: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return [name for name in _PARAMETER.findall(self.path) if name not in _NO_IDS]

    @property
    def takes(self) -> str | None:
        """The media type of its body; the first when there are several."""
        return next(iter(self.operation.get("requestBody", {}).get("content", {})), None)

    def filled(self, values: Mapping[str, str]) -> str:
        known = {**_NO_IDS, **values}
        return _PARAMETER.sub(lambda found: known[found[1]], self.path)


def described() -> list[Described]:
    """All routes that somebody answers, in the order of the document."""
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
        if operation["x-paperlane-service"] != "none"
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


def body_of(route: Described, values: Mapping[str, str]) -> tuple[str | None, bytes | None]:
    """Media type and content of a body that this route takes; `values` has the ids that may be in it."""
    if route.takes is None:
        return None, None
    if route.takes != "application/json":
        return route.takes, b"x"
    return route.takes, json.dumps(json_of(route, values)).encode()


def json_of(route: Described, values: Mapping[str, str]) -> dict[str, Any]:
    """The JSON body that this route takes, with no more than it must have. A new route needs a line here."""
    last = route.path.rpartition("/")[2]
    if route.method == "PATCH":
        return {"name": "renamed"}
    if route.path.startswith("/v2/routings"):
        ends = {"fromProjectId": values["project_id"], "toProjectId": values["other_project_id"]}
        return {"name": "made by a test", "active": False, **ends}
    bodies: dict[str, dict[str, Any]] = {
        "process-file": {"fileId": values["file_id"], "projectId": values["project_id"]},
        "transfer": {"successful": True},
        "process-file-batch": {"fileIds": [values["file_id"]], "projectId": values["project_id"]},
        "cases": {"projectId": values["project_id"]},
        "files": {"fileIds": [values["file_id"]]},
        "reject": {},
        "cancel": {},
        "external-data": {"a": 1},
        "projects": {"name": "made by a test"},
        "import": {"kind": "paperlane-projects", "version": 1, "projects": [{"id": "1", "name": "made by a test"}]},
        "clients": {"name": "made by a test", "scopes": ["documents.read"]},
        "companies": {"name": "made by a test"},
        "secrets": {},
        "api-keys": {"name": "made by a test"},
    }
    return bodies[last]


def undeclared(schema: Mapping[str, Any], value: Any, path: str = "") -> list[str]:
    """The members of an answer that its schema does not name."""
    schema = resolved(schema)
    if isinstance(value, list):
        return [found for each in value for found in undeclared(schema.get("items", {}), each, f"{path}[]")]
    if not isinstance(value, dict) or "additionalProperties" in schema:
        return []
    named = schema.get("properties", {})
    if not named:
        return []
    found = [f"{path}.{name}" for name in value if name not in named]
    return found + [
        more for name in value if name in named for more in undeclared(named[name], value[name], f"{path}.{name}")
    ]
