"""The pages of a document as a child gives them to the worker: their index, their words, and pictures of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from services.extraction.adapters.reading.pictures import as_png, narrowed, pictured
from services.extraction.domain.layout import lay_out
from services.extraction.domain.pages import Page, Word
from services.extraction.domain.tables import find_tables
from shared.contracts.envelope import write_json
from shared.contracts.pages import PICTURE_WIDTHS, FreeTables, PageIndex, Part, Picture, ReadPage

MOST_PICTURE_BYTES = 16 * 1024 * 1024


class _Parts:
    """Bytes one after the other, and where each of them is."""

    def __init__(self, offset: int = 0) -> None:
        self.data = bytearray()
        self._offset = offset

    def add(self, data: bytes) -> Part:
        part = Part(self._offset + len(self.data), len(data), hashlib.sha256(data).hexdigest())
        self.data += data
        return part


def indexed(pages: Sequence[Page]) -> tuple[PageIndex, bytes]:
    """The index of the pages without pictures, and the parts in it: their words, and the tables."""
    parts = _Parts()
    read = tuple(_read_page(page, parts) for page in pages)
    tables = FreeTables(tuple(table for page in pages if page.words for table in find_tables(lay_out(page))))
    return PageIndex(read, parts.add(write_json(tables))), bytes(parts.data)


def drawn(index: PageIndex, offset: int, document: bytes, media_type: str) -> tuple[bytes, PageIndex]:
    """Pictures of the first pages, as many as may be kept: parts that begin at `offset`, and the index with them."""
    parts, pages = _Parts(offset), list(index.pages)
    for place, image in enumerate(pictured(document, media_type)):
        if len(parts.data) > MOST_PICTURE_BYTES or place == len(pages):
            break
        upright = image.rotate(-pages[place].turned, expand=True)
        sizes = [(width, narrowed(upright, width)) for width in PICTURE_WIDTHS]
        pictures = tuple(Picture(width, *picture.size, parts.add(as_png(picture))) for width, picture in sizes)
        pages[place] = replace(pages[place], pictures=pictures)
    return bytes(parts.data), replace(index, pages=tuple(pages))


def _read_page(page: Page, parts: _Parts) -> ReadPage:
    rows = {"words": [[getattr(word, name) for name in Word.__slots__] for word in page.words]}
    part = parts.add(json.dumps(rows, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode())
    return ReadPage(page.number, page.width, page.height, page.source, text_of(page), part, turned=page.turned)


def text_of(page: Page) -> str:
    """The page's words, each text line on a line of its own."""
    lines: dict[int, list[str]] = {}
    for word in page.words:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(words) for words in lines.values())
