"""Line items on the roll of a till: no columns, an amount at the end of each entry, which together make a total."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from services.extraction.domain.arithmetic import is_product
from services.extraction.domain.fields import labels
from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.items.header import heading_of
from services.extraction.domain.fields.items.rows import Item, ends_items
from services.extraction.domain.layout import Cell, Placed, Row, Sheet, cell_of, is_roll
from services.extraction.domain.pages import Page
from services.extraction.domain.parsers import Match
from services.extraction.domain.parsers.amounts import find_amounts, is_currency

# What may stand behind the amount of an entry: the code of its tax.
_CODE = re.compile(r"\W{0,4}[A-Z0-9%]{0,3}\W{0,4}")
_LETTERS = re.compile(r"[^\W\d_]{2,}.*[^\W\d_]")
_ARTICLE = re.compile(r"\d[\d-]{3,}")
_QUANTITY = re.compile(r"\d{1,3}")
# A name over its amounts has so many lines at most.
_NAME_LINES = 2
_SCORE, _PROVEN = 0.8, 0.95
# The rule of what was found this way.
TILL_ROLL = "tillRoll"


@dataclass(frozen=True, slots=True)
class _Entry:
    """The rows of an entry, the last one with its amount."""

    rows: Sequence[Cell]
    amount: Match


def find_roll(
    sheets: Sequence[Sheet], totals: Collection[Decimal], decimal_mark: str | None
) -> tuple[list[Item], set[tuple[int, int]]]:
    """The items and their rows as (page number, row index); none unless together they make one of the totals."""
    entries = list(_entries(sheets, decimal_mark))
    if sum((entry.amount.value for entry in entries), Decimal(0)) not in totals:
        return [], set()
    items = [_item(entry, decimal_mark) for entry in entries]
    if len(items) == 1 and "unitPrice" not in items[0] and not is_roll(sheets[0]):
        return [], set()  # a sentence that ends in the total
    return items, {(cell.page.number, cell.row) for entry in entries for cell in entry.rows}


def _entries(sheets: Iterable[Sheet], decimal_mark: str | None) -> Iterable[_Entry]:
    """Up to the first total: each row that ends in an amount, with the lines of its name before it."""
    waiting: list[Cell] = []
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            if ends_items(row):
                return
            whole = cell_of(row.placed, sheet.page, index)
            amount = _amount(whole, decimal_mark)
            if amount is None:
                waiting = [] if _is_other(whole, row) else [*waiting, whole][-_NAME_LINES:]
                continue
            named = _LETTERS.search(whole.text[: amount.start])
            entry = _Entry([whole] if named else [*waiting, whole], amount)
            waiting = []
            if any(_LETTERS.search(cell.text) for cell in entry.rows):
                yield entry


def _amount(whole: Cell, decimal_mark: str | None) -> Match | None:
    """The amount at the end of the row, unless a label says what it sums up."""
    money = [match for match in find_amounts(whole.text, decimal_mark) if match.trust == 1.0]
    last = money[-1] if money else None
    if last is None or not _CODE.fullmatch(whole.text[last.end :]):
        return None
    return None if any(label.leads for label in labels.amounts().find(whole)) else last


def _is_other(whole: Cell, row: Row) -> bool:
    """Whether the row heads the entries, or says something of the receipt."""
    heads = all(heading_of(cell) or is_currency(cell.text) for cell in row.cells)
    return heads or any(label.leads for label in labels.fields().find(whole))


def _item(entry: _Entry, decimal_mark: str | None) -> Item:
    last = entry.rows[-1]
    item = {"net": _finding(last.between(entry.amount.start, entry.amount.end), last.page, entry.amount.value)}
    words = [placed for cell in entry.rows[:-1] for placed in cell.placed]
    words += last.between(0, entry.amount.start) if entry.amount.start else ()
    before = last.text[: entry.amount.start]
    named = [placed for placed in words if _is_of_name(placed)]
    numbers = [match for match in find_amounts(before, decimal_mark) if match.value > 0]
    item |= _counted(last, numbers, entry.amount.value)
    codes = [placed for placed in words if _ARTICLE.fullmatch(placed.word.text)]
    if named:
        item["name"] = _finding(named, last.page, " ".join(each.word.text for each in named))
    if codes:
        item["articleNumber"] = _finding(codes[:1], last.page, codes[0].word.text)
    return item


def _counted(cell: Cell, numbers: Sequence[Match], net: Decimal) -> Item:
    """How many and how much each, which must make the amount; or how many alone, at the beginning of the row."""
    for one, other in pairwise(numbers):
        qty, price = (other, one) if one.trust > other.trust else (one, other)
        if is_product(qty.value, price.value, net):
            found = {"qty": qty, "unitPrice": price}
            return {
                name: _finding(cell.between(match.start, match.end), cell.page, match.value, _PROVEN)
                for name, match in found.items()
            }
    if numbers and numbers[0].start == 0 and _QUANTITY.fullmatch(cell.text[: numbers[0].end]):
        return {"qty": _finding(cell.between(0, numbers[0].end), cell.page, numbers[0].value)}
    return {}


def _is_of_name(placed: Placed) -> bool:
    return any(letter.isalpha() for letter in placed.word.text) and placed.word.text not in ("x", "X")


def _finding(placed: Sequence[Placed], page: Page, value: Decimal | str, score: float = _SCORE) -> Finding:
    return Finding(value, tuple(placed), page, score, TILL_ROLL, score == _PROVEN)
