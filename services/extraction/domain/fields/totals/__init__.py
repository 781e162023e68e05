"""The totals and the tax breakdown: every labelled amount is evidence, the set that adds up best is the answer."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.domain.fields.items import Item
from services.extraction.domain.fields.totals.consistent import Totals, choose
from services.extraction.domain.fields.totals.evidence import labelled_amounts
from services.extraction.domain.fields.totals.taxes import Tax, complete, tax_lines
from services.extraction.domain.layout import Sheet

__all__ = ["Tax", "Totals", "find_totals"]


def find_totals(
    sheets: Sequence[Sheet], items: Sequence[Item], taken: set[tuple[int, int]], decimal_mark: str | None
) -> tuple[Totals, list[Tax]]:
    """The totals of the document and its tax lines; `taken` are the rows of line items, as (page number, row index)."""
    evidence = labelled_amounts(sheets, taken, decimal_mark)
    taxes = tax_lines(sheets, taken, decimal_mark)
    totals = choose(evidence, taxes, items)
    return totals, complete(taxes, totals.net, totals.tax)
