"""Examples of whole values, composed from those that the members of a JSON schema give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# What stands for a text that gives no example of its own; no value of ours is this.
UNTOLD = "…"
_BY_FORMAT = {
    "date": "2026-03-02",
    "date-time": "2026-03-02T09:30:00.000Z",
    "email": "office@example.com",
    "uri": "https://example.com/",
    "uuid": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5",
}
_SCHEMAS = "#/components/schemas/"

Schema = Mapping[str, Any]


class Examples:
    """Composes examples of schemas that refer to `schemas`, an OpenAPI document's components.

    Of the members that may be left out, all are shown; if `sparing`, only those that give an example of their own, so
    that a request can be sent as it is.
    """

    def __init__(self, schemas: Mapping[str, Schema], sparing: bool = False) -> None:
        self._schemas = schemas
        self._sparing = sparing

    def of(self, schema: Schema, above: tuple[str, ...] = ()) -> Any:
        """A value that the schema allows. `above` are the references that led here: none is followed twice, so that
        a tree ends.
        """
        for word in ("example", "const", "default"):
            if word in schema:
                return schema[word]
        if name := _named(schema):
            return self.of(self._schemas[name], (*above, name))
        if "enum" in schema:
            return schema["enum"][0]
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self.of(next(each for each in schema[word] if _named(each) not in above), above)
        if "allOf" in schema:
            return self._joined(schema["allOf"], above)
        return self._by_type(schema, above)

    def _joined(self, parts: Iterable[Schema], above: tuple[str, ...]) -> Any:
        joined: dict[str, Any] = {}
        for part in parts:
            joined |= self.of(part, above)
        return joined

    def _by_type(self, schema: Schema, above: tuple[str, ...]) -> Any:
        kind = schema.get("type")
        match kind[0] if isinstance(kind, list) else kind:
            case "object":
                return self._object(schema, above)
            case "array":
                items = schema.get("items", {})
                return [] if not items or _named(items) in above else [self.of(items, above)]
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return _BY_FORMAT.get(schema.get("format", ""), UNTOLD)

    def _object(self, schema: Schema, above: tuple[str, ...]) -> dict[str, Any]:
        needed = schema.get("required", ())
        return {
            name: self.of(member, above)
            for name, member in schema.get("properties", {}).items()
            if name in needed or self._is_shown(member, above)
        }

    def _is_shown(self, member: Schema, above: tuple[str, ...]) -> bool:
        return "example" in member if self._sparing else _named(member) not in above


def _named(schema: Schema) -> str | None:
    """The name of the component that the schema refers to."""
    reference = schema.get("$ref")
    return reference.removeprefix(_SCHEMAS) if reference else None
