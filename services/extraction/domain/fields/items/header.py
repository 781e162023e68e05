"""The header of a table of line items: which column holds what, from where to where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from services.extraction.domain.fields import labels
from services.extraction.domain.layout import Box, Cell, Placed, Row, Sheet, bounding, cell_of
from services.extraction.domain.parsers.amounts import find_amounts, is_currency

# What a heading says of tax and currency beside the kind of its column: "Total excl. VAT", "Prix unit. HT".
_BESIDE = re.compile(
    r"\b(?:excl|exkl|ex|exc|sans|hors|sin|zonder|without|ohne|incl|inkl|inc|con|met)\w*\.? ?"
    r"(?:btw|vat|mwst|ust|tva|iva|tax|gst)\b\.?"
    r"|\b(?:h\.?t\.?(?:v\.?a\.?)?|t\.?t\.?c)(?!\w)\.?|\(?\b(?:EUR|USD|GBP|CHF|RM|Euro)\b\)?|\(?[€$£]\)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds ("other" when unknown) and its heading's box."""

    kind: str
    box: Box


@dataclass(frozen=True, slots=True)
class Header:
    """The rows of a header (indexes on the sheet) and its columns from left to right."""

    rows: tuple[int, ...]
    columns: tuple[Column, ...]

    @property
    def kinds(self) -> set[str]:
        return {column.kind for column in self.columns} - {"other"}

    @property
    def names_below(self) -> bool:
        """Whether the names stand below the numbers of articles, in one column with them."""
        numbers, names = (
            next((column.box for column in self.columns if column.kind == kind), None)
            for kind in ("articleNumber", "name")
        )
        return bool(numbers and names and numbers.overlap(names) > 0)


def find_header(sheet: Sheet) -> Header | None:
    """The richest header on the page, the upper one of equals; None where no row heads a table of items. Where none
    is known by its words, an unknown one beside quantities and amounts is taken for that of names.
    """
    readings = [header for index in range(len(sheet.rows)) for header in _readings(sheet, index)]
    for headers in (readings, [_with_names(header) for header in readings]):
        heads = [header for header in headers if _heads_items(header)]
        if heads:
            return max(heads, key=lambda header: len(header.kinds))
    return None


def _with_names(header: Header) -> Header:
    """The header with its first unknown column as that of the names, if it lacks one."""
    kinds = [column.kind for column in header.columns]
    if "other" not in kinds or "name" in kinds or not {"qty", "net"} <= set(kinds):
        return header
    columns = list(header.columns)
    columns[kinds.index("other")] = replace(columns[kinds.index("other")], kind="name")
    return Header(header.rows, tuple(columns))


def boundaries(columns: Sequence[Column], rows: Iterable[Row], width: float) -> list[float]:
    """Where columns part: between two headings, the widest strip that the fewest words of `rows` touch (points)."""
    ink = np.zeros(int(width) + 2, dtype=np.int32)
    known = list(rows)
    # Rows of running text cross the columns and say nothing of them.
    for row in [row for row in known if len(row.cells) > 2] or known:
        for box in _pieces(row):
            _mark(ink, box)
    for column in columns:
        _mark(ink, column.box)
    return [_gap(ink, left.box.center, right.box.center) for left, right in pairwise(columns)]


def _mark(ink: np.ndarray, box: Box) -> None:
    ink[max(0, int(box.left)) : max(0, int(box.right)) + 1] += 1


def _pieces(row: Row) -> Iterable[Box]:
    """The boxes of its words, an amount and its currency as one."""
    for cell in row.cells:
        last: Placed | None = None
        for placed in cell.placed:
            if last and (is_currency(last.word.text) or is_currency(placed.word.text)):
                yield bounding((last.box, placed.box))
            else:
                yield placed.box
            last = placed


def _gap(ink: np.ndarray, left: float, right: float) -> float:
    start, end = max(0, int(left)), max(int(left) + 1, int(right))
    strip = ink[start:end]
    if not strip.size:
        return left
    empty = np.flatnonzero(strip == strip.min())
    runs = np.split(empty, np.flatnonzero(np.diff(empty) > 1) + 1)
    widest = max(runs, key=len)
    return start + float(widest[0] + widest[-1]) / 2


