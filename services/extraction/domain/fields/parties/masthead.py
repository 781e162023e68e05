"""The sender's name where no address gives it: the largest or first line of print at the top of the page."""

from __future__ import annotations

import re

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.findings import Finding, cell_finding
from services.extraction.domain.fields.parties.addresses import LEGAL_FORM, without_register
from services.extraction.domain.layout import Cell, Sheet

_TOP = 0.3
_NO_NAME = re.compile(
    r"@|www\.|:$|^#|^(?:dear|sehr geehrte|madame|monsieur|page|seite|no|lot|level|jalan|jln|tel|fax)\b|^\d", re.I
)


def masthead(sheet: Sheet) -> Finding | None:
    """The best line of the upper third: a legal form counts most, then size, then how far up it stands."""
    upper = [cell for cell in sheet.cells if cell.box.middle < _TOP * sheet.page.height and _is_name(cell)]
    if not upper:
        return None
    largest = max(cell.box.height for cell in upper)

    def weight(cell: Cell) -> float:
        rank = upper.index(cell) / len(upper)
        return 1.2 * bool(LEGAL_FORM.search(cell.text)) + cell.box.height / largest - 0.8 * rank

    best = max(upper, key=weight)
    score = 0.75 if LEGAL_FORM.search(best.text) else 0.5
    return cell_finding(best, without_register(best.text).strip(" ,.:"), score, "masthead")


def _is_name(cell: Cell) -> bool:
    letters = sum(letter.isalpha() for letter in cell.text)
    known = labels.types().whole(cell.text) or labels.fields().whole(cell.text)
    return letters > 2 and letters * 2 > len(cell.text) and not known and not _NO_NAME.search(cell.text)
