"""One document, however it came: read, and shown to people."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.adapters.reading import read_pages
from services.extraction.adapters.reading.binding import typeset
from services.extraction.adapters.reading.images import MEDIA_TYPES
from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.adapters.reading.parcels.opening import Paper
from services.extraction.adapters.reading.typesetting import set_pages, set_text
from services.extraction.domain.pages import Page
from shared.media import PDF


def read_paper(paper: Paper, ocr: Ocr) -> list[Page]:
    """Its pages; a CannotRead that says why there are none."""
    if paper.text is not None:
        return set_pages(set_text(paper.text))
    return read_pages(paper.data, paper.media_type, ocr)


def shown_as(paper: Paper, pages: Sequence[Page]) -> tuple[bytes, str]:
    """The bytes and media type of what has the pages as people see them: what has no pages is set in type."""
    if paper.text is None and paper.media_type in (PDF, *MEDIA_TYPES):
        return paper.data, paper.media_type
    return typeset(pages), PDF
