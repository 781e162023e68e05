"""Words on a page as the readers deliver them: the text layer's or OCR's, in fractions of the page."""

from __future__ import annotations

from dataclasses import dataclass

# A hundredth of a millimetre on A4.
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `left`, `top`, `width`, `height` are fractions of the page from its top left corner.

    `confidence` is 0..1 (1 for a text layer); `line` is the index of the word's text line on its page.
    """

    text: str
    left: float
    top: float
    width: float
    height: float
    confidence: float
    line: int


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def word_at(text: str, box: Box, size: tuple[float, float], confidence: float, line: int) -> Word:
    """The word in this box of a page that is so wide and high, in whatever unit."""
    (left, top, right, bottom), (width, height) = box, size
    across, down = (right - left) / width, (bottom - top) / height
    return Word(
        text,
        round(left / width, _DIGITS),
        round(top / height, _DIGITS),
        round(across, _DIGITS),
        round(down, _DIGITS),
        confidence,
        line,
    )


@dataclass(frozen=True, slots=True)
class Page:
    """One page, upright. `number` counts from 1; `width` and `height` are in points; `source` is textLayer or ocr.

    `turned` is how many degrees clockwise the page of the file was turned for that: 0, 90, 180 or 270. `is_cut`: time
    was up before all of it was read.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: str
    turned: int = 0
    is_cut: bool = False
