"""What the fork server reads once before it is ready: a page of every type, and an e-mail, all made here.

Libraries load codecs, tables and parts of themselves at their first use. A child is locked up by then and can open no
file, so every first use has to be here; and a machine that cannot read says so at its start.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook
from PIL import Image, ImageDraw, ImageFilter

from services.extraction.adapters.reading.images import FORMATS, MEDIA_TYPES
from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.adapters.sandbox.child import read
from services.extraction.adapters.sandbox.protocol import Answer, Request
from shared.contracts.envelope import read_json, write_json
from shared.contracts.fields import WantedField, WantedFields
from shared.media import DOCX, MAIL, XLSX

LANGUAGES = ("en", "de")
OWN_FIELDS = WantedFields(
    (
        WantedField("code", "string", "Invoice no.", pattern="[0-9]+"),
        WantedField("kind", "enum", "VAT", examples=("x",)),
    )
)
LINES = (
    "M\u00fcller GmbH, Hauptstr. 1, 10115 Berlin",
    "Invoice no. 7 of 01.02.2026, due 2026-03-01",
    "VAT DE136695976 IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX",
    "1 Paper 2 pcs 5,00 10,00",
    "Net 10,00 EUR Tax 19% 1,90 EUR Total 11,90 EUR",
)


def rehearse(ocr: Ocr) -> None:
    """SystemExit with the reason when one of them cannot be read."""
    for media_type, document in _documents():
        first, *_ = read(document, Request(media_type, list(LANGUAGES)), ocr, write_json(OWN_FIELDS))
        answer = read_json(Answer, first, "answer")
        if answer.result is None and not answer.members:
            raise SystemExit(f"Reading {media_type} does not work here: {answer.message}{answer.trace}")


def _documents() -> Iterator[tuple[str, bytes]]:
    yield "application/pdf", _digital_page()
    page = Image.new("L", (700, 40 * len(LINES) + 80), "white")
    for index, line in enumerate(LINES):
        ImageDraw.Draw(page).text((40, 40 + 40 * index), line, fill="black", font_size=18)
    askew = page.rotate(2, fillcolor="white")
    # The second engine reads only what the first cannot: here a page that stands on its head, and is blurred.
    poor = askew.rotate(180).reduce(2).filter(ImageFilter.GaussianBlur(0.6))
    for media_type, name in zip(MEDIA_TYPES, FORMATS, strict=True):
        file = BytesIO()
        (poor if name == "JPEG" else askew).save(file, name)
        yield media_type, file.getvalue()
    yield DOCX, _text()
    yield XLSX, _sheet()
    yield MAIL, _mail((_text(), "docx"), (file.getvalue(), "tif"))


def _text() -> bytes:
    """A DOCX with all that one must have."""
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in LINES)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    file = BytesIO()
    with ZipFile(file, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{lines}</w:body></w:document>')
    return file.getvalue()


def _sheet() -> bytes:
    book, file = Workbook(), BytesIO()
    for line in LINES:
        book.active.append([*line.split(), 11.9, date(2026, 2, 1)])
    book.save(file)
    return file.getvalue()


def _mail(*attached: tuple[bytes, str]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "M\u00fcller <a@example.com>", "b@example.com", "Invoice \u2013 7"
    mail.set_content("\n".join(LINES))
    mail.add_alternative("<p>" + "<br>".join(LINES), subtype="html")
    for data, extension in attached:
        mail.add_attachment(data, "application", "octet-stream", filename=f"invoice.{extension}")
    return mail.as_bytes()


def _digital_page() -> bytes:
    """A PDF without a table of its objects, which PDFium makes up for."""
    shown = "".join(f"({line}) Tj 0 -20 Td " for line in LINES)
    stream = f"BT /F 9 Tf 40 700 Td {shown} ET".encode("cp1252")
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    head = f"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F {font}>>>>>>endobj
4 0 obj<</Length {len(stream)}>>stream
"""
    return head.encode() + stream + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
