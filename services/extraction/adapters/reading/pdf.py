"""Pages of a PDF: each from its text layer where that can be believed, else rendered and read by OCR."""

from __future__ import annotations

from contextlib import closing

import pypdfium2.raw as pdfium
from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from services.extraction.adapters.reading.looks import FORM_DEPTH
from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.adapters.reading.pixels import FRAME_PIXELS, MAX_PAGES, fitting_scale
from services.extraction.adapters.reading.textlayer import is_trusted, text_layer
from services.extraction.domain.pages import Page
from services.extraction.errors import Encrypted, TooLargePage, TooManyPages, Unreadable

DPI, LEAST_DPI = 300, 60
POINTS_PER_INCH = 72
_LOCKED = {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}


def read_pdf(document: bytes, ocr: Ocr) -> list[Page]:
    """Every page; Encrypted, Unreadable, TooManyPages, TooLargePage."""
    with closing(_open(document)) as pdf:
        count = len(pdf)
        if count > MAX_PAGES:
            raise TooManyPages(f"The PDF has {count} pages; split it into files of at most {MAX_PAGES}.")
        return [_read_page(pdf, index, ocr) for index in range(count)]


def _open(document: bytes) -> PdfDocument:
    try:
        return PdfDocument(document)
    except PdfiumError as fault:
        if fault.err_code in _LOCKED:
            raise Encrypted from fault
        raise Unreadable("The PDF is damaged, has no pages or is no PDF; export or scan it again.") from fault


def _read_page(pdf: PdfDocument, index: int, ocr: Ocr) -> Page:
    try:
        with closing(pdf[index]) as page:
            width, height = page.get_size()
            words = text_layer(page)
            if is_trusted(words, page, ocr):
                return Page(index + 1, width, height, words, "textLayer")
            return ocr.read(_render(page, index), index + 1, width, height)
    except PdfiumError as fault:
        raise Unreadable(f"Page {index + 1} of the PDF is damaged; export or scan it again.") from fault


def _render(page: PdfPage, index: int) -> Image.Image:
    """The page in grey (mode L) at 300 dpi, or as much as fits."""
    scale = DPI / POINTS_PER_INCH
    width, height = page.get_size()
    scale *= fitting_scale(max(width, 1) * scale, max(height, 1) * scale)
    if scale * POINTS_PER_INCH < LEAST_DPI:
        raise TooLargePage(f"Page {index + 1} measures {width:.0f} x {height:.0f} points; print it to paper size.")
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=FORM_DEPTH):
        across, down = picture.get_px_size()
        if across * down > FRAME_PIXELS:  # PDFium would leave it out, and the page would look blank
            raise TooLargePage(f"Page {index + 1} shows a picture of {across} x {down} pixels; scan it at 300 dpi.")
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return image
