"""The type of a document, by the titles on its first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.candidates import SURE
from services.extraction.domain.fields.findings import Finding, find_in
from services.extraction.domain.layout import Cell, Sheet
from services.extraction.domain.parsers import Match

# A till roll is this many times as long as wide; letters are not.
_TILL_ROLL = 1.9
_TILL_WORDS = ("cash", "change", "cashier", "kasse", "rückgeld", "wechselgeld", "tendered", "gegeben")


@dataclass(frozen=True, slots=True)
class _Title:
    kind: str
    finding: Finding
    weight: float


def find_type(sheets: Sequence[Sheet]) -> Finding | None:
    """invoice, creditNote, receipt, purchaseOrder or deliveryNote; None when no title says."""
    if not sheets or not sheets[0].rows:
        return None
    titles = _titles(sheets[0])
    if _is_till_roll(sheets[0]) and not any(title.kind in {"creditNote", "deliveryNote"} for title in titles):
        placed = titles[0].finding.placed if titles else sheets[0].cells[0].placed
        return Finding("receipt", placed, sheets[0].page, 0.75, "tillRoll")
    best = max(titles, key=lambda title: title.weight, default=None)
    return best.finding if best else None


def _titles(sheet: Sheet) -> list[_Title]:
    usual = median(cell.box.height for cell in sheet.cells)
    found = []
    for cell in sheet.cells:
        for label in labels.types().find(cell)[:1]:
            if not label.leads or _names_a_field(cell) or cell.text[label.end :].lstrip().startswith(("an ", "to ")):
                continue
            size = min(cell.box.height / usual, 3)
            top = 1 - cell.box.middle / sheet.page.height
            alone = 1.0 if label.alone else 0.5 if len(cell.text) < label.end + 30 else 0.1
            score = min(0.97, 0.6 + 0.15 * size * alone + 0.1 * top)
            match = Match(label.field, label.start, label.end)
            found.append(_Title(label.field, find_in(cell, match, score, "title"), size * alone + top))
    return found


def _names_a_field(cell: Cell) -> bool:
    """Whether the cell labels a value, as "Delivery note no.:" does, rather than the document."""
    found = labels.fields().find(cell)
    return bool(found) and found[0].leads and found[0].weight >= SURE and found[0].field != "number"


def _is_till_roll(sheet: Sheet) -> bool:
    text = " ".join(cell.text for cell in sheet.cells).lower()
    spoken = sum(word in text.split() for word in _TILL_WORDS)
    long = sheet.page.height / max(sheet.page.width, 1) > _TILL_ROLL
    return spoken > 1 or (long and spoken > 0) or (long and sheet.page.width < 300)
