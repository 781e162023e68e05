"""What is to be read from the documents of a project: its schema, made of data points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.contracts.fields import WantedField, WantedFields

Scalar = str | int | float | bool
EXTRACTOR = "extractor"


class DataType(StrEnum):
    """What is read of a data point; one of another type is read as a string. A table's columns are the data points
    whose names begin with the table's; an enum is one of its examples.
    """

    STRING = "string"
    DATE = "date"
    NUMBER = "number"
    AMOUNT = "amount"
    CURRENCY = "currency"
    BOOLEAN = "boolean"
    ENUM = "enum"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class DataPoint:
    """One value to be read, or a table of values. `internal_name` is its path in `entities`, such as totals.gross.

    What has another `source` than the extractor is kept, and not read.
    """

    internal_name: str
    display_name: str
    type: str = DataType.STRING
    prefer_day_of_month: Scalar | None = None
    normalization: tuple[Any, ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    description: str | None = None
    pattern: str | None = None
    examples: tuple[str, ...] = ()
    source: Mapping[str, Any] = field(default_factory=lambda: {"type": EXTRACTOR})

    @property
    def is_read(self) -> bool:
        return self.source.get("type") == EXTRACTOR

    @property
    def required(self) -> bool:
        """Its rules may say so."""
        return self.rules.get("required") is True


@dataclass(frozen=True, slots=True)
class Features:
    """What is done with the values beside reading them."""

    derivation: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """Data points, and what the contract keeps beside them. `version` is the client's own count."""

    data_points: tuple[DataPoint, ...]
    version: int = 1
    features: Features = Features()
    enrichment: Mapping[str, Any] = field(default_factory=dict)
    normalization: Mapping[str, Any] = field(default_factory=dict)
    validation: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wanted(self) -> WantedFields:
        """What extraction is told of it."""
        read = [point for point in self.data_points if point.is_read]
        return WantedFields(tuple(_wanted(point) for point in read))


def _wanted(point: DataPoint) -> WantedField:
    return WantedField(
        point.internal_name,
        str(point.type),
        point.display_name,
        point.synonyms,
        point.description or "",
        point.pattern or "",
        point.examples,
        point.required,
    )
