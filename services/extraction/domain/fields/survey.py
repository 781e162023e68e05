"""The first look at a document: how it writes numbers and dates, its line items, and what the rules find by labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.extraction.domain.fields import candidates
from services.extraction.domain.fields.candidates import Candidate
from services.extraction.domain.fields.findings import Finding, find_in
from services.extraction.domain.fields.items import Item, find_items, find_roll
from services.extraction.domain.fields.ranking import Conventions
from services.extraction.domain.fields.totals import Evidence, labelled_amounts
from services.extraction.domain.layout import Sheet
from services.extraction.domain.parsers import amounts, dates

# Amounts that entries of a till may make.
_SUMS = ("net", "gross", "due")


@dataclass(frozen=True, slots=True)
class Survey:
    """`found` and `evidence` are single values and amounts with the labels that led to them."""

    sheets: Sequence[Sheet]
    how: Conventions
    currency: Finding | None
    items: Sequence[Item]
    found: Sequence[Candidate]
    evidence: Sequence[Evidence]

    @property
    def ruled(self) -> list[tuple[str, Finding]]:
        """What the rules found, by field."""
        return [(each.field, each.finding) for each in self.found]

    @property
    def ruled_amounts(self) -> list[tuple[str, Finding]]:
        return [(each.kind, each.finding) for each in self.evidence]


def look_over(sheets: Sequence[Sheet], languages: Sequence[str]) -> Survey:
    """`languages` are BCP 47 tags; they settle what 3/4/2026 means."""
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    mark = amounts.decimal_mark_of(texts)
    currency = _currency(sheets)
    month_first = _month_first(texts, languages, currency)
    items, taken = find_items(sheets, mark)
    evidence = labelled_amounts(sheets, taken, mark)
    if not items:
        totals = {each.finding.value for each in evidence if each.kind in _SUMS}
        items, rolled = find_roll(sheets, totals, mark)
        taken |= rolled
    return Survey(
        sheets=sheets,
        how=Conventions(month_first, mark, frozenset(taken)),
        currency=currency,
        items=items,
        found=candidates.labelled(sheets, month_first),
        evidence=evidence,
    )


def _month_first(texts: Sequence[str], languages: Sequence[str], currency: Finding | None) -> bool:
    told = dates.is_month_first(texts)
    american = "en-US" in languages or (currency is not None and currency.value == "USD")
    return american if told is None else told


def _currency(sheets: Sequence[Sheet]) -> Finding | None:
    """The currency named most often, a sign beside an amount counting like a code."""
    found = [
        find_in(cell, match, 0.95, "currencyNamed")
        for sheet in sheets
        for cell in sheet.cells
        for match in amounts.find_currencies(cell.text)
    ]
    if not found:
        return None
    votes = Counter(finding.value for finding in found)
    value, count = votes.most_common(1)[0]
    surest = max((finding for finding in found if finding.value == value), key=lambda finding: finding.score)
    agreed = count / votes.total()
    return replace(surest, score=surest.score * (0.7 + 0.3 * agreed))
