"""Schemas of projects as clients send and get them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import INCLUDE, ValidationError, fields, post_dump, post_load, validate, validates_schema

from services.documents.domain.schema import EXTRACTOR, DataType, Features, Schema
from services.documents.domain.schema import DataPoint as Point
from shared.patterns import ALLOWED, MAX_PATTERN, Unsafe, compiled
from shared.web.bodies import AnswerSchema, CamelSchema, text
from shared.web.fields import MAX_NUMBER, StrictBoolean

MAX_DATA_POINTS = 200
MAX_NAME = 100
MAX_TYPE = 50
MAX_TEXTS = 50
MAX_SCHEMA_CHARACTERS = 200_000
MAX_DEPTH = 10
_PATH = r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*"
_KEPT = "Kept and given back as it is."
_SOURCE = "Where it comes from. What does not come from the `extractor` is kept, and not read."
_RULES = "With `required: true`, a person looks at documents on which it is not found. Other rules are kept."
_READ = "What is read from documents; of a name that the built-in schema has, as there."


class KeptObject(fields.Dict):
    """A JSON object of any members that others can read as it was sent."""

    def __init__(self, description: str = _KEPT, example: Any = None, **more: Any) -> None:
        described = {"description": description, "example": example or {}}
        super().__init__(metadata=described, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        return keepable(super()._deserialize(value, attr, data, **more))  # type: ignore[no-untyped-call]


class KeptValue(fields.Raw):
    """Any JSON value that others can read as it was sent."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        return keepable(super()._deserialize(value, attr, data, **more))


class KeptScalar(fields.Raw):
    """Text, a number, true or false."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not isinstance(value, (str, int, float)):
            raise ValidationError("Must be text, a number, true or false.")
        return keepable(super()._deserialize(value, attr, data, **more))


def keepable(value: Any, depth: int = 1) -> Any:
    """The value; ValidationError when other programs could not read it as it is, or when it is nested too deep."""
    if depth > MAX_DEPTH:
        raise ValidationError(f"Must not be nested more than {MAX_DEPTH} deep.")
    if isinstance(value, dict):
        return {name: keepable(member, depth + 1) for name, member in value.items()}
    if isinstance(value, list):
        return [keepable(item, depth + 1) for item in value]
    # Beyond these, other programs would read another number than was sent (RFC 8259 §6).
    if isinstance(value, int) and abs(value) >= 2**53:
        raise ValidationError("Must be numbers that others can read too; send larger ones as text.")
    return value


def _texts(example: list[str]) -> fields.List[str]:
    return fields.List(
        text(MAX_NAME, 1), load_default=(), validate=validate.Length(max=MAX_TEXTS), metadata={"example": example}
    )


class Source(CamelSchema):
    """Where a value comes from; further members are kept."""

    described: ClassVar[Mapping[str, Any]] = {"additionalProperties": {}}

    class Meta:
        unknown = INCLUDE

    type = text(MAX_TYPE, 1, required=True, metadata={"example": EXTRACTOR})

    @post_load
    def keep(self, data: dict[str, Any], **_: Any) -> Any:
        return keepable(data)

    @post_dump(pass_original=True)
    def give_back(self, _: Any, original: Mapping[str, Any], **__: Any) -> Mapping[str, Any]:
        return original


class DataPoint(AnswerSchema):
    """A value to be read from documents."""

    internal_name = fields.String(
        required=True,
        validate=[
            validate.Length(1, MAX_NAME),
            validate.Regexp(f"{_PATH}\\Z", error="Must be names with dots between."),
        ],
        metadata={
            "description": "Its path in `entities`. Names that begin with that of a table and a dot are its columns.",
            "example": "totals.gross",
            "pattern": f"^{_PATH}$",
        },
    )
    display_name = text(
        MAX_NAME, 1, metadata={"description": "What people read; the internal name if left out.", "example": "Gross"}
    )
    type = text(
        MAX_TYPE,
        1,
        load_default=DataType.STRING,
        metadata={"description": f"{', '.join(DataType)}; any other is read as a string.", "example": "amount"},
    )
    source = fields.Nested(Source, load_default=lambda: {"type": EXTRACTOR}, metadata={"description": _SOURCE})
    prefer_day_of_month = KeptScalar(
        allow_none=True,
        metadata={
            "description": f"Of dates. {_KEPT}",
            "type": ["string", "number", "boolean"],
            "example": True,
        },
    )
    normalization = fields.List(
        KeptValue(allow_none=True),
        load_default=(),
        validate=validate.Length(max=MAX_TEXTS),
        metadata={"description": _KEPT, "example": []},
    )
    rules = KeptObject(description=_RULES, example={"required": True})
    synonyms = _texts(["Total amount", "Gesamtbetrag"])
    description = text(1000, 1, metadata={"example": "What is to be paid, tax included."})
    pattern = fields.String(
        metadata={"description": ALLOWED, "maxLength": MAX_PATTERN, "example": "R-[0-9]{4}-[0-9]{1,6}"}
    )
    examples = _texts(["1,190.00"])

    @validates_schema
    def refuse_endless(self, data: dict[str, Any], **_: Any) -> None:
        try:
            compiled(data.get("pattern", ""))
        except Unsafe as unsafe:
            raise ValidationError(str(unsafe), "pattern") from unsafe

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Point:
        lists = {name: tuple(data[name]) for name in ("normalization", "synonyms", "examples")}
        return Point(**{"display_name": data["internal_name"]} | data | lists)


class SchemaFeatures(CamelSchema):
    """What is done with the values beside reading them."""

    derivation = StrictBoolean(metadata={"description": _KEPT, "example": False})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Features:
        return Features(**data)


class ProjectSchema(AnswerSchema):
    """What is read from the documents of a project."""

    version = fields.Integer(
        strict=True,
        load_default=1,
        validate=validate.Range(0, MAX_NUMBER),
        metadata={"description": "Your own count.", "example": 1},
    )
    data_points = fields.List(
        fields.Nested(DataPoint),
        required=True,
        validate=validate.Length(1, MAX_DATA_POINTS),
        metadata={"description": _READ},
    )
    features = fields.Nested(SchemaFeatures)
    enrichment = KeptObject()
    normalization = KeptObject()
    validation = KeptObject()

    @validates_schema(pass_original=True)
    def refuse_what_is_too_large(self, _: Any, original: Any, **__: Any) -> None:
        if len(json.dumps(original)) > MAX_SCHEMA_CHARACTERS:
            raise ValidationError(f"Must have at most {MAX_SCHEMA_CHARACTERS} characters of JSON.")

    @validates_schema
    def refuse_contradictions(self, data: dict[str, Any], **_: Any) -> None:
        points: dict[str, Point] = {}
        for point in data["data_points"]:
            if points.setdefault(point.internal_name, point) is not point:
                raise ValidationError(f"{point.internal_name} comes more than once.", "dataPoints")
        for name in points:
            above = points.get(name.rpartition(".")[0])
            if above and above.type != DataType.TABLE:
                raise ValidationError(f"{name} is within {above.internal_name}, which is no table.", "dataPoints")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Schema:
        return Schema(**data | {"data_points": tuple(data["data_points"])})
