"""What one piece of a line says: its words, with their places in it."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extraction.adapters.reading.networks import READING, Network

HEIGHT = 48
# It reads a column of signs for every eight of pixels, and does not read fewer.
STEP, NARROWEST = 8, 96
# Longer ones than any line of print cost memory that a page should not have.
WIDEST = 4800
# The network leaves out spaces that it saw: half of those it missed have this likelihood, hardly another place has.
LIKELY_SPACE = 0.05
# Latin letters and what stands between them; most of what it can read is Chinese.
_FURTHER = "\u2013\u2014\u2018\u2019\u201c\u201d\u2020\u2022\u2026\u20ac\u00a3\u20a4\u2116\u2122\u2212"
_LAST_LATIN = 0x24F
_FULL_WIDTH = range(0xFF01, 0xFF5F)


@dataclass(frozen=True, slots=True)
class Token:
    """A word. `left` and `right` are fractions of the strip; `confidence` is that of its least certain sign."""

    text: str
    confidence: float
    left: float
    right: float


class Recogniser:
    """Reads strips: grey pictures of one piece of a line."""

    def __init__(self) -> None:
        self._network = Network(READING)
        known = dict(_legible(self._network.signs))
        self._classes = np.array(list(known))
        self._signs = list(known.values())
        self._number = np.array([self._signs.index(sign) for sign in self._signs])
        self._space = self._signs.index(" ")

    def read(self, strip: NDArray[np.uint8]) -> list[Token]:
        """Its words from left to right."""
        height, width = strip.shape
        across = min(max(STEP, math.ceil(HEIGHT * width / height)), WIDEST)
        columns = max(NARROWEST, math.ceil(across / STEP) * STEP)
        padded = np.full((HEIGHT, columns), 127, np.uint8)
        padded[:, :across] = cv2.resize(strip, (across, HEIGHT))
        likely = self._network(padded)[:, self._classes]
        return [self._token(signs, columns / across / len(likely)) for signs in self._words(likely)]

    def _words(self, likely: NDArray[np.float32]) -> Iterator[list[tuple[int, float, float]]]:
        """The signs of each word: number, likelihood, middle in steps. A sign is one run of steps that agree on it."""
        best, sure = self._number[likely.argmax(axis=1)], likely.max(axis=1)
        best[(best == 0) & (likely[:, self._space] > LIKELY_SPACE)] = self._space
        word: list[tuple[int, float, float]] = []
        start = 0
        for number, run in groupby(best.tolist()):
            end = start + len(list(run))
            if number == self._space and word:
                yield word
                word = []
            elif number and number != self._space:
                word.append((number, float(sure[start:end].max()), (start + end) / 2))
            start = end
        if word:
            yield word

    def _token(self, signs: list[tuple[int, float, float]], step: float) -> Token:
        text = "".join(self._signs[number] for number, _, _ in signs)
        middles = [middle for _, _, middle in signs]
        half = (middles[-1] - middles[0]) / (2 * (len(signs) - 1)) if len(signs) > 1 else 1.5
        return Token(text, min(sure for _, sure, _ in signs), (middles[0] - half) * step, (middles[-1] + half) * step)


def _legible(signs: list[str]) -> Iterator[tuple[int, str]]:
    """The classes that are read, and as what: full-width forms as the usual ones."""
    for number, sign in enumerate(signs):
        usual = unicodedata.normalize("NFKC", sign) if sign and ord(sign[0]) in _FULL_WIDTH else sign
        if not usual or (len(usual) == 1 and (ord(usual) <= _LAST_LATIN or usual in _FURTHER)):
            yield number, usual
