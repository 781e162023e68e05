"""Words on a page as the readers deliver them: the text layer's or OCR's, in fractions of the page."""

from __future__ import annotations

from dataclasses import dataclass


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
