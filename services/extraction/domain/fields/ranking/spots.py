"""The values on the pages that could be a field of a group (dates, amounts, numbers), each as numbers for the model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from statistics import median
from typing import Any

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.candidates import find_numbers
from services.extraction.domain.fields.ranking.context import POSITIONS, WORDS, Surroundings, surroundings
from services.extraction.domain.layout import Cell, Sheet
from services.extraction.domain.parsers import Match, amounts, dates

# The fields of each group; "rival" stands for every label of the lexicon that names none of them.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "date": ("issuedAt", "dueAt", "deliveredAt"),
    "amount": ("net", "tax", "gross"),
    "number": ("number", "purchaseOrderNumber", "deliveryNoteNumber", "customerNumber"),
}
_EXTRA = {"date": (), "amount": ("due", "paid", "rounding", "other"), "number": ("reference", "taxId")}
# Catalogues have many numbers; what a document says of itself stands on its first pages and its last.
MOST = 400
# So many signs of its line are looked at; nobody writes so much between a label and its value.
_NEAR = 200
# What is before a value from a sign that parts on, and behind it up to one or the next label with its colon.
_BEFORE = re.compile(r"[^:;|/\u00b7\u2022]*$")
_BEHIND = re.compile(r"[^:;|/\u00b7\u2022]*?(?=[;|/\u00b7\u2022]|$|\s[\w.\u00b0\u00ba#' -]{1,30}:)")
_TIME = re.compile(r"\d{1,2}:\d\d")


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A value where it stands, and its features."""

    cell: Cell
    match: Match
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Conventions:
    """How this document writes, and the rows of its line items as (page number, row index)."""

    month_first: bool
    decimal_mark: str | None
    taken: frozenset[tuple[int, int]]


def spots(
    group: str, sheets: Sequence[Sheet], rules: Mapping[tuple[Cell, Any], Mapping[str, float]], how: Conventions
) -> list[Spot]:
    """Every value of the group's kind. `rules`: by cell and value, how sure the rules are of each field there."""
    lexicon = labels.amounts() if group == "amount" else labels.fields()
    around = surroundings(sheets, lexicon)
    finder = _finder(group, how)
    found = [(scene, cell, match) for scene in around for cell in scene.sheet.cells for match in finder(cell.text)][
        :MOST
    ]
    values = [match.value for _, _, match in found]
    about = _ABOUT[group](values)
    slots = _SLOTS[group]
    usual = {id(scene): median(cell.box.height for cell in scene.sheet.cells) for scene in around}
    return [
        Spot(
            cell,
            match,
            (
                *_named(slots, scene, cell, match),
                *_ruled(group, rules.get((cell, match.value))),
                *scene.words(cell, match.start),
                *_place(cell, match, index / len(found), sheets, usual[id(scene)]),
                float((cell.page.number, cell.row) in how.taken),
                *about(match, cell),
            ),
        )
        for index, (scene, cell, match) in enumerate(found)
    ]


def _ruled(group: str, scores: Mapping[str, float] | None) -> list[float]:
    return [scores.get(field, 0.0) if scores else 0.0 for field in GROUPS[group]]


def names(group: str) -> list[str]:
    """What each feature of the group tells, in their order."""
    return [
        *(" ".join(slot) for slot in _SLOTS[group]),
        *(f"rule {field}" for field in GROUPS[group]),
        *WORDS,
        *_PLACE,
        "in items",
        *_ABOUT_NAMES[group],
    ]


_RIVAL = "rival"
# Where a label may stand and what it may name, by group, as the features have them.
_SLOTS = {
    group: {slot: place for place, slot in enumerate(product(POSITIONS, (*fields, *_EXTRA[group], _RIVAL)))}
    for group, fields in GROUPS.items()
}


def _named(slots: Mapping[tuple[str, str], int], scene: Surroundings, cell: Cell, match: Match) -> list[float]:
    named = [0.0] * len(slots)
    for (position, field), weight in scene.labels(cell, match.start).items():
        place = slots.get((position, field), slots[position, _RIVAL])
        named[place] = max(named[place], weight)
    return named


_PLACE = (
    "x",
    "right",
    "y",
    "first page",
    "last page",
    "order",
    "size",
    "alone",
    "leads",
    "ocr",
    "confidence",
    "roll",
    "before",
    "behind",
    "first",
)