def _merged(columns: Iterable[Column]) -> list[Column]:
    """Headings of one kind over each other, as the halves of "Ext. Amount" may stand, as one."""
    merged: list[Column] = []
    for column in columns:
        if merged and merged[-1].kind == column.kind and merged[-1].box.overlap(column.box) > 0:
            merged[-1] = replace(column, box=bounding((merged[-1].box, column.box)))
        else:
            merged.append(column)
    return merged


def _heads_items(header: Header) -> bool:
    kinds = header.kinds
    return (
        len(kinds) >= 3
        and bool(kinds & {"net", "unitPrice"})
        and bool(kinds & {"name", "articleNumber"})
        and bool(kinds & {"qty", "unitPrice", "taxRate"})
    ) or ({"name", "net"} == kinds and len(header.columns) == 2)


def _readings(sheet: Sheet, index: int) -> Iterable[Header]:
    """The row read as a header by itself, and together with the next row or two, as headings break."""
    row = sheet.rows[index]
    if not any(labels.columns().find(cell) for cell in row.cells):
        return
    if any(amount.trust == 1.0 for amount in find_amounts(row.text)):
        return
    yield Header((index,), _unique(_columns(row.cells)))
    cells, used = list(row.cells), [index]
    for other in range(index + 1, min(index + 3, len(sheet.rows))):
        below = sheet.rows[other]
        far = below.box.top - sheet.rows[used[-1]].box.bottom > 0.8 * row.box.height
        if far or find_amounts(below.text):
            return
        cells, used = _stack(cells, below.cells), [*used, other]
        yield Header(tuple(used), _unique(_columns(cells)))


def _stack(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Cell]:
    """Headings over each other become one; a lower one without a partner stands for itself."""
    stacked = list(upper)
    for cell in lower:
        partner = next((index for index, other in enumerate(stacked) if other.box.overlap(cell.box) > 0), None)
        if partner is None:
            stacked.append(cell)
        else:
            stacked[partner] = cell_of((*stacked[partner].placed, *cell.placed), cell.page, cell.row)
    return sorted(stacked, key=lambda cell: cell.box.left)


def _columns(cells: Iterable[Cell]) -> Iterable[Column]:
    """A column per heading; a cell that holds several headings without a wide gap is cut between them."""
    lexicon = labels.columns()
    for cell in cells:
        whole = heading_of(cell)
        found = [] if whole else [label for label in lexicon.find(cell) if label.weight > 0.8]
        if whole:
            yield Column(whole[0], cell.box)
        elif not found:
            yield Column("other", cell.box)
        for label in found:
            placed = cell.between(label.start, label.end)
            yield Column(label.field, bounding(each.box for each in placed))


def heading_of(cell: Cell) -> tuple[str, float] | None:
    """Field and weight of the heading, which may also speak of tax and currency."""
    fuzzy = cell.page.source == "ocr"
    rest = _BESIDE.sub("", cell.text).strip(" .:()")
    return labels.columns().whole(cell.text, fuzzy) or (labels.columns().whole(rest, fuzzy) if rest else None)


def _unique(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Of several columns of one kind the first counts, of amounts the last; the others are read past.

    What stands last without a known heading, behind prices, is the amount; an "Amount" before the name is how many;
    a heading of articles, of two the second, is what they are called where nothing else is.
    """
    known = _merged(sorted(columns, key=lambda column: column.box.center))
    kinds = [column.kind for column in known]
    if "net" not in kinds and {"unitPrice", "qty", "name"} <= set(kinds) and kinds[-1] == "other":
        known[-1] = replace(known[-1], kind="net")
    if kinds[:1] == ["net"] and kinds.count("net") > 1 and "qty" not in kinds:
        known[0] = replace(known[0], kind="qty")
    articles = [place for place, kind in enumerate(kinds) if kind == "articleNumber"]
    if "name" not in kinds and (len(articles) > 1 or (articles and "other" not in kinds)):
        known[articles[-1]] = replace(known[articles[-1]], kind="name")
    kept: dict[str, int] = {}
    for index, column in enumerate(known):
        if column.kind == "net" or column.kind not in kept:
            kept[column.kind] = index
    return tuple(
        column if kept[column.kind] == index else replace(column, kind="other") for index, column in enumerate(known)
    )
