"""The totals and the tax breakdown: every labelled amount is evidence, the set that adds up best is the answer."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.items import Item
from services.extraction.domain.fields.ranking import BY_LAYOUT, GROUPS, Conventions, rank
from services.extraction.domain.fields.totals.consistent import Totals, choose
from services.extraction.domain.fields.totals.evidence import Evidence, labelled_amounts
from services.extraction.domain.fields.totals.taxes import Tax, complete, tax_lines
from services.extraction.domain.layout import Sheet

__all__ = ["Evidence", "Tax", "Totals", "find_totals", "labelled_amounts"]
# The kinds of amounts that the model ranks; what is due, was paid or rounded the labels alone tell.
_RANKED = GROUPS["amount"]


def find_totals(
    sheets: Sequence[Sheet], items: Sequence[Item], how: Conventions, evidence: Sequence[Evidence]
) -> tuple[Totals, list[Tax]]:
    """The totals of the document and its tax lines; `evidence` is what labels say of amounts outside the items."""
    ranking = rank("amount", sheets, [(each.kind, each.finding) for each in evidence], how)
    # What was given in cash is the sum of total and change, too.
    paid = {placed for each in evidence if each.kind == "paid" for placed in each.finding.placed}
    weighed = [each for each in evidence if each.kind not in _RANKED]
    for kind in _RANKED:
        for finding in ranking[kind]:
            named = _named(kind, finding, evidence)
            if named or finding.rule != BY_LAYOUT or not paid.intersection(finding.placed):
                weighed.append(Evidence(kind, named or finding))
    taxes = tax_lines(sheets, how.taken, how.decimal_mark)
    totals = choose(weighed, taxes, items)
    return totals, complete(taxes, totals.net, totals.tax)


def _named(kind: str, finding: Finding, evidence: Sequence[Evidence]) -> Finding | None:
    """The finding where a label names its value, if it was surest where none does."""
    if finding.rule != BY_LAYOUT:
        return None
    labelled = (each.finding for each in evidence if each.kind == kind and each.finding.value == finding.value)
    return next((each.scored(finding.score) for each in labelled), None)
