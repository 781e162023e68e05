"""docs/contract.md as data, and the words in which its tables tell what gateway/openapi.json describes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "docs" / "contract.md"
DOCUMENTED, OURS, NOT_COVERED = "documented", "ours", "not covered"
Row = Mapping[str, str]


def table(heading: str) -> list[Row]:
    """The rows of the table below this heading, each by the names of its columns."""
    section = FILE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    columns, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|---" not in line]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def names(cell: str) -> list[str]:
    """What stands in backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def statuses(cell: str) -> set[str]:
    return set(re.findall(r"\b\d{3}\b", cell))


def plain(cell: str) -> str:
    """A cell without its marks: what is in italics there is ours."""
    return cell.replace("*", "").replace("`", "")


def in_words(schema: Mapping[str, Any]) -> str:
    """Type, limits, values and default of a JSON schema: `string 1…60`, `[Document]`, `one of a, b; default a`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    kind = " ".join(filter(None, [_kind(schema), _limits(schema)]))
    default = schema.get("default")
    return kind if default in (None, [], "") or "const" in schema else f"{kind}; default {_value(default)}"


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(_value(value) for value in schema["enum"])
    if "const" in schema:
        return _value(schema["const"])
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(in_words(each) for each in schema[word])
    kinds = schema.get("type", "any")
    named = [_of_type(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return " or ".join(named)


def _of_type(kind: str, schema: Mapping[str, Any]) -> str:
    if kind == "array":
        return f"[{in_words(schema.get('items', {}))}]"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"{{{in_words(schema['additionalProperties'])}}}"
    return str(schema["format"]) if kind == "string" and "format" in schema else kind


_LIMITS = (
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)


def _limits(schema: Mapping[str, Any]) -> str:
    told = []
    for lowest, highest in _LIMITS:
        low, high = schema.get(lowest), schema.get(highest)
        if (low, high) not in ((None, None), (0, None)) or (lowest == "minimum" and low is not None):
            told.append(str(low) if low == high else f"{low or 0}…{'' if high is None else high}")
    return " ".join(told)


def _value(value: Any) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


class Description:
    """An OpenAPI document, asked for what the tables say."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._components = document["components"]
        self.operations: dict[str, Mapping[str, Any]] = {
            f"{method.upper()} {path}": operation
            for path, item in document["paths"].items()
            for method, operation in item.items()
        }

        self.schemas: Mapping[str, Any] = document["components"]["schemas"]

    def scope(self, name: str) -> str:
        demands = self.operations[name]["security"]
        return next((scope for demand in demands for scope in demand.get("oauth2", ())), "")

    def takes(self, name: str) -> str:
        """The body: its media types and its schema; empty without one."""
        body = self.operations[name].get("requestBody")
        if body is None:
            return ""
        return _content(body["content"]) + ("" if body["required"] else ", or nothing")

    def gives(self, name: str) -> str:
        """The answer of success that is declared first, in status order: `200 Document`, `202`; empty for none."""
        for status, answer in self.operations[name]["responses"].items():
            if status.startswith("2"):
                return " ".join(filter(None, [status, _content(answer.get("content", {}))]))
        return ""

    def answers(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        return {status: self.resolved(answer) for status, answer in self.operations[name]["responses"].items()}

    def parameters(self, name: str) -> dict[str, str]:
        """In words, by place and name; those of the path are in the path."""
        return {
            f"{parameter['in']} {parameter['name']}": in_words(parameter["schema"])
            + _required(parameter.get("required", False))
            for parameter in map(self.resolved, self.operations[name].get("parameters", ()))
            if parameter["in"] != "path"
        }

    def members(self, schema: str) -> dict[str, str]:
        """In words, by name."""
        described = self.schemas[schema]
        needed = described.get("required", ())
        return {
            name: in_words(member) + _required(name in needed)
            for name, member in described.get("properties", {}).items()
        }

    def resolved(self, thing: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the reference names, or the thing itself."""
        while "$ref" in thing:
            _, _, kind, name = thing["$ref"].split("/")
            thing = self._components[kind][name]
        return thing


def _required(is_required: bool) -> str:
    return ", required" if is_required else ""


def _content(content: Mapping[str, Any]) -> str:
    """Media types that have the same schema, and that schema; only the schema, if it is JSON."""
    by_schema: dict[str, list[str]] = {}
    for media_type, described in content.items():
        by_schema.setdefault(_body(media_type, described["schema"]), []).append(media_type)
    return "; ".join(_told(words, kinds) for words, kinds in by_schema.items())


def _body(media_type: str, schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "binary" or media_type.startswith("multipart/"):
        return ""
    if "properties" in schema:
        needed = schema.get("required", ())
        return "{" + ", ".join(name + _required(name in needed) for name in schema["properties"]) + "}"
    return in_words(schema)


def _told(words: str, media_types: list[str]) -> str:
    if media_types == ["application/json"]:
        return words
    return " ".join(filter(None, [*media_types, words]))


def everywhere(description: Description, name: str) -> Iterator[str]:
    """What every operation of this kind answers."""
    operation = description.operations[name]
    for row in table("Statuses of whole classes"):
        if _is_in(row["Operations"], operation):
            yield from statuses(row["Statuses"])


def _is_in(kind: str, operation: Mapping[str, Any]) -> bool:
    parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
    kinds: dict[str, bool] = {
        "all": True,
        "with a scope": bool(operation["security"]),
        "with a body": "requestBody" in operation,
        "with an Idempotency-Key": "Idempotency-Key" in parameters,
        "answered by a service": operation["x-paperlane-service"] not in ("gateway", "none"),
        "answered by the gateway itself": operation["x-paperlane-service"] == "gateway",
    }
    return kinds[kind]
