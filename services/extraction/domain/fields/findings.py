"""A finding: a typed value with the words it was read from; how it becomes the leaf of a result."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.extraction.domain.layout import Cell, Placed
from services.extraction.domain.pages import Page
from services.extraction.domain.parsers import Match
from shared.contracts.extraction import Leaf, Region


@dataclass(frozen=True, slots=True)
class Finding:
    """A value (str, date or Decimal), the words that state it, and how sure its rule is, 0..1.

    `proven` says that arithmetic or a checksum confirms the value, so that OCR's own doubt about the words counts less.
    """

    value: Any
    placed: tuple[Placed, ...]
    page: Page
    score: float
    rule: str
    proven: bool = False

    @property
    def text(self) -> str:
        return " ".join(placed.word.text for placed in self.placed)

    @property
    def confidence(self) -> float:
        """Score of the rule, lowered by what the reader of the words doubts."""
        words = [placed.word.confidence for placed in self.placed]
        reading = min(words, default=1.0) * 0.5 + sum(words) / max(len(words), 1) * 0.5 if words else 1.0
        return self.score * (0.9 + 0.1 * reading if self.proven else 0.4 + 0.6 * reading)

    def scored(self, score: float, proven: bool | None = None) -> Finding:
        """The same finding with another score."""
        return dataclasses.replace(self, score=score, proven=self.proven if proven is None else proven)


def find_in(cell: Cell, match: Match, score: float, rule: str) -> Finding:
    """The finding of `match`, whose place counts in `cell.text`."""
    placed = cell.between(match.start, match.end)
    return Finding(match.value, placed, cell.page, score * (0.5 + 0.5 * match.trust), rule, match.trust == 1.0)


def cell_finding(cell: Cell, value: Any, score: float, rule: str) -> Finding:
    """A finding that all words of `cell` state."""
    return Finding(value, cell.placed, cell.page, score, rule)


def plain(value: Any) -> Any:
    """The JSON value: dates as ISO text, a Decimal as the number that equals it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def leaf_of(finding: Finding) -> Leaf:
    """The leaf of a result, with the region around its words."""
    return Leaf(
        value=plain(finding.value),
        text=finding.text,
        confidence=round(min(max(finding.confidence, 0.0), 1.0), 3),
        source=finding.page.source,
        rule=finding.rule,
        page=finding.page.number,
        region=_region(finding.placed),
    )


def _region(placed: Sequence[Placed]) -> Region | None:
    words = [each.word for each in placed]
    if not words:
        return None
    left, top = min(word.left for word in words), min(word.top for word in words)
    right = max(word.left + word.width for word in words)
    bottom = max(word.top + word.height for word in words)
    return Region(*(round(part, 5) for part in (left, top, right - left, bottom - top)))
