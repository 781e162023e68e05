"""Office documents as tests send them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.document import Document as Word
from openpyxl import Workbook

TITLE = ("Description", "Quantity", "Unit price", "Amount")
ITEMS = (("Paper, white, 500 sheets", 4, 5.5, 22.0), ("Folders, blue", 10, 1.25, 12.5))
NUMBER, ISSUED = "R-4711", date(2026, 3, 2)
NET, TAX, GROSS = 34.5, 6.56, 41.06
SENDER = ("M\u00fcller GmbH", "Hauptstr. 1", "10115 Berlin", "VAT ID DE136695976")


def word_invoice() -> bytes:
    """An invoice in a DOCX, with a header, a table of items and one of totals."""
    return word(_invoice)


def word(write: Callable[[Word], None]) -> bytes:
    """A DOCX with what is written into it."""
    document, held = Document(), io.BytesIO()
    write(document)
    document.save(held)
    return held.getvalue()


def _invoice(document: Word) -> None:
    header = document.sections[0].header
    header.paragraphs[0].text = SENDER[0]
    for line in SENDER:
        document.add_paragraph(line)
    document.add_heading("Invoice", 1)
    document.add_paragraph(f"Invoice number:\t{NUMBER}")
    document.add_paragraph(f"Invoice date:\t{ISSUED:%d.%m.%Y}")
    fill(
        document, [TITLE, *([name, str(count), f"{price:.2f}", f"{total:.2f}"] for name, count, price, total in ITEMS)]
    )
    document.add_paragraph()
    rows = (("Net total", NET), ("VAT 19 %", TAX), ("Total amount EUR", GROSS))
    fill(document, [(label, f"{amount:.2f}") for label, amount in rows])
    document.sections[0].footer.paragraphs[0].text = "IBAN DE89 3704 0044 0532 0130 00"


def fill(document: Word, rows: Sequence[Sequence[str]]) -> None:
    """Add a table with these cells."""
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def sheet_invoice() -> bytes:
    """The same invoice in an XLSX."""
    book = Workbook()
    sheet = book.active
    for line in SENDER:
        sheet.append([line])
    sheet.append([])
    sheet.append(["Invoice number", NUMBER])
    sheet.append(["Invoice date", ISSUED])
    sheet.cell(sheet.max_row, 2).number_format = "DD.MM.YYYY"
    sheet.append([])
    sheet.append(TITLE)
    for item in ITEMS:
        sheet.append(item)
        for column in (3, 4):
            sheet.cell(sheet.max_row, column).number_format = "#,##0.00"
    for label, amount in (("Net total", NET), ("VAT 19 %", TAX), ("Total amount", GROSS)):
        sheet.append([label, None, None, amount])
        sheet.cell(sheet.max_row, 4).number_format = "#,##0.00\\ [$\u20ac-407]"
    sheet.append(["IBAN DE89 3704 0044 0532 0130 00"])
    return saved(book)


def saved(book: Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_parts(document: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The office document with these parts in the place of its own, or beside them."""
    held = io.BytesIO()
    with ZipFile(io.BytesIO(document)) as before, ZipFile(held, "w", ZIP_DEFLATED) as after:
        for name in dict.fromkeys([*before.namelist(), *parts]):
            after.writestr(name, parts[name] if name in parts else before.read(name))
    return held.getvalue()
