"""The size of print: readers box the ink of a word, and which letters it has says how tall its line is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from statistics import median

from services.extraction.domain.pages import Page, Word

# Parts of the font size, as most text faces have them: letters over and under the baseline, and a whole line.
ASCENT, X_HEIGHT, DESCENT = 0.72, 0.53, 0.21
_LOW = frozenset("acemnorsuvwxz")
_DEEP = frozenset("gjpqy,;()[]{}@|Q\u00e7")
# A word may be so much larger or smaller than its line before it counts as print of another size.
_SPREAD = 1.4


def line_boxes(page: Page) -> list[tuple[float, float]]:
    """Top and bottom of the line of print each word stands on, in points; alike for `anna` and `Jagd` of one size."""
    sizes = _sizes(page)
    boxes = []
    for word, size in zip(page.words, sizes, strict=True):
        baseline = (word.top + word.height) * page.height - ink(word.text)[1] * size
        boxes.append((baseline - ASCENT * size, baseline + DESCENT * size))
    return boxes


@lru_cache(maxsize=20_000)
def ink(text: str) -> tuple[float, float]:
    """How far the ink of a word reaches over and under the baseline, in parts of the font size."""
    return _rise(text), _depth(text)


def _sizes(page: Page) -> list[float]:
    """The font size of each word in points: its own, evened out over its text line."""
    own = [_size(word, page.height) for word in page.words]
    lines: dict[int, list[float]] = {}
    for word, size in zip(page.words, own, strict=True):
        if size:
            lines.setdefault(word.line, []).append(size)
    usual = median([size for size in own if size] or [10.0])
    medians = {line: median(sizes) for line, sizes in lines.items()}
    return [_even(size, medians.get(word.line, usual)) for word, size in zip(page.words, own, strict=True)]


def _even(own: float | None, line: float) -> float:
    return line if own is None or line / _SPREAD < own < line * _SPREAD else own


def _size(word: Word, page_height: float) -> float | None:
    """The font size that the word's ink tells; None for dashes and dots, which tell nothing."""
    if not any(letter.isalnum() for letter in word.text):
        return None
    return word.height * page_height / sum(ink(word.text))


def _rise(text: Sequence[str]) -> float:
    return X_HEIGHT if all(letter in _LOW or not letter.isalnum() for letter in text) else ASCENT


def _depth(text: Sequence[str]) -> float:
    return DESCENT if any(letter in _DEEP for letter in text) else 0.0
