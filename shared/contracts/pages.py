"""The pages of a document as extraction leaves them in object storage: an index, and one object with their parts."""

from __future__ import annotations

import typing
from dataclasses import dataclass

from shared.contracts.envelope import ClaimCheck, Malformed, from_plain, read_json

INDEX, PARTS = "pages.json", "pages.bin"
PICTURE_WIDTHS = (1000, 250)
"""What is kept of a page: a picture to read on, and one to leaf through. Pages of fewer pixels are not enlarged."""


@dataclass(frozen=True, slots=True)
class KeptPages:
    """Where the `PageIndex` lies, and the object that its parts are parts of."""

    index: ClaimCheck
    parts: ClaimCheck


@dataclass(frozen=True, slots=True)
class Part:
    """`size` bytes from the one at `offset` on, with this SHA-256 (hex)."""

    offset: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The page as a PNG; `width` and `height` in pixels, `kept_for` the width of `PICTURE_WIDTHS` that it serves."""

    kept_for: int
    width: int
    height: int
    part: Part


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page. `number` counts from 1; `width` and `height` are in points; `source` is textLayer or ocr; `words` is
    the part that `read_words` reads. `turned` is how many degrees clockwise the page of the file was turned to be read:
    words and pictures are those of the page as it was turned.
    """

    number: int
    width: float
    height: float
    source: str
    text: str
    words: Part
    pictures: tuple[Picture, ...] = ()
    turned: int = 0


@dataclass(frozen=True, slots=True)
class PageIndex:
    """All pages, in their order; `tables` is the part that holds `FreeTables`."""

    pages: tuple[ReadPage, ...]
    tables: Part | None = None


@dataclass(frozen=True, slots=True)
class FreeTable:
    """A table on a page, in the region of these fractions. `rows` are texts by columns, as many as in `header`, which
    is empty where there is none.
    """

    page: int
    left: float
    top: float
    width: float
    height: float
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FreeTables:
    """All tables, in their order."""

    tables: tuple[FreeTable, ...]


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word. `left`, `top`, `width`, `height` are fractions of the page from its top left corner; `confidence` is
    0..1, 1 for a text layer; `line` counts the page's lines of text from 0. Kept as a list of these members.
    """

    text: str
    left: float
    top: float
    width: float
    height: float
    confidence: float
    line: int


@dataclass(frozen=True, slots=True)
class _Words:
    words: tuple[typing.Any, ...]


def read_words(data: bytes) -> tuple[PrintedWord, ...]:
    """The words in a part; Malformed."""
    return tuple(_word(row) for row in read_json(_Words, data, "words").words)


_KINDS = typing.get_type_hints(PrintedWord)


def _word(row: object) -> PrintedWord:
    if not isinstance(row, list) or len(row) != len(_KINDS):
        raise Malformed(f"a word has {len(_KINDS)} members")
    members = zip(_KINDS.items(), row, strict=True)
    return PrintedWord(*(from_plain(kind, value, f"word.{name}") for (name, kind), value in members))
