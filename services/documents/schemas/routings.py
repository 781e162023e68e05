"""Routings and their conditions as clients send and get them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from services.documents.domain.conditions import MAX_DEPTH, MAX_NODES, ORDERING, TEXTUAL, Operator, is_number, iso_date
from services.documents.domain.routings import PostRoutingAction, Rule
from shared.listing import Slice
from shared.web.bodies import AnswerSchema, CamelSchema, ListQuery, ListSchema, slice_of, text
from shared.web.fields import SEEN, Moment, StrictBoolean

MAX_VALUES = 100
MAX_CHARACTERS = 10_000
MAX_TEXT = 1000
MAX_ORDER = 1_000_000
_NAME = SEEN.replace("[^", "[^.")
_FIELD = rf"{_NAME}+(\.{_NAME}+)*"
# Beyond it, other programs would read another number than was sent (RFC 8259 §6).
_MAX_NUMBER = 2**53 - 1
_NUMBER = {"type": "number", "minimum": -_MAX_NUMBER, "maximum": _MAX_NUMBER}
_SCALARS = [{"type": "string", "maxLength": MAX_TEXT}, _NUMBER, {"type": "boolean"}]
_EXAMPLE = {"all": [
    {"field": "totals.gross", "operator": "greaterThan", "value": 1000},
    {"not": {"field": "sender.name", "operator": "contains", "value": "office"}},
]}  # fmt: skip
_PROJECTS = {"from": {"example": "6040dc9680b782b365ea77d5"}, "to": {"example": "6040dc9680b782b365ea77d6"}}
_CLIENT = {"example": "client-6040dc9680b782b365ea77d5"}
_NODE = (
    "When it holds for the entities that were read: {} always; `all`, `any` and `not` combine conditions; `field` asks "
    f"for one. At most {MAX_DEPTH} deep, of {MAX_NODES} conditions and of {MAX_CHARACTERS} characters."
)


def _asking(operators: Iterable[Operator], value: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of a condition with one of these operators and such a value."""
    members = {"operator": {"enum": sorted(operators)}, "value": value}
    return {"required": ["field", "operator", "value"], "properties": members, "maxProperties": 3}


_FORMS: list[dict[str, Any]] = [
    {"maxProperties": 0},
    *({"required": [name], "maxProperties": 1} for name in ("all", "any", "not")),
    {"required": ["field", "operator"], "properties": {"operator": {"const": "exists"}}, "maxProperties": 2},
    _asking([Operator.EQUALS, Operator.NOT_EQUALS], {"anyOf": _SCALARS}),
    _asking([Operator.ONE_OF], {"type": "array", "items": {"anyOf": _SCALARS}, "minItems": 1, "maxItems": MAX_VALUES}),
    _asking(TEXTUAL, {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}),
    _asking(ORDERING, {"anyOf": [_NUMBER, {"type": "string", "format": "date"}]}),
]


class Condition(CamelSchema):
    """A condition on entities: nothing (it always holds), or one of `all`, `any`, `not`, or `field` with its operator.

    Text is compared without case, numbers and ISO dates as such. A field that stands in a list has several values:
    one that fits is enough. `notEquals` is the opposite of `equals`: it holds also where the field is absent.
    """

    # Within allOf, so that generators of clients make one class of it, not one for each form.
    described: ClassVar[Mapping[str, Any]] = {"allOf": [{"oneOf": _FORMS}]}

    all_ = fields.List(
        fields.Nested("Condition"), data_key="all", validate=validate.Length(1), metadata={"example": [{}]}
    )
    any_ = fields.List(
        fields.Nested("Condition"), data_key="any", validate=validate.Length(1), metadata={"example": [{}]}
    )
    not_ = fields.Nested("Condition", data_key="not", metadata={"example": {}})
    field = fields.String(
        validate=[validate.Length(1, 200), validate.Regexp(f"{_FIELD}\\Z", error="Must be names with dots between.")],
        metadata={"description": "Its path in `entities`.", "example": "totals.gross", "pattern": f"^{_FIELD}$"},
    )
    operator = fields.Enum(Operator, by_value=True, metadata={"example": "greaterThan"})
    value = fields.Raw(
        metadata={
            "description": "Text, a number, true or false; with `oneOf` a list of them; with `contains` and "
            "`startsWith` text; with `greaterThan`, `atLeast`, `lessThan`, `atMost` a number or an ISO date; with "
            "`exists` none.",
            "anyOf": [*_SCALARS, {"type": "array", "items": {"anyOf": _SCALARS}, "maxItems": MAX_VALUES}],
            "example": 1000,
        }
    )

    @validates_schema
    def refuse_what_is_none(self, data: dict[str, Any], **_: Any) -> None:
        kinds = data.keys() & {"all_", "any_", "not_", "field"}
        if len(kinds) > 1:
            raise ValidationError("Must have only one of all, any, not, field.")
        if "field" not in data:
            if alone := data.keys() & {"operator", "value"}:
                raise ValidationError("Must come with field.", min(alone))
        elif "operator" not in data:
            raise ValidationError("Must be there with field.", "operator")
        elif fault := _misfit(data["operator"], data):
            raise ValidationError(fault, "value")

    @post_load(pass_original=True)
    def make(self, _: Any, original: Any, **__: Any) -> Any:
        return original


