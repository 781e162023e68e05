"""PDFs made here: pages that were set in type, so that people can look at them, and an e-mail with all it brought."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from ctypes import c_ushort
from io import BytesIO

import pypdfium2.raw as pdfium

# Pillow would import its writer of PDFs at the first use, which is too late in a child that can open no file.
from PIL import Image, PdfImagePlugin
from pypdfium2 import PdfDocument, PdfiumError

from services.extraction.adapters.reading.images import FORMATS, count_of, frame_of
from services.extraction.adapters.reading.office.sheets import read_sheets
from services.extraction.adapters.reading.office.word import read_word
from services.extraction.adapters.reading.parcels.mail import Mail
from services.extraction.adapters.reading.parcels.opening import Member
from services.extraction.adapters.reading.pixels import FRAME_PIXELS, MAX_PAGES
from services.extraction.adapters.reading.typesetting import (
    LETTER,
    TEXT_WIDTH,
    Line,
    moved,
    set_pages,
    set_text,
    side_by_side,
)
from services.extraction.domain.pages import Page, Word
from services.extraction.domain.typography import ink
from services.extraction.errors import CannotRead
from shared.media import DOCX, JPEG, PDF, PNG, TIFF, XLSX

PLUGINS = (PdfImagePlugin,)
# All letters of this face are as wide as they are when text is set; each PDF reader has it.
_FACE, _SIZE = b"Courier", LETTER / 0.6
_ENCODING = "cp1252"
_TYPESET = {DOCX: read_word, XLSX: read_sheets}
_PICTURES = {JPEG, PNG, TIFF}
# Enough to read on a screen and on paper.
_PICTURE_SIZE = (2480, 3508)
MAX_BYTES = 40_000_000
# How wide the column of the headers' names is, in points.
_NAMES = 60.0


def typeset(pages: Sequence[Page]) -> bytes:
    """A PDF with the words of the pages where they stand. Letters that its face lacks are written as plain ones."""
    with closing(PdfDocument.new()) as pdf:
        _add_pages(pdf, pages)
        return _saved(pdf)


def bind(mail: Mail, members: Iterable[Member]) -> bytes:
    """The e-mail as a PDF: its text, then its attachments as far as they can be shown; else its text alone."""
    with closing(PdfDocument.new()) as pdf:
        _add_pages(pdf, set_pages(_cover(mail)))
        for member in members:
            with suppress(PdfiumError, CannotRead, OSError, SyntaxError, ValueError, TypeError, EOFError):
                _add_member(pdf, member)
        bound = _saved(pdf)
    return bound if len(bound) <= MAX_BYTES else typeset(set_pages(_cover(mail)))


def _cover(mail: Mail) -> list[Line]:
    names = ", ".join(attachment.name for attachment in mail.attachments if not attachment.inline)
    told = {**mail.headers, "Attached": names} if names else mail.headers
    values = ((name, moved(set_text(value, TEXT_WIDTH - _NAMES), _NAMES)) for name, value in told.items())
    headers = [line for name, lines in values for line in side_by_side([[[(0.0, f"{name}:")]], lines])]
    return [*headers, [], *set_text(mail.text)]


def _add_member(pdf: PdfDocument, member: Member) -> None:
    if member.media_type in _TYPESET:
        _add_pages(pdf, _TYPESET[member.media_type](member.data))
    elif member.media_type == PDF:
        _import(pdf, member.data)
    elif member.media_type in _PICTURES:
        for picture in _pictures(member.data):
            _import(pdf, picture)


def _import(pdf: PdfDocument, other: bytes) -> None:
    with closing(PdfDocument(other)) as source:
        room = MAX_PAGES - len(pdf)
        if room > 0:
            pdf.import_pages(source, list(range(min(len(source), room))))


def _pictures(data: bytes) -> Iterator[bytes]:
    """The frames of the picture, each as a PDF."""
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        for index in range(min(count_of(image), MAX_PAGES)):
            image.seek(index)
            if image.width * image.height > FRAME_PIXELS:
                return
            picture = frame_of(image, index)
            picture.thumbnail(_PICTURE_SIZE)
            file = BytesIO()
            picture.save(file, "PDF", resolution=max(picture.size) / _PICTURE_SIZE[1] * 300 or 300)
            yield file.getvalue()


def _add_pages(pdf: PdfDocument, pages: Sequence[Page]) -> None:
    for page in pages[: max(0, MAX_PAGES - len(pdf))]:
        sheet = pdf.new_page(page.width, page.height)
        for word in page.words:
            _write(pdf, sheet, page, word)
        sheet.gen_content()
        sheet.close()


def _write(pdf: PdfDocument, sheet: object, page: Page, word: Word) -> None:
    _, below = ink(word.text)
    piece = pdfium.FPDFPageObj_NewTextObj(pdf.raw, _FACE, _SIZE)
    units = (_plain(word.text) + "\0").encode("utf-16-le")
    pdfium.FPDFText_SetText(piece, (c_ushort * (len(units) // 2)).from_buffer_copy(units))
    baseline = page.height * (1 - word.top - word.height) + below * 2 * LETTER
    pdfium.FPDFPageObj_Transform(piece, 1, 0, 0, 1, word.left * page.width, baseline)
    pdfium.FPDFPage_InsertObject(sheet, piece)


def _plain(text: str) -> str:
    """The text in letters that the face has."""
    return "".join(map(_plain_letter, text))


def _plain_letter(letter: str) -> str:
    try:
        return letter.encode(_ENCODING).decode(_ENCODING)
    except UnicodeError:
        bare = unicodedata.normalize("NFKD", letter)[:1]
        return bare.encode(_ENCODING, "replace").decode(_ENCODING)


def _saved(pdf: PdfDocument) -> bytes:
    file = BytesIO()
    pdf.save(file)
    return file.getvalue()
