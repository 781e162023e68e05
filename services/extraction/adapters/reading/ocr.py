"""Words from the pixels of a page: Tesseract reads it, and what it is unsure of the second engine reads again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from time import process_time

import numpy as np
from PIL import Image
from rapidfuzz.distance.Levenshtein import normalized_similarity as ratio

from services.extraction.adapters.reading.deadline import Deadline
from services.extraction.adapters.reading.rapid import Pixels, Rapid, sureness
from services.extraction.adapters.reading.skew import skew_of
from services.extraction.adapters.reading.tesseract import Tesseract, models_for
from services.extraction.domain.pages import Page, Word

__all__ = ["Ocr", "load", "models_for"]

# Below this a skew changes no reading (measured: none up to 0.3 degrees) and turning would only blur the print.
LEAST_SKEW = 0.3
# Paper, not print: no pixel of the page is darker.
BRIGHTEST_INK = 170
# What Tesseract reads less surely than this, pages and words, the second engine reads better (ADR 0023).
SURE_PAGE, SURE_WORD = 0.93, 0.8
# A word read again must be clear: the box of a doubtful one may hold another word, or half of one.
SURE_AGAIN = 0.9
# Print that stands on its head is read less surely than this; so are some pages that lie right.
SURE_OF_TURN = 0.75
# Words of so many letters are wider than high, on a page that does not lie on its side.
LONG_WORD = 4
# The parts of a word's height that are shown around it when it is read again.
MARGIN = 0.25
# Of computing, so that a page reads the same on a busy machine. Tesseract forgets what it read when it is stopped.
PAGE_SECONDS, TESSERACT_SECONDS = 30.0, 20.0
# How many words of a text layer are compared with the look of the page, and from where on two are the same.
PROBES, ALIKE = 6, 0.6


class Ocr:
    """Reads pages, one after the other."""

    def __init__(self, tesseract: Tesseract, rapid: Rapid, document: Deadline | None = None) -> None:
        self._tesseract, self._rapid, self._document = tesseract, rapid, document

    def within(self, seconds: float) -> Ocr:
        """The same for the pages of a document that has so much time from now on."""
        return Ocr(self._tesseract, self._rapid, Deadline(seconds))

    def read(self, image: Image.Image, number: int, width: float, height: float) -> Page:
        """The page of which this is the image in mode L; `width` and `height` as it came, in points.

        It has no words when nothing is dark enough to be print.
        """
        page = Page(number, width, height, (), "ocr")
        if not any(image.histogram()[: BRIGHTEST_INK + 1]):
            return page
        deadline = Deadline(PAGE_SECONDS, self._document, process_time)
        if deadline.is_over:
            return replace(page, is_cut=True)
        sheet = _Level(image)
        words = self._first(sheet, deadline)
        turned = self._turn_of(sheet, words)
        if turned:
            sheet = _Level(image.rotate(-turned, expand=True))
            words = self._first(sheet, deadline)
        words = self._second(sheet, words, deadline)
        if turned % 180:
            width, height = height, width
        return Page(number, width, height, sheet.as_came(words), "ocr", turned, deadline.is_over)

    def agrees(self, words: Sequence[Word], image: Image.Image) -> bool:
        """Does the image (mode L) say what these words do, where they stand? A few are read; true if none can be."""
        page = np.asarray(image)
        longest = sorted((word for word in words if word.text.isalnum()), key=lambda word: -len(word.text))[:PROBES]
        alike = [ratio(word.text, self._rapid.reread(_around(page, word))[0]) >= ALIKE for word in longest]
        return 2 * sum(alike) >= len(alike)

    def _first(self, sheet: _Level, deadline: Deadline) -> list[Word]:
        return [] if deadline.is_over else self._tesseract.read(sheet.image, Deadline(TESSERACT_SECONDS, deadline))

    def _turn_of(self, sheet: _Level, words: Sequence[Word]) -> int:
        """How many degrees to turn the page clockwise; looked for only where the words are as on a turned page."""
        if sureness(words) > SURE_OF_TURN and not _lie_down(words, sheet.image.width / sheet.image.height):
            return 0
        return self._rapid.turn_of(sheet.pixels, self._rapid.find(sheet.pixels))

    def _second(self, sheet: _Level, words: list[Word], deadline: Deadline) -> list[Word]:
        """The words, as the second engine reads what the first was not sure of."""
        if sureness(words) < SURE_PAGE:
            return self._rapid.read(sheet.pixels, self._rapid.find(sheet.pixels), deadline) or words
        return [self._again(sheet, word) if word.confidence < SURE_WORD else word for word in words]

    def _again(self, sheet: _Level, word: Word) -> Word:
        text, confidence = self._rapid.reread(_around(sheet.pixels, word))
        return replace(word, text=text, confidence=confidence) if confidence > SURE_AGAIN else word


class _Level:
    """A page made level."""

    def __init__(self, image: Image.Image) -> None:
        self._skew = skew_of(image)
        if abs(self._skew) < LEAST_SKEW:
            self._skew, self.image = 0.0, image
        else:
            self.image = image.rotate(self._skew, Image.Resampling.BILINEAR, fillcolor=255)

    @property
    def pixels(self) -> Pixels:
        return np.asarray(self.image)

    def as_came(self, words: Iterable[Word]) -> tuple[Word, ...]:
        """The words where they stood before the page was made level."""
        if not self._skew:
            return tuple(words)
        cosine, sine = math.cos(math.radians(self._skew)), math.sin(math.radians(self._skew))
        width, height = self.image.size

        def moved(word: Word) -> Word:
            # Measured from the middle; y grows downwards.
            x, y = (word.left + word.width / 2 - 0.5) * width, (word.top + word.height / 2 - 0.5) * height
            left = (x * cosine - y * sine) / width + 0.5 - word.width / 2
            top = (x * sine + y * cosine) / height + 0.5 - word.height / 2
            return replace(word, left=round(left, 5), top=round(top, 5))

        return tuple(moved(word) for word in words)


def _lie_down(words: Iterable[Word], shape: float) -> bool:
    """Do most long words run up or down the page? `shape` is its width by its height."""
    standing = [word.height > word.width * shape for word in words if len(word.text) >= LONG_WORD]
    return sum(standing) > len(standing) / 2


def _around(page: Pixels, word: Word) -> Pixels:
    """The pixels of the word and a rim; at least one."""
    height, width = page.shape
    rim = MARGIN * word.height * height
    left, top = max(0, int(word.left * width - rim)), max(0, int(word.top * height - rim))
    right, bottom = (word.left + word.width) * width + rim, (word.top + word.height) * height + rim
    part = page[top : math.ceil(bottom), left : math.ceil(right)]
    return part if part.size else page[:1, :1]


@cache
def _rapid() -> Rapid:
    return Rapid()


@lru_cache(maxsize=4)
def load(models: tuple[str, ...], tessdata: Path) -> Ocr:
    """Tesseract with these models and the second engine; kept, because loading costs as much as reading a page."""
    return Ocr(Tesseract(models, tessdata), _rapid())
