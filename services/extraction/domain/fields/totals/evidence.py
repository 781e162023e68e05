"""Amounts with a label that says what they sum up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.findings import Finding, find_in
from services.extraction.domain.fields.labels import Label
from services.extraction.domain.layout import Cell, Sheet
from services.extraction.domain.parsers import Match
from services.extraction.domain.parsers.amounts import find_amounts

_WITHOUT_TAX = re.compile(r"\b(?:ohne|excl|exkl|excluding|exclusive|ex|before|hors|HT|netto|net of)\b", re.I)
_WITH_TAX = re.compile(r"\b(?:inkl|incl|including|inclusive|brutto|gross|TTC|einschl)\b", re.I)
# Signs between a label and its amount; further on a sentence speaks of something else.
_REACH = 45
_SURE_LABELS = re.compile(r"^(?:total|summe|gesamt|netto|brutto|amount|balance|tax|vat|ust|mwst|tva|net)$", re.I)


@dataclass(frozen=True, slots=True)
class Evidence:
    """An amount that a label calls net, tax, gross, due, paid or the rounding of cash."""

    kind: str
    finding: Finding


def labelled_amounts(
    sheets: Sequence[Sheet], taken: Collection[tuple[int, int]], decimal_mark: str | None
) -> list[Evidence]:
    """All labelled amounts outside line items, from top to bottom."""
    found = []
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            if (sheet.page.number, index) in taken:
                continue
            for place, cell in enumerate(row.cells):
                label = _leading(cell)
                if label:
                    found += _beside(label, row.cells[place + 1 :], decimal_mark) or _below(label, sheet, decimal_mark)
    return found


def kind_of(label: Label) -> str:
    """What the label sums up, with the words behind it: "Total" before "excl. VAT" is a net amount."""
    text = label.cell.text[label.start :]
    if label.field in {"gross", "net"}:
        if _WITHOUT_TAX.search(text):
            return "net"
        if _WITH_TAX.search(text):
            return "gross"
    return label.field


def _leading(cell: Cell) -> Label | None:
    """The label of an amount that leads the cell, or stands behind one letter or figure."""
    found = labels.amounts().find(cell)
    return found[0] if found and len(labels.fold(cell.text[: found[0].start])) <= 1 else None


def _beside(label: Label, behind: Sequence[Cell], decimal_mark: str | None) -> list[Evidence]:
    """The last amount behind the label: in its cell and in the cells to the right up to the next label."""
    kind = kind_of(label)
    score = 0.8 if _SURE_LABELS.match(label.cell.text[label.start : label.end]) else 0.9
    inside = _money(label.cell.text, decimal_mark, label.end)
    spots: list[tuple[Cell, Match]] = [(label.cell, match) for match in inside]
    for cell in behind:
        if _leading(cell) and spots:
            break
        if _leading(cell):
            return []
        spots += [(cell, match) for match in _money(cell.text, decimal_mark)]
    # Several amounts behind the name of a tax are a line of the breakdown, which `taxes` reads.
    if not spots or (kind == "tax" and len(spots) > 2):
        return []
    cell, match = spots[-1]
    return [Evidence(kind, find_in(cell, match, score, "totalLabelled"))]


def _below(label: Label, sheet: Sheet, decimal_mark: str | None) -> list[Evidence]:
    """Amounts under a label that heads a column: up to six rows, while they stay close."""
    if not label.leads or len(labels.fold(label.cell.text[label.end :])) > 16:
        return []
    return [Evidence(kind_of(label), finding) for finding in _column(label.cell, sheet, decimal_mark)]


def _column(head: Cell, sheet: Sheet, decimal_mark: str | None) -> Iterable[Finding]:
    last = head.box
    for row in sheet.rows[head.row + 1 : head.row + 7]:
        under = [cell for cell in row.cells if cell.box.overlap(head.box) > 0]
        if row.box.top - last.bottom > 2.5 * head.box.height:
            return
        for cell in under:
            money = _money(cell.text, decimal_mark)
            if not money:
                return
            last = row.box
            yield find_in(cell, money[-1], 0.75, "totalBelowLabel")


def _money(text: str, decimal_mark: str | None, start: int = 0) -> list[Match]:
    """Amounts in `text` from `start` on; whole numbers count only where nothing else could be meant."""
    found = [match for match in find_amounts(text, decimal_mark) if match.start >= start]
    exact = [match for match in found if match.trust == 1.0 and match.start - start <= _REACH]
    return exact or [
        match for match in found[-1:] if len(found) == 1 and not re.search(r"[A-Za-z]{4}", text[match.end :])
    ]
