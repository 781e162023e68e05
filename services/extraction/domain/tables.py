"""Tables of any document: rows that follow each other, whose words leave the same strips of paper empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from services.extraction.domain.layout import Box, Placed, Row, Sheet, bounding
from shared.contracts.pages import FreeTable

# Fewer rows or columns may be chance, or labels beside their values.
LEAST_ROWS, LEAST_COLUMNS = 3, 3
# A table ends where the paper stays empty for so many lines.
_GAP_LINES = 1.8
# Between columns there is as much room, in parts of the lines' height.
_GUTTER = 0.6
# Of its places, so many are filled.
_FILLED = 0.5

Line = tuple[tuple[Placed, ...], ...]


def find_tables(sheet: Sheet) -> list[FreeTable]:
    """The tables of a page from top to bottom, each with its header if its first row is one."""
    return [table for rows in _blocks(sheet.rows) for table in _table(rows, sheet)]


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows close to each other that may be those of a table: a row of one cell may only be within it."""
    block: list[Row] = []
    for row in rows:
        gap = row.box.top - block[-1].box.bottom if block else 0.0
        if gap > _GAP_LINES * row.box.height or (block and len(row.cells) == len(block[-1].cells) == 1):
            yield _trimmed(block)
            block = []
        if block or len(row.cells) > 1:
            block.append(row)
    yield _trimmed(block)


def _trimmed(block: list[Row]) -> list[Row]:
    """The block from the first of its fuller rows to the last."""
    fuller = [place for place, row in enumerate(block) if len(row.cells) >= LEAST_COLUMNS]
    return block[fuller[0] : fuller[-1] + 1] if fuller else []


def _table(rows: Sequence[Row], sheet: Sheet) -> Iterator[FreeTable]:
    """The table that the rows make, if they do."""
    if len(rows) < LEAST_ROWS:
        return
    cuts = _cuts(rows, sheet.page.width)
    lines = _joined(_under_headings([_line(row, cuts) for row in rows]))
    texts = [tuple(_text(place) for place in line) for line in lines]
    filled = sum(map(bool, (text for line in texts for text in line)))
    if len(texts) < LEAST_ROWS or len(texts[0]) < LEAST_COLUMNS or filled < _FILLED * len(texts) * len(texts[0]):
        return
    heads = not any(map(_is_value, texts[0]))
    body = texts[1:] if heads else texts
    columns = list(zip(*texts, strict=True))
    if any(map(_holds_labels, columns)) or sum(map(_holds_values, columns)) < (1 if heads else 2):
        return
    yield FreeTable(sheet.page.number, *_region(lines), header=texts[0] if heads else (), rows=tuple(body))


def _cuts(rows: Sequence[Row], width: float) -> list[float]:
    """Where columns part, in points: in the middle of the strips that nothing touches, rows of prose left aside."""
    ink = np.zeros(int(width) + 2, dtype=np.int8)
    for row in (row for row in rows if len(row.cells) >= LEAST_COLUMNS - 1):
        for cell in row.cells:
            ink[max(0, int(cell.box.left)) : max(0, int(np.ceil(cell.box.right)))] = 1
    least = _GUTTER * float(np.median([row.box.height for row in rows]))
    touched = np.flatnonzero(ink)
    gaps = np.flatnonzero(np.diff(touched) > max(least, 1))
    return [(float(touched[gap]) + float(touched[gap + 1])) / 2 for gap in gaps]


def _line(row: Row, cuts: Sequence[float]) -> Line:
    """The words of a row by column."""
    places: list[tuple[Placed, ...]] = [()] * (len(cuts) + 1)
    for placed in row.placed:
        place = sum(placed.box.center > cut for cut in cuts)
        places[place] = (*places[place], placed)
    return tuple(places)


def _under_headings(lines: Sequence[Line]) -> list[Line]:
    """The lines, a heading put together with the column beside it if that has none, and the heading no column."""
    places = [list(line) for line in lines]
    for left in range(len(places[0]) - 2, -1, -1):
        pair = [(bool(line[left]), bool(line[left + 1])) for line in places]
        alone = [any(one for one, _ in pair[1:]), any(other for _, other in pair[1:])]
        if (True, True) not in pair and not all(alone) and pair[0] in ((True, False), (False, True)):
            for line in places:
                line[left : left + 2] = [(*line[left], *line[left + 1])]
    return [tuple(line) for line in places]


def _joined(lines: Sequence[Line]) -> list[Line]:
    """The lines, what wraps put together with the one above: it begins no row and fills less than half of it."""
    joined: list[Line] = []
    for line in lines:
        wraps = bool(joined) and not line[0] and 2 * sum(map(bool, line)) < len(line)
        if wraps:
            joined[-1] = tuple((*above, *below) for above, below in zip(joined[-1], line, strict=True))
        else:
            joined.append(line)
    return joined


def _text(words: Sequence[Placed]) -> str:
    return " ".join(placed.word.text for placed in words)


def _is_value(text: str) -> bool:
    """Whether digits make most of it: an amount, a date, a number."""
    signs = [sign for sign in text if sign.isalnum()]
    return bool(signs) and 2 * sum(map(str.isdigit, signs)) >= len(signs)


def _holds_values(column: Sequence[str]) -> bool:
    filled = [text for text in column if text]
    return 2 * sum(map(_is_value, filled)) > len(filled)


def _holds_labels(column: Sequence[str]) -> bool:
    filled = [text for text in column if text]
    return 2 * sum(text.endswith(":") for text in filled) >= len(filled) > 0


def _region(lines: Sequence[Line]) -> tuple[float, float, float, float]:
    """Left, top, width and height as fractions of the page."""
    words = [placed.word for line in lines for place in line for placed in place]
    box = bounding(Box(word.left, word.top, word.left + word.width, word.top + word.height) for word in words)
    return round(box.left, 5), round(box.top, 5), round(box.right - box.left, 5), round(box.height, 5)
