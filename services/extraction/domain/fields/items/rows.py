"""Rows of a table of line items: their words by column, which rows are one item, and what it states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.items.header import Header, boundaries
from services.extraction.domain.layout import Box, Placed, Sheet
from services.extraction.domain.layout import Row as Line
from services.extraction.domain.pages import Page
from services.extraction.domain.parsers.amounts import find_amounts, read_amount

Item = dict[str, Finding]
# A table ends where the paper stays empty for this many lines.
_GAP_LINES = 5
# More words than these, in a row that has hardly more, are running text.
_PROSE = 3
# Columns of which a row of an item has two at least, and a row of text seldom one.
_STATED = {"qty", "unitPrice", "net"}
_KEYS = ("position", "qty", "unitPrice", "taxRate", "net")
_UNIT = re.compile(r"[^\W\d][\w\u00b2\u00b3().]*")
_NUMERIC = re.compile(r"^[^\w]*\d[\d.,' ]*\D{0,4}$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: its words by kind of column."""

    index: int
    page: Page
    box: Box
    cells: dict[str, tuple[Placed, ...]]

    def text(self, kind: str) -> str:
        return _joined(self.cells.get(kind, ()))

    @property
    def keys(self) -> set[str]:
        """The kinds of columns in which this row has a number: they begin or complete an item."""
        return {kind for kind in _KEYS if any(letter.isdigit() for letter in self.text(kind))}


def table_rows(sheet: Sheet, header: Header, start: int) -> tuple[list[Row], bool]:
    """The rows from `start` up to the totals, each word in its column; and whether the table ended on this page."""
    body: list[Line] = []
    ended = False
    for row in sheet.rows[start:]:
        gap = row.box.top - body[-1].box.bottom if body else 0
        ended = ends_items(row) or gap > _GAP_LINES * row.box.height
        if ended:
            break
        body.append(row)
    cuts = boundaries(header.columns, body, sheet.page.width)
    return [Row(row.cells[0].row, sheet.page, row.box, _by_column(row, header, cuts)) for row in body], ended


def _by_column(row: Line, header: Header, cuts: Sequence[float]) -> dict[str, tuple[Placed, ...]]:
    """The words of the row by the kind of their column; running text is of the column in which it begins. In a row
    without amounts, text that reaches into the names is one, as is what stands below an article's number.
    """
    kinds = [column.kind for column in header.columns]
    columns = [[sum(placed.box.center > cut for cut in cuts) for placed in cell.placed] for cell in row.cells]
    stated = _states_numbers(row, [[kinds[place] for place in places] for places in columns])
    named = {"name", "articleNumber"} if header.names_below else {"name"}
    cells: dict[str, tuple[Placed, ...]] = {}
    for cell, own in zip(row.cells, columns, strict=True):
        places = own
        if len(cell.placed) > _PROSE and len(row.cells) < 3 and not find_amounts(cell.placed[0].word.text):
            places = places[:1] * len(places)
        inside = {kinds[place] for place in places} if len(set(places)) > 1 else {kinds[places[0]]} - {"name"}
        if not stated and "name" in kinds and named & inside:
            places = [kinds.index("name")] * len(places)
        for place, placed in zip(places, cell.placed, strict=True):
            cells[kinds[place]] = (*cells.get(kinds[place], ()), placed)
    return cells


def _states_numbers(row: Line, kinds: Sequence[Sequence[str]]) -> bool:
    """Whether the row has an amount of money, or numbers in two of `_STATED`; `kinds` are its words', by cell."""
    if any(match.trust == 1.0 for cell in row.cells for match in find_amounts(cell.text)):
        return True
    numbers = {
        kind
        for cell, mine in zip(row.cells, kinds, strict=True)
        for placed, kind in zip(cell.placed, mine, strict=True)
        if placed.word.text[:1].isdigit()
    }
    return len(numbers & _STATED) > 1


