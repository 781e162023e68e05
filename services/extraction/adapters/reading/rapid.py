"""The second engine: finds the pieces of lines on a page and reads each; also tells how a page is turned."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extraction.adapters.reading.deadline import Deadline
from services.extraction.adapters.reading.finder import Finder, Quad, size_of, strip
from services.extraction.adapters.reading.recogniser import Recogniser, Token
from services.extraction.domain.pages import Box, Word, word_at

Pixels = NDArray[np.uint8]
# A piece so much higher than wide is print that runs up or down, or a single slim figure.
UPRIGHT = 1.5
# Pieces this much longer than high are words, and show by their look which way the page is turned.
LONG = 3.0
PROBES = 4
# The finder leaves a rim around the print; what touches it belongs to the lines above and below.
RIM = 0.08
LEAST_CONTRAST = 24


class Rapid:
    """Reads grey pages."""

    def __init__(self) -> None:
        self._finder, self._recogniser = Finder(), Recogniser()

    def find(self, page: Pixels) -> list[Quad]:
        """The pieces of lines."""
        return self._finder.find(page)

    def turn_of(self, page: Pixels, pieces: Sequence[Quad]) -> int:
        """How many degrees to turn the page clockwise so that its print is upright: 0, 90, 180 or 270."""
        sizes = [(size_of(piece), piece) for piece in pieces]
        lying = [piece for (across, down), piece in sizes if across > LONG * down]
        standing = [piece for (across, down), piece in sizes if down > LONG * across]
        sideways = len(standing) > len(lying)
        probes = sorted(standing if sideways else lying, key=lambda piece: -max(size_of(piece)))[:PROBES]
        strips = [np.rot90(strip(page, piece), sideways) for piece in probes]
        legible = sum(self._sureness(each) for each in strips)
        reversed_ = sum(self._sureness(np.rot90(each, 2)) for each in strips)
        return (270 * sideways + 180 * (reversed_ > legible)) % 360

    def read(self, page: Pixels, pieces: Sequence[Quad], deadline: Deadline) -> list[Word]:
        """The words in these pieces, in rows from top to bottom, as fractions of the page; those read in time."""
        height, width = page.shape
        words: list[Word] = []
        for line, row in enumerate(_rows(pieces)):
            for piece in row:
                if deadline.is_over:
                    return words
                words += (_word(token, box, (width, height), line) for token, box in self._placed(page, piece))
        return words

    def reread(self, pixels: Pixels) -> tuple[str, float]:
        """The one word that these pixels show, and the confidence in it."""
        tokens = self._recogniser.read(pixels)
        text = unicodedata.normalize("NFC", "".join(token.text for token in tokens))
        return text, round(min((token.confidence for token in tokens), default=0.0), 3)

    def _placed(self, page: Pixels, piece: Quad) -> Iterator[tuple[Token, Box]]:
        """The words of one piece and their boxes in pixels of the page, level as on an upright page."""
        pixels = strip(page, piece)
        tokens = self._recogniser.read(pixels)
        across, down = size_of(piece)
        if down > UPRIGHT * across:
            lying = self._recogniser.read(np.ascontiguousarray(np.rot90(pixels)))
            if sureness(lying) > sureness(tokens):
                yield from ((token, _below(piece, token)) for token in lying)
                return
        for token, (left, top, right, bottom) in zip(tokens, _tight(pixels, tokens), strict=True):
            middle = _inside(piece, (left + right) / 2, (top + bottom) / 2)
            half = (right - left) * across / 2, (bottom - top) * down / 2
            yield token, (middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])

    def _sureness(self, pixels: Pixels) -> float:
        return sureness(self._recogniser.read(np.ascontiguousarray(pixels)))


def sureness(words: Sequence[Token | Word]) -> float:
    """The mean confidence of a letter, 0..1; 0 without words."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / max(1, letters)


def _word(token: Token, box: Box, size: tuple[int, int], line: int) -> Word:
    return word_at(unicodedata.normalize("NFC", token.text), box, size, round(token.confidence, 3), line)


def _below(piece: Quad, token: Token) -> Box:
    """The box of a word in print that runs down the page."""
    (left, top), (right, bottom) = piece.min(axis=0).tolist(), piece.max(axis=0).tolist()
    return left, top + token.left * (bottom - top), right, top + token.right * (bottom - top)


def _inside(piece: Quad, across: float, down: float) -> tuple[float, float]:
    x, y = piece[0] + across * (piece[1] - piece[0]) + down * (piece[3] - piece[0])
    return float(x), float(y)


def _tight(pixels: Pixels, tokens: Sequence[Token]) -> Iterator[Box]:
    """The box around the ink of each token, as fractions of the strip: left, top, right, bottom."""
    height, width = pixels.shape
    ink = _ink(pixels)
    edges = [0.0, *((one.right + other.left) / 2 for one, other in pairwise(tokens)), 1.0]
    rim = round(RIM * height)
    for token, (start, end) in zip(tokens, pairwise(edges), strict=False):
        first = max(0, int(start * width))
        part = ink[rim : height - rim, first : int(end * width) + 1]
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        if len(columns):
            left, right = (first + columns[0]) / width, (first + columns[-1] + 1) / width
            yield float(left), float(rim + rows[0]) / height, float(right), float(rim + rows[-1] + 1) / height
        else:
            yield max(0.0, token.left), RIM, min(1.0, token.right), 1 - RIM


def _ink(pixels: Pixels) -> NDArray[np.bool_]:
    """Where the strip has print: the rarer of its two shades."""
    if np.ptp(pixels) < LEAST_CONTRAST:
        return np.zeros(pixels.shape, np.bool_)
    level, _ = cv2.threshold(pixels, 0, 255, cv2.THRESH_OTSU)
    dark = pixels <= level
    return ~dark if dark.mean() > 0.5 else dark


def _rows(pieces: Sequence[Quad]) -> list[list[Quad]]:
    """Pieces that stand side by side, from left to right; rows from top to bottom."""
    rows: list[list[Quad]] = []
    for piece in sorted(pieces, key=lambda piece: float(piece[:, 1].mean())):
        if rows and _beside(rows[-1][-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: float(piece[:, 0].min())) for row in rows]


def _beside(one: Quad, other: Quad) -> bool:
    height = min(size_of(one)[1], size_of(other)[1])
    return abs(float(one[:, 1].mean() - other[:, 1].mean())) < height / 2
