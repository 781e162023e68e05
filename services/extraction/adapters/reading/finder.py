"""Where text stands on a page: a quadrilateral around each piece of a line, also on photos."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extraction.adapters.reading.networks import FINDING, Network

Quad = NDArray[np.float32]
"""Four corners (x, y) in pixels: top left, top right, bottom right, bottom left."""

# The network halves the page five times.
STEP = 32
# Enough to tell the lines of an A4 page apart; more costs time and memory and finds nothing more (ADR 0023).
MOST_PIXELS = 1_200_000
LIKELY_PIXEL, LIKELY_LINE = 0.3, 0.5
# The network shrinks lines so that they do not touch; this is how they grow back.
GROWTH = 1.6
LEAST_SIDE = 3
MOST_LINES = 3000


class Finder:
    """Finds text."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._network = Network(FINDING)

    def find(self, page: NDArray[np.uint8]) -> list[Quad]:
        """The pieces of lines on a grey page, in no order."""
        height, width = page.shape
        scale = min(1.0, math.sqrt(MOST_PIXELS / (height * width)))
        across, down = (max(STEP, round(side * scale / STEP) * STEP) for side in (width, height))
        small = np.asarray(cv2.resize(page, (across, down), interpolation=cv2.INTER_AREA), np.uint8)
        likely: NDArray[np.float32] = self._network(small)[0]
        factors = np.array([width / across, height / down], np.float32)
        return [quad * factors for quad in _quads(likely)]


def strip(page: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    """The pixels inside the quadrilateral, upright."""
    across, down = size_of(quad)
    size = max(2, round(across)), max(2, round(down))
    corners = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    turn = cv2.getPerspectiveTransform(quad, corners)
    return np.asarray(cv2.warpPerspective(page, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def size_of(quad: Quad) -> tuple[float, float]:
    """Width and height."""
    sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
    return float(max(sides[0], sides[2])), float(max(sides[1], sides[3]))


def _quads(likely: NDArray[np.float32]) -> Iterator[Quad]:
    text = cv2.dilate((likely > LIKELY_PIXEL).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(text, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines[:MOST_LINES]:
        middle, (across, down), angle = cv2.minAreaRect(outline)
        if min(across, down) < LEAST_SIDE or _mean(likely, _corners(middle, (across, down), angle)) < LIKELY_LINE:
            continue
        more = GROWTH * across * down / (across + down)
        yield _ordered(_corners(middle, (across + more, down + more), angle))


def _corners(middle: Sequence[float], size: Sequence[float], angle: float) -> Quad:
    return np.asarray(cv2.boxPoints((middle, size, angle)), np.float32)


def _mean(likely: NDArray[np.float32], corners: Quad) -> float:
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = likely[top:bottom, left:right]
    inside = cv2.fillPoly(np.zeros(part.shape, np.uint8), [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(part, inside)[0])


def _ordered(corners: Quad) -> Quad:
    by_left = corners[np.argsort(corners[:, 0])]
    west, east = (side[np.argsort(side[:, 1])] for side in (by_left[:2], by_left[2:]))
    return np.array([west[0], east[0], east[1], west[1]], np.float32)