def group_rows(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one item together: a number in a column that is already filled begins the next item."""
    groups: list[list[Row]] = []
    filled: set[str] = set()
    waiting: list[Row] = []
    for place, row in enumerate(rows):
        if row.keys and (not groups or row.keys & filled):
            groups.append([*waiting, row])
            filled, waiting = set(row.keys), []
        elif row.keys:
            groups[-1] += [*waiting, row]
            filled, waiting = filled | row.keys, []
        elif not groups or _belongs_below(rows, place):
            waiting.append(row)
        else:
            groups[-1].append(row)
    return groups


def read_item(rows: Sequence[Row], decimal_mark: str | None) -> Item:
    """The values of one item, from the first row that states each; the name from all rows."""
    item: Item = {}
    page = rows[0].page
    for kind in ("position", "articleNumber", "unit"):
        words = _first(rows, kind)
        if words:
            item[kind] = _finding(words, page, _joined(words), 0.9)
    names = tuple(placed for row in rows for placed in row.cells.get("name", ()))
    if names:
        # OCR reads rules and specks around text as these signs.
        item["name"] = _finding(names, page, _joined(names).strip(" _|~"), 0.9)
    for kind in ("qty", "unitPrice", "net", "taxRate"):
        number = _number(rows, kind, decimal_mark)
        if number:
            item[kind] = number
    _part_quantity(item, decimal_mark)
    return item


def _joined(words: Sequence[Placed]) -> str:
    return " ".join(placed.word.text for placed in words)


def _part_quantity(item: Item, decimal_mark: str | None) -> None:
    """Quantity and unit apart, where one column holds both: "5 kg"."""
    for column, other in (("qty", "unit"), ("unit", "qty")):
        if column not in item or (other in item and column == "qty"):
            continue
        both = item[column]
        unit = tuple(each for each in both.placed if _UNIT.fullmatch(each.word.text))
        amount = find_amounts(both.text, decimal_mark)
        if unit and amount:
            item["unit"] = _finding(unit, both.page, _joined(unit), 0.85)
            rest = [each for each in both.placed if each not in unit]
            item.setdefault("qty", _finding(rest, both.page, amount[0].value, 0.85))


def _first(rows: Iterable[Row], kind: str) -> tuple[Placed, ...]:
    return next((row.cells[kind] for row in rows if row.cells.get(kind)), ())


def _number(rows: Iterable[Row], kind: str, decimal_mark: str | None) -> Finding | None:
    """The number in the first row whose cell of this kind holds one."""
    for row in rows:
        text = row.text(kind)
        value: Decimal | None
        if kind == "taxRate":
            match = re.search(r"\d{1,2}(?:[.,]\d+)?", text)
            value = read_amount(match.group(), decimal_mark or ".") if match else None
        else:
            matches = find_amounts(text, decimal_mark)
            value = matches[0].value if matches else None
        if value is not None:
            return _finding(row.cells[kind], row.page, value, 0.88)
    return None


def _finding(placed: Sequence[Placed], page: Page, value: Decimal | str, score: float) -> Finding:
    return Finding(value, tuple(placed), page, score, "tableColumn")


def _belongs_below(rows: Sequence[Row], place: int) -> bool:
    """Whether a row without numbers stands clearly nearer to the next row with numbers than to the last one."""
    above = next((row for row in reversed(rows[:place]) if row.keys), None)
    below = next((row for row in rows[place + 1 :] if row.keys), None)
    if above is None or below is None:
        return above is None
    gap_above = rows[place].box.middle - rows[place - 1].box.middle
    gap_below = rows[place + 1].box.middle - rows[place].box.middle
    return gap_below < 0.7 * gap_above


def ends_items(row: Line) -> bool:
    """Whether the row ends the items: a heading of what follows, or the label of a total before an amount."""
    lexicon = labels.amounts()
    heads = [cell for cell in row.cells if any(label.alone for label in lexicon.find(cell))]
    if labels.table_ends().whole(row.cells[0].text) or len(heads) > 2:
        return True
    for index, cell in enumerate(row.cells):
        found = [label for label in lexicon.find(cell) if label.leads]
        behind = " ".join(other.text for other in row.cells[index + 1 :])
        if found and found[0].field != "other" and (_NUMERIC.search(behind) or find_amounts(cell.text[found[0].end :])):
            return True
    return False
