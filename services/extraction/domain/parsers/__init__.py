"""Typed values in text: amounts, dates, codes with check digits. Finders say what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Each text of a document is asked for its values several times, by those who look for different fields.
REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Match:
    """A value that `text[start:end]` states. `trust` is 0..1: 1 when a checksum or an unmistakable form proves it."""

    value: Any
    start: int
    end: int
    trust: float = 1.0
