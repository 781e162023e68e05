"""Words of a PDF page's own text layer, and the decision whether to believe it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from ctypes import byref, c_double, c_ushort
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from pypdfium2 import PdfPage

from services.extraction.adapters.reading.looks import covers, drawn_on, may_differ, picture_of
from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.domain.pages import Word

# PDFium writes a hyphen at the end of a line as U+FFFE and leaves the line break out.
_LINE = re.compile(r"[^\n\ufffe]+\ufffe?")
_WORD = re.compile(r"[^\s\x00-\x1f\x7f]+")
_SPELLING = str.maketrans(
    {"\ufffe": "-", "\u00ad": "-", "\u2010": "-", "\u2011": "-", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl",
     "\ufb03": "ffi", "\ufb04": "ffl", "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None}
)  # fmt: skip
# What fonts without a proper encoding leave behind: the replacement character, private use, nothing assigned.
_NO_CHARACTERS = {"Co", "Cn", "Cs", "Cc"}

# A page with fewer characters and a large picture may be a scan with a stamp.
PLENTY = 400
# On a scan the picture is the page; on a digital page it is a logo.
MOST_PICTURE = 0.33


def text_layer(page: PdfPage) -> tuple[Word, ...]:
    """The page's words in the order of its content, as fractions of the page as it is shown."""
    with closing(page.get_textpage()) as textpage:
        found = [
            (_spelled(word.group()), line, _box(textpage.raw, run.start() + word.start(), run.start() + word.end()))
            for line, run in enumerate(_LINE.finditer(_characters(textpage.raw)))
            for word in _WORD.finditer(run.group())
        ]
    if not found:
        return ()
    boxes = _as_shown(np.array([box for _, _, box in found]), page)
    return tuple(
        Word(spelling, left, top, width, height, 1.0, line)
        for (spelling, line, _), (left, top, width, height) in zip(found, boxes, strict=True)
        if spelling
    )


def is_trusted(words: Sequence[Word], page: PdfPage, ocr: Ocr) -> bool:
    """Is this text layer what a person sees on the page? The one place that decides between it and OCR."""
    if not words:
        return bool(pdfium.FPDFPage_CountObjects(page) == 0)
    text = "".join(word.text for word in words)
    counts = Counter(text)
    broken = sum(counts[each] for each in counts if each == "\ufffd" or unicodedata.category(each) in _NO_CHARACTERS)
    meaningful = sum(counts[each] for each in counts if each.isalnum())
    outside = sum(not (-0.01 <= word.left <= 1 and -0.01 <= word.top <= 1) for word in words)
    if broken > 0.05 * len(text) or meaningful < 0.4 * len(text) or outside > 0.5 * len(words):
        return False
    drawn = drawn_on(page)
    is_picture = drawn.picture > MOST_PICTURE
    if is_picture and len(text) < PLENTY:
        return False
    if not is_picture and not may_differ(drawn, len(text)):
        return True
    image = picture_of(page)
    return covers(words, image, page.get_width()) and ocr.agrees(words, image)


def _characters(textpage: Any) -> str:
    """The page's text, the character of each PDFium index at the same index here."""
    count = pdfium.FPDFText_CountChars(textpage)
    units = (c_ushort * (2 * count + 1))()
    pdfium.FPDFText_GetText(textpage, 0, count, units)
    text = bytes(units)[: 2 * count].decode("utf-16-le", "surrogatepass").rstrip("\0")
    if len(text) == count:
        return text
    # PDFium left characters out that it cannot name, or some need two units: ask for each.
    return "".join([chr(pdfium.FPDFText_GetUnicode(textpage, index)) for index in range(count)])


def _spelled(word: str) -> str:
    """NFC, without ligatures and invisible characters; half a surrogate pair becomes the replacement character."""
    if word.isascii():
        return word
    whole = word.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", whole.translate(_SPELLING))


def _box(textpage: Any, start: int, end: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of these characters, in points on the page as it lies in the file."""
    left, top, right, bottom = c_double(), c_double(), c_double(), c_double()
    box = None
    for index in range(pdfium.FPDFText_CountRects(textpage, start, end - start)):
        pdfium.FPDFText_GetRect(textpage, index, byref(left), byref(top), byref(right), byref(bottom))
        part = (left.value, bottom.value, right.value, top.value)
        box = _around(box, part) if box else part
    return box or (0.0, 0.0, 0.0, 0.0)


def _around(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, float, float, float]:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _as_shown(boxes: NDArray[np.float64], page: PdfPage) -> list[list[float]]:
    """From (n, 4) left, bottom, right, top in the file to left, top, width, height in fractions of the shown page."""
    left, bottom, right, top = page.get_bbox()
    across = (boxes[:, [0, 2]] - left) / max(right - left, 1e-6)
    down = (top - boxes[:, [3, 1]]) / max(top - bottom, 1e-6)
    # A page is turned clockwise by its rotation when it is shown.
    for _ in range(page.get_rotation() // 90):
        across, down = 1 - down[:, ::-1], across
    shown = np.column_stack((across[:, 0], down[:, 0], np.ptp(across, axis=1), np.ptp(down, axis=1)))
    rounded: list[list[float]] = np.round(shown, 5).tolist()
    return rounded
