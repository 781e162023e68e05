"""Where words stand to each other: straightened rows, and the cells that wide gaps cut a row into.

All boxes here are in points on the straightened page, from its top left corner; words keep their fractions of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from services.extraction.domain.pages import Page, Word
from services.extraction.domain.typography import line_boxes

# A gap wider than this many line heights parts two cells; a space between words has a third of one.
CELL_GAP = 0.95
# In widely set print a space is up to this many times as wide as a letter.
WIDE_SPACE = 1.6
BULLETS = frozenset("\u00b7\u2022\u25cf\u2219|")
# Slopes below this (0.1 degrees) are the text layer's rounding, not a tilted scan.
LEAST_SLOPE = 0.002
# Paper of tills: narrower than this (points), or so many times as long as wide.
ROLL_WIDTH, ROLL_SHAPE = 300, 1.9
# Some fonts have no height; a line of print has one (points).
LEAST_HEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def center(self) -> float:
        return (self.left + self.right) / 2

    def overlap(self, other: Box) -> float:
        """How many points the two share from left to right; negative: the gap between them."""
        return min(self.right, other.right) - max(self.left, other.left)


@dataclass(frozen=True, slots=True)
class Placed:
    """A word and its box on the straightened page, as tall as its line of print."""

    word: Word
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """Words of one row without a wide gap between them; `text` joins them with spaces, `row` is the row's index."""

    placed: tuple[Placed, ...]
    text: str
    box: Box
    page: Page
    row: int

    def between(self, start: int, end: int) -> tuple[Placed, ...]:
        """The words that `text[start:end]` touches."""
        found, at = [], 0
        for placed in self.placed:
            if at < end and at + len(placed.word.text) > start:
                found.append(placed)
            at += len(placed.word.text) + 1
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of print across the page, its cells from left to right."""

    cells: tuple[Cell, ...]
    box: Box

    @property
    def placed(self) -> tuple[Placed, ...]:
        return tuple(placed for cell in self.cells for placed in cell.placed)

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as rows from top to bottom."""

    page: Page
    rows: tuple[Row, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for row in self.rows for cell in row.cells)


def lay_out(page: Page) -> Sheet:
    """The rows and cells of `page`."""
    groups = _rows(_straighten(page))
    return Sheet(page, tuple(_row(group, index, page) for index, group in enumerate(groups)))


def is_roll(sheet: Sheet) -> bool:
    """Whether the page is as narrow, or as long for its width, as the paper of a till."""
    return sheet.page.width < ROLL_WIDTH or sheet.page.height > ROLL_SHAPE * sheet.page.width


def bounding(boxes: Iterable[Box]) -> Box:
    """The smallest box around `boxes`, of which there must be one."""
    known = list(boxes)
    return Box(
        min(box.left for box in known),
        min(box.top for box in known),
        max(box.right for box in known),
        max(box.bottom for box in known),
    )


def cell_of(placed: Sequence[Placed], page: Page, row: int) -> Cell:
    """The words of one row as one cell."""
    text = " ".join(each.word.text for each in placed)
    return Cell(tuple(placed), text, bounding(each.box for each in placed), page, row)


def _straighten(page: Page) -> list[Placed]:
    slope = _slope(page)
    placed = []
    for word, (top, foot) in zip(page.words, line_boxes(page), strict=True):
        left, right = word.left * page.width, (word.left + word.width) * page.width
        bottom = max(foot, top + LEAST_HEIGHT)
        shift, lean = slope * (left + right) / 2, slope * (top + bottom) / 2
        placed.append(Placed(word, Box(left + lean, top - shift, right + lean, bottom - shift)))
    return placed


def _slope(page: Page) -> float:
    """The median rise per point over text lines that are long enough to show it; 0 for an upright page."""
    lines: dict[int, list[Word]] = {}
    for word in page.words:
        lines.setdefault(word.line, []).append(word)
    slopes = []
    for words in lines.values():
        first, last = words[0], words[-1]
        run = (last.left - first.left) * page.width
        if len(words) > 2 and run > page.width / 8:
            # Bottom edges jump by descenders; middles over a long run do so less than a tilted page.
            rise = (last.top + last.height / 2 - first.top - first.height / 2) * page.height
            slopes.append(rise / run)
    slope = median(slopes) if slopes else 0.0
    return slope if abs(slope) > LEAST_SLOPE else 0.0


def _rows(placed: Sequence[Placed]) -> list[list[Placed]]:
    """Words whose middles lie on one line, lines from top to bottom."""
    if not placed:
        return []
    usual = median(each.box.height for each in placed)
    rows: list[list[Placed]] = []
    middles: list[float] = []
    for each in sorted(placed, key=lambda each: each.box.middle):
        reach = 0.55 * max(min(each.box.height, 1.5 * usual), 0.6 * usual)
        if rows and each.box.middle - middles[-1] < reach:
            rows[-1].append(each)
            middles[-1] += (each.box.middle - middles[-1]) / len(rows[-1])
        else:
            rows.append([each])
            middles.append(each.box.middle)
    return rows


def _row(placed: Sequence[Placed], index: int, page: Page) -> Row:
    ordered = sorted(placed, key=lambda each: each.box.left)
    letters = sum(len(each.word.text) for each in ordered)
    pace = sum(each.box.right - each.box.left for each in ordered) / letters
    gap = max(CELL_GAP * median(each.box.height for each in ordered), WIDE_SPACE * pace)
    groups = [[ordered[0]]]
    for each in ordered[1:]:
        last = groups[-1][-1]
        # Bullets between the parts of one line stand in wider gaps than words.
        bullets = {last.word.text, each.word.text} & BULLETS
        if each.box.left - last.box.right > gap * (2 if bullets else 1):
            groups.append([])
        groups[-1].append(each)
    cells = tuple(cell_of(group, page, index) for group in groups)
    return Row(cells, bounding(cell.box for cell in cells))