def _misfit(operator: Operator, data: dict[str, Any]) -> str | None:
    """What is wrong with the value that the operator is given; None when nothing is."""
    value = data.get("value")
    if operator is Operator.EXISTS:
        return "Must be left out with exists." if "value" in data else None
    if operator is Operator.ONE_OF:
        fits = isinstance(value, list) and 0 < len(value) <= MAX_VALUES and all(map(_is_scalar, value))
        return None if fits else f"Must be a list of 1 to {MAX_VALUES} texts, numbers, true or false."
    if operator in TEXTUAL:
        return None if isinstance(value, str) and value and _is_scalar(value) else "Must be text."
    if operator in ORDERING:
        fits = (is_number(value) and _is_scalar(value)) or iso_date(value) is not None
        return None if fits else "Must be a number or an ISO date such as 2026-03-01."
    return None if _is_scalar(value) else "Must be text, a number, true or false."


def _is_scalar(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT
    return isinstance(value, (int, float)) and abs(value) <= _MAX_NUMBER


class ConditionField(fields.Nested):
    """A condition, not too deep and not too large."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Condition, **more)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **more: Any) -> Any:
        _refuse_what_is_too_large(value)
        return super().deserialize(value, attr, data, **more)

    def _serialize(self, condition: Any, *_: Any, **__: Any) -> Any:  # type: ignore[override]
        return condition


def _refuse_what_is_too_large(condition: Any) -> None:
    level, nodes = [condition], 0
    for _ in range(MAX_DEPTH):
        level = [inner for each in level if isinstance(each, dict) for inner in _inner(each)]
        nodes += len(level)
        if not level:
            break
    if level:
        raise ValidationError(f"Must not be more than {MAX_DEPTH} deep.")
    if nodes >= MAX_NODES:
        raise ValidationError(f"Must be of at most {MAX_NODES} conditions.")
    if isinstance(condition, dict) and _characters(condition) > MAX_CHARACTERS:
        raise ValidationError(f"Must have at most {MAX_CHARACTERS} characters as JSON.")


def _characters(condition: dict[str, Any]) -> float:
    try:
        return len(json.dumps(condition, ensure_ascii=False))
    except RecursionError:  # of a value that holds lists in lists
        return math.inf


def _inner(condition: dict[str, Any]) -> list[Any]:
    lists = [condition[name] for name in ("all", "any") if isinstance(condition.get(name), list)]
    return [*(each for several in lists for each in several), *([condition["not"]] if "not" in condition else [])]


class RoutingRule(CamelSchema):
    """Which documents go from which project to which."""

    name = text(200, 1, required=True, metadata={"example": "Large ones to accounting"})
    from_project_id = fields.String(required=True, metadata=_PROJECTS["from"])
    to_project_id = fields.String(required=True, metadata=_PROJECTS["to"])
    post_routing_action = fields.Enum(
        PostRoutingAction,
        by_value=True,
        load_default=PostRoutingAction.REPROCESS,
        metadata={
            "description": "In the other project: `reprocess` reads the document anew, `refresh` judges anew what was "
            "read, `none` leaves it as it is.",
            "example": "reprocess",
        },
    )
    active = StrictBoolean(load_default=True, metadata={"description": "Only active ones are asked.", "example": True})
    routing_node = ConditionField(load_default=dict, metadata={"description": _NODE, "example": _EXAMPLE})
    order = fields.Integer(
        strict=True,
        load_default=0,
        validate=validate.Range(-MAX_ORDER, MAX_ORDER),
        metadata={"description": "The least is asked first; of equals, the oldest.", "example": 10},
    )

    @validates_schema
    def refuse_the_same(self, data: dict[str, Any], **_: Any) -> None:
        if data["from_project_id"] == data["to_project_id"]:
            raise ValidationError("Must be another project than fromProjectId.", "toProjectId")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Rule:
        return Rule(**data)


class Routing(AnswerSchema):
    """A routing. When a document was read, the first active one whose condition holds moves it."""

    id = fields.String(required=True, metadata={"example": "6040dc9680b782b365ea77e0"})
    name = fields.String(required=True, attribute="rule.name", metadata={"example": "Large ones to accounting"})
    from_project_id = fields.String(required=True, attribute="rule.from_project_id", metadata=_PROJECTS["from"])
    to_project_id = fields.String(required=True, attribute="rule.to_project_id", metadata=_PROJECTS["to"])
    post_routing_action = fields.Enum(
        PostRoutingAction, by_value=True, required=True, attribute="rule.post_routing_action"
    )
    active = fields.Boolean(required=True, attribute="rule.active", metadata={"example": True})
    routing_node = ConditionField(required=True, attribute="rule.routing_node", metadata={"example": _EXAMPLE})
    order = fields.Integer(required=True, attribute="rule.order", metadata={"example": 10})
    created_at = Moment(required=True)
    created_by = fields.String(required=True, metadata=_CLIENT)
    modified_at = Moment(required=True)
    modified_by = fields.String(required=True, metadata=_CLIENT)


class RoutingsQuery(ListQuery):
    """Which part of the routings, newest first."""

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Slice:
        return slice_of(data)


class RoutingList(ListSchema):
    """A part of the routings, newest first, and how many there are in all."""

    data = fields.List(fields.Nested(Routing), required=True)