def _place(cell: Cell, match: Match, order: float, sheets: Sequence[Sheet], usual: float) -> Iterator[float]:
    page, box = cell.page, cell.box
    rest = cell.text[: match.start] + cell.text[match.end :]
    words = cell.between(match.start, match.end)
    yield box.left / page.width
    yield box.right / page.width
    yield box.middle / page.height
    yield float(cell.page is sheets[0].page)
    yield float(cell.page is sheets[-1].page)
    yield order
    yield min(box.height / usual, 3.0)
    yield float(not rest.strip())
    yield float(match.start < 3)
    yield float(page.source == "ocr")
    yield min((each.word.confidence for each in words), default=1.0)
    yield min(page.height / max(page.width, 1.0), 4.0)
    before = _BEFORE.search(cell.text[max(0, match.start - _NEAR) : match.start])
    yield min(len(before[0].strip()) if before else 0, 30) / 30
    yield min(len(_own_behind(cell, match).strip()), 30) / 30
    yield float(not order)


def _own_behind(cell: Cell, match: Match) -> str:
    """What stands behind the value in its cell, and belongs to it."""
    behind = _BEHIND.match(cell.text[match.end : match.end + _NEAR])
    return behind[0] if behind else ""


def _finder(group: str, how: Conventions) -> Callable[[str], list[Match]]:
    if group == "date":
        return lambda text: dates.find_dates(text, how.month_first)
    if group == "number":
        return find_numbers
    return lambda text: amounts.find_amounts(text, how.decimal_mark)


def _dates(values: Sequence[date]) -> Callable[[Match, Cell], list[float]]:
    counts = Counter(values)
    first, last = (min(values), max(values)) if values else (date.min, date.min)

    def about(match: Match, cell: Cell) -> list[float]:
        value = match.value
        return [
            float(value == first),
            float(value == last),
            min((value - first).days, 200) / 200,
            min((last - value).days, 200) / 200,
            min(counts[value], 5) / 5,
            min(len(counts), 8) / 8,
            float(bool(_TIME.search(cell.text))),
        ]

    return about


def _amounts(values: Sequence[Decimal]) -> Callable[[Match, Cell], list[float]]:
    counts = Counter(values)
    size = {abs(value) for value in values}
    largest = max(size, default=Decimal(1)) or Decimal(1)
    known = sorted(size, reverse=True)[:40]
    # Which amounts are the sum of two others, and which are the larger or the smaller part of such a sum.
    sums, larger, smaller = set(), set(), set()
    for place, one in enumerate(known):
        for other in known[place + 1 :]:
            if other and one + other in size:
                sums.add(one + other)
                larger.add(one)
                smaller.add(other)

    def about(match: Match, cell: Cell) -> list[float]:
        value = abs(match.value)
        return [
            float(value / largest),
            float(value == largest),
            float(sum(each > value for each in known)) / 40,
            float(value in sums),
            float(value in larger),
            float(value in smaller),
            min(counts[match.value], 5) / 5,
            float(match.trust),
            float(value == 0),
            float(bool(amounts.find_currencies(cell.text))),
            min(len(values), 100) / 100,
        ]

    return about


def _numbers(values: Sequence[str]) -> Callable[[Match, Cell], list[float]]:
    counts = Counter(values)

    def about(match: Match, cell: Cell) -> list[float]:
        text: str = match.value
        digits = sum(map(str.isdigit, text))
        letters = sum(map(str.isalpha, text))
        return [
            min(len(text), 20) / 20,
            digits / len(text),
            min(letters, 8) / 8,
            float(any(mark in text for mark in "-/")),
            float(bool(re.fullmatch(r"(?:19|20)\d\d", text))),
            float(digits == 5 and len(text) == 5),
            float("." in text),
            min(counts[text], 4) / 4,
            float(cell.text[match.start - 1 : match.start] in ("#", ":")),
            float(bool(re.match(r"\s*[A-ZÀ-Þ][a-zà-ÿ]", _own_behind(cell, match)))),
        ]

    return about


_ABOUT: Mapping[str, Callable[[Sequence[Any]], Callable[[Match, Cell], list[float]]]] = {
    "date": _dates,
    "amount": _amounts,
    "number": _numbers,
}
_ABOUT_NAMES = {
    "date": ("earliest", "latest", "since earliest", "to latest", "repeated", "different", "time"),
    "amount": (
        "share",
        "largest",
        "rank",
        "sum",
        "larger part",
        "smaller part",
        "repeated",
        "cents",
        "zero",
        "currency",
        "many",
    ),
    "number": (
        "length",
        "digits",
        "letters",
        "parted",
        "year",
        "five digits",
        "dots",
        "repeated",
        "signed",
        "word behind",
    ),
}
