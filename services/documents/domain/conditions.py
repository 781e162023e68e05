"""Conditions on what was read from a document: a tree of questions, which `matches` answers for its entities."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

MAX_DEPTH = 8
MAX_NODES = 100

# {} holds always; {"all": […]}, {"any": […]} and {"not": {…}} combine others; {"field", "operator", "value"} asks.
Condition = Mapping[str, Any]


class Operator(StrEnum):
    """What is asked of the values that a field has; but for the opposite, `notEquals`, one that fits is enough."""

    EQUALS = "equals"
    NOT_EQUALS = "notEquals"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    ONE_OF = "oneOf"
    GREATER_THAN = "greaterThan"
    AT_LEAST = "atLeast"
    LESS_THAN = "lessThan"
    AT_MOST = "atMost"
    EXISTS = "exists"


ORDERING = frozenset({Operator.GREATER_THAN, Operator.AT_LEAST, Operator.LESS_THAN, Operator.AT_MOST})
TEXTUAL = frozenset({Operator.CONTAINS, Operator.STARTS_WITH})

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def matches(condition: Condition, entities: Mapping[str, Any]) -> bool:
    """Whether the condition holds for these entities, whatever they are. Text is compared without case, numbers and ISO
    dates as such; a path goes through lists, to the values of all their items.
    """
    match condition:
        case {"all": conditions}:
            return all(matches(each, entities) for each in conditions)
        case {"any": conditions}:
            return any(matches(each, entities) for each in conditions)
        case {"not": inner}:
            return not matches(inner, entities)
        case {"field": path, "operator": operator}:
            return _holds(Operator(operator), condition.get("value"), list(_values(entities, path)))
        case _:
            return True


def iso_date(value: Any) -> date | None:
    """The day that a text such as 2026-03-01 names, None for anything else."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _values(entities: Any, path: str) -> Iterator[Any]:
    """All that stands at the path; of lists their items, however deep, and nothing that is null."""
    found = [entities]
    for name in path.split("."):
        found = [item[name] for item in _items(found) if isinstance(item, Mapping) and name in item]
    return (item for item in _items(found) if item is not None)


def _items(found: list[Any]) -> Iterator[Any]:
    waiting = found[::-1]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (list, tuple)):
            waiting += item[::-1]
        else:
            yield item


def _holds(operator: Operator, wanted: Any, values: list[Any]) -> bool:
    if operator is Operator.EXISTS:
        return bool(values)
    if operator is Operator.NOT_EQUALS:
        return not any(_equal(value, wanted) for value in values)
    if operator is Operator.ONE_OF:
        sought = {_key(each) for each in wanted}
        return any(_key(value) in sought for value in values)
    fits = _FITS[operator]
    return any(fits(value, wanted) for value in values)


def _key(value: Any) -> tuple[type, Any] | None:
    """The same for values that are equal, as `_equal` says; None for what is neither text, number nor boolean."""
    if isinstance(value, str):
        return str, _folded(value)
    if isinstance(value, bool):
        return bool, value
    return (float, value) if is_number(value) else None


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return _folded(value) == _folded(wanted)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return is_number(value) and is_number(wanted) and bool(value == wanted)


def _textual(fits: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, wanted: isinstance(value, str) and fits(_folded(value), _folded(wanted))


def _ordering(fits: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(value: Any, wanted: Any) -> bool:
        if is_number(value) and is_number(wanted):
            return fits(value, wanted)
        day, other = iso_date(value), iso_date(wanted)
        return day is not None and other is not None and fits(day, other)

    return compare


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


_FITS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUALS: _equal,
    Operator.CONTAINS: _textual(lambda value, wanted: wanted in value),
    Operator.STARTS_WITH: _textual(str.startswith),
    Operator.GREATER_THAN: _ordering(lambda value, wanted: bool(value > wanted)),
    Operator.AT_LEAST: _ordering(lambda value, wanted: bool(value >= wanted)),
    Operator.LESS_THAN: _ordering(lambda value, wanted: bool(value < wanted)),
    Operator.AT_MOST: _ordering(lambda value, wanted: bool(value <= wanted)),
}
