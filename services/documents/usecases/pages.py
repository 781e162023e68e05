"""The pages of documents: their text, their words, and pictures of them."""

from __future__ import annotations

from collections.abc import Sequence

from services.documents.domain.actors import Reach
from services.documents.errors import NotRead, PageNotFound, PictureNotFound
from services.documents.ports import Desk
from services.documents.usecases.reading import get_document
from shared.contracts.pages import FreeTable, KeptPages, Picture, PrintedWord, ReadPage


def get_pages(desk: Desk, reach: Reach, document_id: str) -> Sequence[ReadPage]:
    """All pages as they were last read. DocumentNotFound, NotRead, PagesMissing, PagesCorrupt."""
    return desk.pages.index(_kept(desk, reach, document_id)).pages


def get_tables(desk: Desk, reach: Reach, document_id: str) -> Sequence[FreeTable]:
    """The tables on all pages; refused as the pages are."""
    kept = _kept(desk, reach, document_id)
    return desk.pages.tables(kept, desk.pages.index(kept))


def get_words(desk: Desk, reach: Reach, document_id: str, number: int) -> tuple[ReadPage, Sequence[PrintedWord]]:
    """A page and its words; PageNotFound on top."""
    kept = _kept(desk, reach, document_id)
    page = _page(desk, kept, number)
    return page, desk.pages.words(kept, page)


def find_picture(desk: Desk, reach: Reach, document_id: str, number: int, width: int) -> tuple[KeptPages, Picture]:
    """Where the picture of a page is kept for this width; PageNotFound and PictureNotFound on top."""
    kept = _kept(desk, reach, document_id)
    picture = next((each for each in _page(desk, kept, number).pictures if each.kept_for == width), None)
    if picture is None:
        raise PictureNotFound
    return kept, picture


def open_picture(desk: Desk, kept: KeptPages, picture: Picture) -> bytes:
    """The PNG; PagesMissing, PagesCorrupt."""
    return desk.pages.picture(kept, picture)


def _kept(desk: Desk, reach: Reach, document_id: str) -> KeptPages:
    document = get_document(desk, reach, document_id)
    if document.findings is None or document.findings.pages is None:
        raise NotRead(document.state.value)
    return document.findings.pages


def _page(desk: Desk, kept: KeptPages, number: int) -> ReadPage:
    pages = desk.pages.index(kept).pages
    page = next((page for page in pages if page.number == number), None)
    if page is None:
        raise PageNotFound(len(pages))
    return page
