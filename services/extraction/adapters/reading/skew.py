"""How many degrees a scanned page lies askew: the angle at which its ink falls into the sharpest rows."""

from __future__ import annotations

import numpy as np
from PIL import Image

# Scanners and hands miss the edge by less; a page turned further is another problem.
MOST_DEGREES = 6.0
# Enough to tell text lines apart; more pixels cost time and change no result.
WORKING_SIDE = 1000
MOST_POINTS = 60_000
FEWEST_POINTS = 200


def skew_of(image: Image.Image) -> float:
    """The degrees to turn the image (mode L) counter-clockwise to level its lines; 0 when it shows none."""
    pixels = np.asarray(image.reduce(max(1, max(image.size) // WORKING_SIDE)))
    rows, columns = np.nonzero(pixels < min(128, 0.6 * float(np.median(pixels))))
    if len(rows) < FEWEST_POINTS:
        return 0.0
    step = len(rows) // MOST_POINTS + 1
    rows, columns = rows[::step], columns[::step]

    def sharpness(degrees: float) -> float:
        levels = np.rint(rows - columns * np.tan(np.radians(degrees))).astype(np.int64)
        counts = np.bincount(levels - levels.min()).astype(np.float64)
        return float(counts @ counts)

    coarse = max(np.arange(-MOST_DEGREES, MOST_DEGREES + 0.1, 0.5), key=sharpness)
    return float(max(np.arange(coarse - 0.4, coarse + 0.45, 0.1), key=sharpness))
