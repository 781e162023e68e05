"""Text without a page, as office documents and e-mails have it, set in type: lines with columns, cut into pages.

Words get the boxes that their ink would have in a face whose letters are all equally wide, so that whoever reads pages
sees cells side by side as columns, and a gap between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from services.extraction.adapters.reading.pixels import MAX_PAGES
from services.extraction.domain.pages import Page, Word, word_at
from services.extraction.domain.typography import ink
from services.extraction.errors import TooManyPages

# All in points. A letter is half as wide as the print is high; a line of A4 has 99 of them between its margins.
SIZE, LETTER, LEADING = 10.0, 5.0, 14.0
MARGIN = 50.0
A4_WIDTH, A4_HEIGHT = 595.0, 842.0
TEXT_WIDTH = A4_WIDTH - 2 * MARGIN
LINES = int((A4_HEIGHT - 2 * MARGIN) / LEADING)
# Wide enough that nobody takes it for a space between words.
GAP = 4 * LETTER
TAB = 36.0

Line = list[tuple[float, str]]
"""Pieces of text and how far from the left margin each begins, from left to right."""


def set_text(text: str, width: float = TEXT_WIDTH) -> list[Line]:
    """The lines of a text: broken where it breaks and where a line is full, with tabs as columns."""
    return [line for each in text.split("\n") for line in _broken(each, width)]


def moved(lines: Iterable[Line], by: float) -> list[Line]:
    return [[(left + by, text) for left, text in line] for line in lines]


def side_by_side(blocks: Sequence[Sequence[Line]]) -> list[Line]:
    """The blocks, which stand where they belong already, as lines across all of them."""
    return [sorted(piece for line in lines for piece in line) for lines in zip_longest(*blocks, fillvalue=[])]


def set_pages(lines: Sequence[Line]) -> list[Page]:
    """The lines on pages that are as wide as they need to be; at least one page. TooManyPages."""
    return list(_pages(lines))


def pages_of(*parts: Sequence[Line]) -> list[Page]:
    """The same, with each part on pages of its own."""
    pages: list[Page] = []
    for lines in parts:
        pages += _pages(lines, len(pages))
    return pages


def _pages(lines: Sequence[Line], before: int = 0) -> Iterator[Page]:
    count = max(1, -(-len(lines) // LINES))
    if before + count > MAX_PAGES:
        raise TooManyPages(f"Set in type it has more than {MAX_PAGES} pages; split it.")
    right = max((left + len(text) * LETTER for line in lines for left, text in line), default=0.0)
    width = max(A4_WIDTH, 2 * MARGIN + right)
    for index in range(count):
        words = _words(lines[index * LINES : (index + 1) * LINES], width)
        yield Page(before + index + 1, width, A4_HEIGHT, tuple(words), "textLayer")


def _words(lines: Sequence[Line], width: float) -> Iterator[Word]:
    for index, line in enumerate(lines):
        baseline = MARGIN + index * LEADING + SIZE
        for left, text in line:
            at = 0
            for word in text.split():
                at = text.index(word, at)
                above, below = ink(word)
                start = MARGIN + left + at * LETTER
                box = start, baseline - above * SIZE, start + len(word) * LETTER, baseline + below * SIZE
                yield word_at(word, box, (width, A4_HEIGHT), 1.0, index)
                at += len(word)


def _broken(text: str, width: float) -> list[Line]:
    """One line of text as the lines that it takes: those after the first begin where its last column does."""
    line: Line = []
    left = 0.0
    for column in text.split("\t"):
        words = " ".join(column.split())
        if words:
            line.append((left, words))
            left += len(words) * LETTER + GAP
        left = TAB * (left // TAB + 1) if "\t" in text else left
    if not line:
        return [[]]
    start, last = line[-1]
    first, *others = _wrapped(last, max(20, int((width - start) / LETTER)))
    return [[*line[:-1], (start, first)], *([(start, other)] for other in others)]


def _wrapped(text: str, letters: int) -> list[str]:
    if len(text) <= letters:
        return [text]
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > letters:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
