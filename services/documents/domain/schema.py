"""What is to be read from the documents of a project: its schema, made of data points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Scalar = str | int | float | bool


class DataType(StrEnum):
    """What a data point holds. A table's columns are the data points whose names begin with the table's."""

    STRING = "string"
    DATE = "date"
    NUMBER = "number"
    AMOUNT = "amount"
    CURRENCY = "currency"
    BOOLEAN = "boolean"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class DataPoint:
    """One value to be read, or a table of values. `internal_name` is its path in `entities`, such as totals.gross."""

    internal_name: str
    display_name: str
    type: DataType = DataType.STRING
    prefer_day_of_month: Scalar | None = None
    normalization: tuple[Any, ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    description: str | None = None
    pattern: str | None = None
    examples: tuple[str, ...] = ()


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
