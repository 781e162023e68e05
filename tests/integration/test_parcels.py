"""Office documents, archives and e-mails in the sandbox for real: what is read, what is split, what does no harm."""

import pytest
from pypdfium2 import PdfDocument

from services.extraction.adapters.sandbox import Sandbox
from services.extraction.adapters.sandbox.protocol import Answer, End, Found, Limits, framed
from services.extraction.errors import (
    CannotRead,
    Crashed,
    Encrypted,
    NoDocument,
    OutOfResources,
    TooManyDocuments,
    Unreadable,
    UnsafeArchive,
)
from services.extraction.ports import Member, Unpacked
from services.extraction.settings import PACKAGED_TESSDATA
from shared.contracts.envelope import read_json, write_json
from shared.contracts.pages import PageIndex
from shared.media import DOCX, MAIL, PDF, XLSX, ZIP
from tests.support.office import NUMBER, sheet_invoice, with_parts, word_invoice
from tests.support.parcels import locked, lying, mailed, overlapping, quoted, zipped
from tests.support.samples import english
from tests.support.sandbox import read


@pytest.mark.parametrize(("document", "media_type"), [(word_invoice(), DOCX), (sheet_invoice(), XLSX)])
def test_office_documents_are_read_and_shown(sandbox: Sandbox, document: bytes, media_type: str) -> None:
    reading = read(sandbox, document, ["en"], media_type)
    (page,) = read_json(PageIndex, reading.index, "index").pages
    assert reading.result.entities["number"] == NUMBER
    assert page.source == "textLayer"
    assert [picture.kept_for for picture in page.pictures] == [1000, 250]
    assert reading.mail == b""


def test_the_only_document_in_an_e_mail_is_read_and_the_e_mail_kept(sandbox: Sandbox, letter: bytes) -> None:
    mail = mailed("Hello", ("invoice.pdf", PDF, letter), ("terms.rtf", "application/rtf", b"{\\rtf1}"))
    reading = read(sandbox, mail, ["en"], MAIL)
    assert reading.result.entities["number"] == english().number
    check = reading.result.checks[-1]
    assert (check.code, check.passed, check.blocking) == ("attachments_read", False, False)
    assert check.message == "Read from invoice.pdf. Left aside: terms.rtf (of a type that is not read)."
    first, second = (page.get_textpage().get_text_range() for page in PdfDocument(reading.mail))
    assert "Invoice R\u20134711" in first
    assert english().number in second


def test_several_documents_come_out_one_by_one(sandbox: Sandbox, letter: bytes) -> None:
    files = {"a.pdf": letter, "b.docx": word_invoice()}
    found = sandbox.read(zipped({**files, "c.txt": b"text"}), ZIP, ["en"])
    assert found == Unpacked(
        (Member("a.pdf", PDF, letter), Member("b.docx", DOCX, files["b.docx"])), ("c.txt (of a type that is not read)",)
    )
    mail = mailed("Hello", ("a.pdf", PDF, letter), ("b.docx", DOCX, files["b.docx"]))
    found = sandbox.read(mail, MAIL, ["en"])
    assert isinstance(found, Unpacked)
    assert len(PdfDocument(found.mail)) == 3


def test_the_text_of_an_e_mail_is_read(sandbox: Sandbox) -> None:
    facts = f"Invoice number: {NUMBER}\nInvoice date: 02.03.2026\nTotal amount: 41.06 EUR\n"
    text = f"{facts}please pay it until the end of this month of March\n"
    reading = read(sandbox, mailed(text), ["en"], MAIL)
    assert reading.result.entities["number"] == NUMBER
    assert reading.mail.startswith(b"%PDF")


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]><x>&a11;</x>'.encode()
HARMFUL: list[tuple[bytes, str, type[CannotRead]]] = [
    (zipped({"bomb": bytes(100_000_000)}), ZIP, UnsafeArchive),
    (overlapping(), ZIP, UnsafeArchive),
    (quoted(), ZIP, UnsafeArchive),
    (lying(), ZIP, UnsafeArchive),
    (zipped({"../../etc/passwd": b"%PDF"}), ZIP, UnsafeArchive),
    (locked({"a.pdf": b"%PDF"}), ZIP, Encrypted),
    (zipped({f"{number}.pdf": b"%PDF-" for number in range(1500)}), ZIP, TooManyDocuments),
    (zipped({"a.txt": b"text"}), ZIP, NoDocument),
    (word_invoice()[:-50], DOCX, UnsafeArchive),
    (zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"no XML"}), DOCX, Unreadable),
    (zipped({"a.pdf": b"%PDF"}), DOCX, Unreadable),
    (with_parts(word_invoice(), {"word/document.xml": BOMB}), DOCX, Unreadable),
    (with_parts(sheet_invoice(), {"xl/sharedStrings.xml": BOMB}), XLSX, Unreadable),
    (mailed("x", *(("a.pdf", PDF, b"%PDF-") for _ in range(1000))), MAIL, TooManyDocuments),
    (mailed("x", *(("a", "text/csv", b"1") for _ in range(1000))), MAIL, NoDocument),
]


def test_what_is_made_to_do_harm_does_none_and_the_next_document_is_fine(sandbox: Sandbox) -> None:
    for document, media_type, refusal in HARMFUL:
        with pytest.raises(refusal):
            sandbox.read(document, media_type, ["en"])
    assert read(sandbox, word_invoice(), ["en"], DOCX).result.entities["number"] == NUMBER


def test_documents_that_take_all_memory_end_alone() -> None:
    body = b"".join(b"<w:p><w:r><w:t>%d</w:t></w:r></w:p>" % (number * 7919 % 1_000_003) for number in range(1_500_000))
    space = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    large = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": space + body + b"</w:body></w:document>"})
    sandbox = Sandbox(PACKAGED_TESSDATA, Limits(seconds=60, memory=1024 * 1024 * 1024))
    try:
        with pytest.raises(CannotRead) as refused:
            sandbox.read(large, DOCX, ["en"])
        assert refused.value.code in ("resources", "too_many_pages")
        assert read(sandbox, word_invoice(), ["en"], DOCX).result.entities["number"] == NUMBER
    finally:
        sandbox.close()


def test_an_e_mail_that_cannot_be_bound_is_split_all_the_same(sandbox: Sandbox) -> None:
    answer = write_json(Answer(members=(Found("a.pdf", PDF), Found("b.pdf", PDF)), left_aside=("c (why)",)))
    members = (Member("a.pdf", PDF, b"A"), Member("b.pdf", PDF, b"B"))
    written = b"".join(map(framed, (answer, b"A", b"B")))
    for end in (End(0, False, 0), End(1, False, 0), End(-11, True, 0)):
        assert sandbox._judge(end, written) == Unpacked(members, ("c (why)",))
        assert sandbox._judge(end, written + framed(b"mail")) == Unpacked(members, ("c (why)",), b"mail")
    with pytest.raises(Crashed):
        sandbox._judge(End(0, False, 0), b"".join(map(framed, (answer, b"A"))))


def test_more_than_an_answer_may_have_is_refused() -> None:
    sandbox = Sandbox(PACKAGED_TESSDATA, Limits(seconds=60, answer=100_000))
    try:
        with pytest.raises(OutOfResources):
            sandbox.read(zipped({"a.pdf": b"%PDF-" + bytes(range(256)) * 500, "b.pdf": b"%PDF-"}), ZIP, ["en"])
    finally:
        sandbox.close()
