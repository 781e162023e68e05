"""Sheets: their cells as people see them, their columns as columns, and nothing that does harm."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from services.extraction.adapters.reading.office.sheets import read_sheets
from services.extraction.adapters.reading.office.values import shown
from services.extraction.domain.fields import extract
from services.extraction.domain.layout import lay_out
from services.extraction.errors import CannotRead, TooManyPages, Unreadable, UnsafeArchive
from tests.support.office import GROSS, NUMBER, saved, sheet_invoice, with_parts
from tests.support.parcels import zipped

SHEET = "xl/worksheets/sheet1.xml"


def rows(document: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for page in read_sheets(document) for row in lay_out(page).rows]


def book_of(*lines: list[Any]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    return saved(book)


def test_an_invoice_is_read_with_its_columns() -> None:
    document = rows(sheet_invoice())
    assert ["Invoice number", NUMBER] in document
    assert ["Invoice date", "2026-03-02"] in document
    assert ["Folders, blue", "10", "1.25", "12.50"] in document
    assert ["Total amount", "41.06 \u20ac"] in document


def test_fields_are_found_in_it() -> None:
    entities = extract(read_sheets(sheet_invoice()), ["en", "de"]).entities
    assert (entities["number"], entities["currency"], entities["totals"]["gross"]) == (NUMBER, "EUR", GROSS)
    assert [item["net"] for item in entities["items"]] == [22.0, 12.5]


def test_a_column_begins_at_one_place_however_long_its_texts_are() -> None:
    (page,) = read_sheets(book_of(["a", 1], ["a longer text", 22], ["x", 333]))
    assert len({word.left for word in page.words if word.text.isdecimal()}) == 1


def test_a_text_with_nothing_beside_it_runs_on() -> None:
    (page,) = read_sheets(book_of(["a title that is longer than its column would be"], ["a", 1]))
    assert next(word for word in page.words if word.text == "1").left < page.words[-3].left + 0.3
    assert [len(row.cells) for row in lay_out(page).rows] == [1, 2]


def test_each_shown_sheet_has_pages_of_its_own() -> None:
    book = Workbook()
    book.active.append(["first"])
    book.create_sheet("second").append(["second"])
    hidden = book.create_sheet("hidden")
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    pages = read_sheets(saved(book))
    assert [[word.text for word in page.words] for page in pages] == [["first"], ["second"]]


def test_an_empty_book_has_an_empty_page() -> None:
    assert [page.words for page in read_sheets(saved(Workbook()))] == [()]


def test_a_stated_size_is_not_believed() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1000000"><c r="B1000000"><v>2</v></c></row>'
        b"</sheetData></worksheet>"
    )
    assert rows(with_parts(sheet_invoice(), {SHEET: sheet})) == [["1"], ["2"]]


def test_there_is_an_end_to_rows() -> None:
    with pytest.raises(TooManyPages):
        read_sheets(book_of(*([number] for number in range(12_000))))


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        (b"", UnsafeArchive),
        (zipped({"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<Types/>"}), Unreadable),
        (zipped({"a": b"b"}), Unreadable),
        (with_parts(sheet_invoice(), {SHEET: b"no XML"}), Unreadable),
        (with_parts(sheet_invoice(), {SHEET: LAUGHS}), Unreadable),
        (with_parts(sheet_invoice(), {"xl/sharedStrings.xml": LAUGHS}), Unreadable),
        (with_parts(sheet_invoice(), {"xl/workbook.xml": b"<workbook/>"}), Unreadable),
    ],
)
def test_what_is_broken_or_made_to_do_harm_is_refused(document: bytes, refusal: type[CannotRead]) -> None:
    with pytest.raises(refusal):
        read_sheets(document)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        ("text", "General", "text"),
        (7, "General", "7"),
        (1234.5, "General", "1234.50"),
        (0.1 + 0.2, "General", "0.30"),
        (1234.5, "#,##0.00", "1234.50"),
        (1234.5, "0", "1234"),
        (1234.567, "0.0##", "1234.567"),
        (2.5, "0.0##", "2.5"),
        (-3, "#,##0.00;[Red]-#,##0.00", "-3.00"),
        (0.19, "0%", "19%"),
        (0.075, "0.0%", "7.5%"),
        (9.9, '#,##0.00\\ "\u20ac"', "9.90 \u20ac"),
        (9.9, "#,##0.00\\ [$\u20ac-407]", "9.90 \u20ac"),
        (9.9, "[$$-409]#,##0.00", "$ 9.90"),
        (9.9, '_-* #,##0.00 "kr"_-', "9.90 kr"),
        (4, '0" pcs"', "4 pcs"),
        (5, "@", "5"),
        (5, "", "5"),
        (True, "General", "TRUE"),
        (date(2026, 3, 2), "DD.MM.YYYY", "2026-03-02"),
        (datetime(2026, 3, 2), "m/d/yyyy", "2026-03-02"),
        (datetime(2026, 3, 2, 9, 30), "m/d/yyyy h:mm", "2026-03-02 09:30"),
        (time(9, 30), "h:mm", "09:30:00"),
        (timedelta(hours=30), "[h]:mm", "1 day, 6:00:00"),
        (None, "General", ""),
    ],
)
def test_values_are_shown_by_their_format(value: Any, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text
