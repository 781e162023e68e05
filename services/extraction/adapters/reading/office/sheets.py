"""Cells of an XLSX as people see them: each shown sheet a page or more, its columns as columns."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from services.extraction.adapters.reading.office.package import DAMAGED, parts_of, refuse_damaged
from services.extraction.adapters.reading.office.values import shown
from services.extraction.adapters.reading.pixels import MAX_PAGES
from services.extraction.adapters.reading.typesetting import (
    GAP,
    LETTER,
    LINES,
    TEXT_WIDTH,
    Line,
    moved,
    pages_of,
    set_text,
    side_by_side,
)
from services.extraction.domain.pages import Page
from services.extraction.errors import TooManyPages, Unreadable

MOST_COLUMNS = 256
# A longer text does not widen its column. Where nothing stands beside it, it runs on over the columns that follow.
MOST_COLUMN, LEAST_COLUMN = 60 * LETTER, 4 * LETTER
RUNS_ON = 20
# As openpyxl says that a workbook is not what it should be; what its parsers raise are kinds of these too.
_FAULTS = (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, SyntaxError, BadZipFile, OSError)

Row = Sequence[str]


def read_sheets(document: bytes) -> list[Page]:
    """Its pages, set in type; Unreadable, Encrypted, UnsafeArchive, TooManyPages."""
    parts_of(document)
    try:
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(BytesIO(document), read_only=True, data_only=True, keep_links=False)
            sheets = [list(_rows(sheet)) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except _FAULTS as fault:
        refuse_damaged(fault)
    if not book.worksheets:
        raise Unreadable(DAMAGED)
    return pages_of(*(_lines(rows) for rows in sheets if any(rows))) or pages_of([])


def _rows(sheet: Any) -> Iterator[Row]:
    """The rows that have something, and one of the empty ones between them."""
    sheet.reset_dimensions()  # which the file states, rightly or not
    most, count, empty = MAX_PAGES * LINES, 0, True
    for cells in sheet.iter_rows():
        row = _row(cells[:MOST_COLUMNS])
        if row or not empty:
            yield row
            count += 1
        if count > most:
            raise TooManyPages(f"A sheet has more than {most} rows; send the part of it that matters.")
        empty = not row


def _row(cells: Iterable[Any]) -> Row:
    texts = [
        " ".join(shown(cell.value, cell.number_format).split()) if cell.value is not None else "" for cell in cells
    ]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _lines(rows: Sequence[Row]) -> list[Line]:
    lefts = _columns(rows)
    return [line for row in rows for line in side_by_side(list(_blocks(row, lefts)))]


def _columns(rows: Sequence[Row]) -> list[float]:
    """Where each column begins, and after the last where the sheet ends."""
    widths = [LEAST_COLUMN] * max(map(len, rows))
    for row in rows:
        for column, text in enumerate(row):
            if not _runs_on(row, column):
                widths[column] = max(widths[column], min(len(text) * LETTER, MOST_COLUMN))
    lefts = [0.0]
    for width in widths:
        lefts.append(lefts[-1] + width + GAP)
    return lefts


def _runs_on(row: Row, column: int) -> bool:
    return len(row[column]) > RUNS_ON and not any(row[column + 1 : column + 2])


def _blocks(row: Row, lefts: Sequence[float]) -> Iterator[list[Line]]:
    for column, text in enumerate(row):
        if text:
            following = next((other for other in range(column + 1, len(row)) if row[other]), None)
            room = TEXT_WIDTH if following is None else lefts[following] - lefts[column] - GAP
            yield moved(set_text(text, max(room, lefts[column + 1] - lefts[column] - GAP)), lefts[column])
