"""Text of word processors: in reading order, tables as columns, nothing that is not shown, nothing that does harm."""

import time

import pytest
from docx.document import Document as Word
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml

from services.extraction.adapters.reading.office.word import MAIN, read_word
from services.extraction.domain.fields import extract
from services.extraction.domain.layout import lay_out
from services.extraction.errors import CannotRead, Encrypted, Unreadable, UnsafeArchive
from tests.support.office import GROSS, NUMBER, fill, with_parts, word, word_invoice
from tests.support.parcels import locked, lying, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = f"<w:document {W}><w:body>%s</w:body></w:document>"


def rows(document: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for page in read_word(document) for row in lay_out(page).rows]


def with_body(body: str) -> bytes:
    return with_parts(word_invoice(), {MAIN: (BODY % body).encode()})


def test_an_invoice_is_read_with_its_tables() -> None:
    document = rows(word_invoice())
    assert document[0] == ["M\u00fcller GmbH"]
    assert ["Invoice number:", NUMBER] in document
    assert ["Folders, blue", "10", "1.25", "12.50"] in document
    assert document[-1] == ["IBAN DE89 3704 0044 0532 0130 00"]


def test_fields_are_found_in_it() -> None:
    entities = extract(read_word(word_invoice()), ["en", "de"]).entities
    assert (entities["number"], entities["totals"]["gross"], len(entities["items"])) == (NUMBER, GROSS, 2)


def test_cells_that_span_columns_and_tables_in_cells_keep_their_places() -> None:
    def write(document: Word) -> None:
        table = document.add_table(2, 3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "both"
        table.cell(0, 2).text = "right"
        inner = table.cell(1, 0).add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "in", "ner"
        table.cell(1, 2).text = "below"

    assert rows(word(write)) == [["both", "right"], ["below"], ["in", "ner"]]


def test_breaks_and_tabs_are_kept() -> None:
    def write(document: Word) -> None:
        run = document.add_paragraph("a\tb").add_run()
        run.add_break(WD_BREAK.LINE)
        run.add_text("c")

    assert rows(word(write)) == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    "unseen",
    [
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>",
        "<w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>",
        "<w:r><w:instrText>gone</w:instrText></w:r>",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>gone</w:t></w:r>",
        "<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>",
    ],
)
def test_what_is_not_shown_is_not_read(unseen: str) -> None:
    assert rows(with_body(f"<w:p>{unseen}<w:r><w:t>stays</w:t></w:r></w:p>")) == [["stays"]]


def test_content_controls_and_text_boxes_are_read() -> None:
    box = "<w:pict><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:pict>"
    control = "<w:sdt><w:sdtContent><w:p><w:r><w:t>chosen</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    row = "<w:tr><w:sdt><w:sdtContent><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:sdtContent></w:sdt></w:tr>"
    body = f"<w:p><w:r><w:t>text</w:t>{box}</w:r></w:p>{control}<w:tbl>{row}</w:tbl>"
    assert rows(with_body(body)) == [["text"], ["boxed"], ["chosen"], ["cell"]]


def test_the_strict_form_is_read_too() -> None:
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    body = (BODY % "<w:p><w:r><w:t>strict</w:t></w:r></w:p>").replace(W, strict)
    assert rows(with_parts(word_invoice(), {MAIN: body.encode()})) == [["strict"]]


def test_headers_that_are_not_there_are_left_out() -> None:
    document = with_parts(word_invoice(), {"word/_rels/document.xml.rels": b"<Relationships/>"})
    assert rows(document)[0] == ["M\u00fcller GmbH"]


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
TYPED = f'<!DOCTYPE w:document [<!ENTITY a0 "ha">{LAUGHS}]>{BODY % "<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>"}'
OUTSIDE = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>{BODY % "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"}'


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        (b"", UnsafeArchive),
        (word_invoice()[:-100], UnsafeArchive),
        (zipped({"a.txt": b"no document"}), Unreadable),
        (lying(), UnsafeArchive),
        (locked({MAIN: b"<a/>"}), Encrypted),
        (with_parts(word_invoice(), {MAIN: b"no XML"}), Unreadable),
        (with_parts(word_invoice(), {MAIN: b""}), Unreadable),
        (with_parts(word_invoice(), {MAIN: b"<a>" * 5000}), Unreadable),
        (with_parts(word_invoice(), {MAIN: TYPED.encode()}), Unreadable),
        (with_parts(word_invoice(), {MAIN: TYPED.encode("utf-16")}), Unreadable),
        (with_parts(word_invoice(), {MAIN: OUTSIDE.encode()}), Unreadable),
        (with_parts(word_invoice(), {"docProps/core.xml": TYPED.encode()}), Unreadable),
    ],
)
def test_what_is_broken_or_made_to_do_harm_is_refused_at_once(document: bytes, refusal: type[CannotRead]) -> None:
    began = time.perf_counter()
    with pytest.raises(refusal):
        read_word(document)
    assert time.perf_counter() - began < 2


def test_tables_in_tables_take_no_more_than_their_time() -> None:
    depth = 60
    inner = "<w:p><w:r><w:t>deep</w:t></w:r></w:p>"
    for _ in range(depth):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    began = time.perf_counter()
    assert rows(with_body(inner)) == [["deep"]]
    assert time.perf_counter() - began < 2


def test_rows_of_another_table_do_not_count() -> None:
    def write(document: Word) -> None:
        fill(document, [("label", "1")])
        document.element.body.append(parse_xml(f"<w:p {W}/>"))
        fill(document, [("another label that is long", "2")])

    assert rows(word(write)) == [["label", "1"], ["another label that is long", "2"]]
