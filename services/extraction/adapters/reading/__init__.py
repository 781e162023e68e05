"""From the bytes of a document to pages of words. Runs in the sandboxed child only: all input is hostile."""

from __future__ import annotations

from collections.abc import Callable

from services.extraction.adapters.reading.images import MEDIA_TYPES, read_image
from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.adapters.reading.office.sheets import read_sheets
from services.extraction.adapters.reading.office.word import read_word
from services.extraction.adapters.reading.pdf import read_pdf
from services.extraction.domain.pages import Page
from services.extraction.errors import Blank, TimedOut, UnsupportedMediaType
from shared.media import DOCX, PDF, XLSX

Reader = Callable[[bytes, Ocr], list[Page]]

READERS: dict[str, Reader] = {
    PDF: read_pdf,
    **dict.fromkeys(MEDIA_TYPES, read_image),
    DOCX: lambda document, _: read_word(document),
    XLSX: lambda document, _: read_sheets(document),
}


def read_pages(document: bytes, media_type: str, ocr: Ocr) -> list[Page]:
    """Every page of the document; a CannotRead that says why there are none."""
    if media_type not in READERS:
        raise UnsupportedMediaType
    pages = READERS[media_type](document, ocr)
    if not any(page.words for page in pages):
        raise TimedOut if any(page.is_cut for page in pages) else Blank
    return pages
