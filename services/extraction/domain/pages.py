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
    """One page. `number` counts from 1; `width` and `height` are in points; `source` is textLayer or ocr."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: str
