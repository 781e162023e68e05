"""Does a page look like its text layer? Asked where text may hide, or be drawn: looking costs as much as reading it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ctypes import byref, c_float, c_uint
from typing import Any

import cv2
import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from PIL import Image
from pypdfium2 import PdfPage

from services.extraction.domain.pages import Word

# Left, bottom, right, top in points on the page as it lies in the file.
Bounds = tuple[float, float, float, float]
# Pictures and forms lie in forms; PDFium follows those that contain themselves.
FORM_DEPTH = 4
# A letter drawn as a curve has ten parts and more; on pages of text, rules and frames have fewer than that has letters.
CURVE_PARTS = 3
FEW_PARTS = 600
DPI, POINTS_PER_INCH = 150, 72
MOST_PIXELS = 4_000_000
# Where a word is printed, the page is not of one shade.
LEAST_CONTRAST = 40
LEAST_SEEN = 0.6
# What has the size of a letter, in points.
LETTER_HEIGHT, LETTER_WIDTH = (3, 18), (1, 20)
_INVISIBLE = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
_PALE = 230
_SOLID = 20


class Drawn:
    """What is on a page: texts that may be invisible, the parts of its paths, its largest picture's share of it."""

    def __init__(self, box: Bounds) -> None:
        self.hidden = self.parts = 0
        self.picture = 0.0
        self._box = box

    def add(self, thing: Any, kind: int) -> None:
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self.hidden += _is_hidden(thing)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self.parts += max(0, pdfium.FPDFPath_CountSegments(thing))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self.picture = max(self.picture, _share(_bounds(thing), self._box))


def drawn_on(page: PdfPage) -> Drawn:
    drawn = Drawn(page.get_bbox())
    _walk(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, FORM_DEPTH, drawn)
    return drawn


def may_differ(drawn: Drawn, characters: int) -> bool:
    """Is there text that nobody sees, or so many curves that they may be text?"""
    return bool(drawn.hidden) or drawn.parts > max(FEW_PARTS, CURVE_PARTS * characters)


def picture_of(page: PdfPage) -> Image.Image:
    """The page as it is shown, in grey (mode L)."""
    width, height = page.get_size()
    scale = min(DPI / POINTS_PER_INCH, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return image


def covers(words: Sequence[Word], image: Image.Image, width: float) -> bool:
    """Are the words where there is print, and is most print in words? `width` of the page is in points."""
    pixels = np.asarray(image)
    height, across = pixels.shape
    beyond = pixels.copy()
    seen = 0
    for word in words:
        left, top = max(0, int(word.left * across)), max(0, int(word.top * height))
        box = (
            slice(top, int((word.top + word.height) * height) + 2),
            slice(left, int((word.left + word.width) * across) + 2),
        )
        seen += bool(pixels[box].size and np.ptp(pixels[box]) > LEAST_CONTRAST)
        beyond[box] = 255
    letters = sum(len(word.text) for word in words)
    return seen >= LEAST_SEEN * len(words) and _letters(beyond, across / width) <= letters


def _letters(pixels: NDArray[np.uint8], scale: float) -> int:
    """How many marks have the size of a letter."""
    _, _, marks, _ = cv2.connectedComponentsWithStats((pixels < 128).astype(np.uint8))
    wide, high = marks[1:, cv2.CC_STAT_WIDTH] / scale, marks[1:, cv2.CC_STAT_HEIGHT] / scale
    fits = (high > LETTER_HEIGHT[0]) & (high < LETTER_HEIGHT[1]) & (wide > LETTER_WIDTH[0]) & (wide < LETTER_WIDTH[1])
    return int(fits.sum())


def _walk(holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], depth: int, drawn: Drawn) -> None:
    for index in range(count(holder)):
        thing = get(holder, index)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
            _walk(thing, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, depth - 1, drawn)
        else:
            drawn.add(thing, kind)


def _bounds(thing: Any) -> Bounds:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pdfium.FPDFPageObj_GetBounds(thing, byref(left), byref(bottom), byref(right), byref(top))
    return left.value, bottom.value, right.value, top.value


def _share(part: Bounds, whole: Bounds) -> float:
    """How much of `whole` the part covers."""
    across = min(part[2], whole[2]) - max(part[0], whole[0])
    up = min(part[3], whole[3]) - max(part[1], whole[1])
    return max(across, 0.0) * max(up, 0.0) / max((whole[2] - whole[0]) * (whole[3] - whole[1]), 1e-6)


def _is_hidden(text: Any) -> bool:
    if pdfium.FPDFTextObj_GetTextRenderMode(text) in _INVISIBLE:
        return True
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not pdfium.FPDFPageObj_GetFillColor(text, byref(red), byref(green), byref(blue), byref(alpha)):
        return False
    return alpha.value < _SOLID or min(red.value, green.value, blue.value) > _PALE
