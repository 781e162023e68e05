"""How many pixels a page may have: what is refused before it is decoded, and the size at which it is read."""

from __future__ import annotations

import math

MAX_PAGES = 200
FRAME_PIXELS = 60_000_000
# Tesseract reads A4 at 300 dpi (8.7 megapixels) best; A3 fits too. Larger pages are made smaller.
READ_PIXELS = 20_000_000
# Tesseract counts pixels in 16 bits.
READ_SIDE = 32_000


def fitting_scale(width: float, height: float) -> float:
    """The factor, at most 1, that makes a page of so many pixels small enough to be read."""
    return min(1.0, math.sqrt(READ_PIXELS / (width * height)), READ_SIDE / max(width, height))
