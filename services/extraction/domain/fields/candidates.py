"""Candidates for single values: what stands beside, behind or below a label and reads as the label's kind of value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.findings import Finding, find_in
from services.extraction.domain.fields.labels import Label
from services.extraction.domain.layout import Cell, Sheet
from services.extraction.domain.parsers import Match, amounts, codes, dates

Finder = Callable[[str], list[Match]]
Marks = dict[Cell, list[Label]]
# How much surer a value is behind its label in the same cell than further off.
IN_CELL, RIGHT, BELOW = 0.98, 0.96, 0.88
# From this weight on a label names its field beyond doubt.
SURE = 0.88
_TEXT_LIMIT = 140
# Tax offices part the figures of their numbers by spaces, too: 21/815/08150, 061 665 369, 35FCAUH0540C4Z0.
_TAX_ID = re.compile(r"(?<![\w/])[A-Z]{0,3}-?\d[\w/.-]*\w(?: \d[\d/.-]*\d\b){0,4}")
_TAX_ID_DIGITS = 7
_PAYMENT = re.compile(r"zahl|überweis|fällig|pay|remit|due|règl|échéance|pagar|betal", re.I)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_CASH_DISCOUNT = re.compile(r"skonto|discount|escompte|sconto|korting", re.I)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finding for a field, and the label that led to it."""

    field: str
    finding: Finding
    label: Label


def labelled(sheets: Sequence[Sheet], month_first: bool) -> list[Candidate]:
    """Every value that a label of `labels.fields()` names, on all pages, the surest first."""
    finders = _finders(month_first)
    found = [candidate for sheet in sheets for candidate in _on_sheet(sheet, finders)]
    return sorted(found, key=lambda candidate: -candidate.finding.score)


def best(candidates: Sequence[Candidate], field: str) -> Finding | None:
    """The surest finding for `field`; several labels that state the same value make it surer."""
    found = [candidate.finding for candidate in candidates if candidate.field == field]
    if not found:
        return None
    votes = [finding for finding in found if finding.value == found[0].value]
    return found[0].scored(min(0.99, found[0].score + 0.04 * (len(votes) - 1)))


def value_of(label: Label, sheet: Sheet, finder: Finder, marks: Marks) -> Finding | None:
    """The value `finder` finds for `label`: in the rest of its cell, in the next cells to the right, or below."""
    rest = label.cell.text[label.end : _next_label(label, marks)]
    inside = finder(rest)
    if inside and inside[0].start <= _reach(label):
        match = replace(inside[0], start=inside[0].start + label.end, end=inside[0].end + label.end)
        return find_in(label.cell, match, label.weight * IN_CELL, "labelledInLine")
    folded = labels.fold(rest)
    if len(folded) > 12 or (folded and not label.leads):
        return None
    for cell, score, rule in _neighbours(label.cell, sheet, marks):
        matches = finder(cell.text)
        if matches and matches[0].start < 4:
            return find_in(cell, matches[0], label.weight * score, rule)
    return None


def _on_sheet(sheet: Sheet, finders: dict[str, Finder]) -> Iterable[Candidate]:
    lexicon = labels.fields()
    marks = {cell: found for cell in sheet.cells if (found := lexicon.find(cell))}
    for found in marks.values():
        for index, label in enumerate(found):
            meant = label if label.weight >= SURE or label.leads else _in_context(label, found[:index])
            if meant:
                yield from _behind(meant, sheet, finders, marks)


def _behind(label: Label, sheet: Sheet, finders: dict[str, Finder], marks: Marks) -> Iterable[Candidate]:
    finding = value_of(label, sheet, finders[label.field], marks)
    if finding:
        yield Candidate(label.field, _titled(finding, label), label)
    elif label.field == "vatId" and not _is_of_amounts(label):
        # What is called a VAT number and has the form of none is a number of the tax office all the same.
        number = value_of(label, sheet, _find_tax_ids, marks)
        if number:
            yield Candidate("taxId", number.scored(number.score * 0.9), label)


def _is_of_amounts(label: Label) -> bool:
    """Whether it may as well stand before an amount of tax, as "TVA" does."""
    return labels.amounts().whole(label.cell.text[label.start : label.end]) is not None


def _in_context(label: Label, before: Sequence[Label]) -> Label | None:
    """A small word inside a sentence ("of", "until") as a label, when the sentence speaks of the right thing."""
    text = label.cell.text
    if label.field == "issuedAt" and before and before[-1].field == "number" and _states_number(before[-1], label):
        return replace(label, weight=0.92)
    if label.field == "dueAt" and _PAYMENT.search(text) and not _CASH_DISCOUNT.search(text[: label.start]):
        return replace(label, weight=0.85)
    return None


def _titled(finding: Finding, label: Label) -> Finding:
    """A number straight behind the title, as in "Invoice 4711-26", is as sure as one behind a label; a year is none."""
    titled = label.field == "number" and label.weight < SURE and finding.rule == "labelledInLine"
    digits = sum(map(str.isdigit, finding.value)) if titled else 0
    if titled and label.leads and digits > 3 and not _YEAR.fullmatch(finding.value):
        return replace(finding, score=0.85, rule="titleNumber")
    return finding


def _states_number(label: Label, behind: Label) -> bool:
    """Whether a number stands between the two labels, as in "Invoice 4711 of"."""
    return any(letter.isdigit() for letter in label.cell.text[label.end : behind.start])


def _reach(label: Label) -> int:
    """How many signs may stand between a label and its value in one cell."""
    return 30 if label.field in {"issuedAt", "dueAt"} else 14 if label.weight >= SURE else 5


def _next_label(label: Label, marks: Marks) -> int:
    """Where the next sure label of the same cell begins: behind it nothing belongs to this one."""
    starts = [other.start for other in marks[label.cell] if other.start >= label.end and other.weight >= SURE]
    return min(starts, default=len(label.cell.text))


def _neighbours(cell: Cell, sheet: Sheet, marks: Marks) -> Iterable[tuple[Cell, float, str]]:
    """Cells that may hold the value of a label alone in `cell`: to the right up to the next label, then below."""
    row = sheet.rows[cell.row]
    for other in row.cells[row.cells.index(cell) + 1 :][:2]:
        if _is_label(other, marks):
            break
        far = other.box.left - cell.box.right > 0.35 * sheet.page.width
        yield other, RIGHT - 0.1 * far, "labelledRight"
    for below in sheet.rows[cell.row + 1 : cell.row + 3]:
        for other in below.cells:
            aligned = abs(other.box.left - cell.box.left) < 2 * cell.box.height or other.box.overlap(cell.box) > 0
            close = other.box.top - cell.box.bottom < 1.6 * cell.box.height
            if aligned and close and not _is_label(other, marks):
                yield other, BELOW, "labelledBelow"


def _is_label(cell: Cell, marks: Marks) -> bool:
    return any(mark.leads and mark.weight >= SURE for mark in marks.get(cell, ()))


def _finders(month_first: bool) -> dict[str, Finder]:
    day = partial(dates.find_dates, month_first=month_first)
    return {
        **dict.fromkeys(("issuedAt", "dueAt", "deliveredAt", "otherDate"), day),
        **dict.fromkeys(("number", "purchaseOrderNumber", "deliveryNoteNumber", "customerNumber"), find_numbers),
        **dict.fromkeys(("vatId", "recipientVatId"), codes.find_vat_ids),
        "taxId": _find_tax_ids,
        "bic": codes.find_bics,
        "currency": amounts.find_currencies,
        "reference": _find_rest,
        "terms": _find_rest,
    }


def find_numbers(text: str) -> list[Match]:
    """Numbers of documents: no dates."""
    days = dates.find_dates(text)
    return [
        match
        for match in codes.find_numbers(text)
        if not any(day.start < match.end and match.start < day.end for day in days)
    ]


def _find_tax_ids(text: str) -> list[Match]:
    days = dates.find_dates(text)
    return [
        Match(match.group(), *match.span(), 0.9)
        for match in _TAX_ID.finditer(text)
        if sum(map(str.isdigit, match.group())) >= _TAX_ID_DIGITS
        and not any(day.start < match.end() and match.start() < day.end for day in days)
    ]


def _find_rest(text: str) -> list[Match]:
    """The whole text, without the signs before it, as one value."""
    value = text.lstrip(" :.-\u2013#")
    start = len(text) - len(value)
    return [Match(value[:_TEXT_LIMIT].rstrip(), start, start + len(value.rstrip()), 0.9)] if value else []
