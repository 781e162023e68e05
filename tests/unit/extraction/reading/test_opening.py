"""What there is to read in archives and e-mails, and what is left aside."""

import time
from contextlib import suppress
from email.message import EmailMessage

import pytest

from services.extraction.adapters.reading.parcels.opening import (
    INLINE,
    MAX_DOCUMENTS,
    Contents,
    Paper,
    open_file,
    told,
)
from services.extraction.errors import (
    CannotRead,
    Encrypted,
    NoDocument,
    TooManyDocuments,
    Unreadable,
    UnsafeArchive,
)
from shared.media import DOCX, MAIL, PDF, XLSX, ZIP
from tests.support.office import sheet_invoice, word_invoice
from tests.support.parcels import locked, lying, mailed, overlapping, quoted, symlinked, zipped

A, B = b"%PDF-1.7 a", b"%PDF-1.7 b"
TEXT = (
    "We charge you for the delivery of the second of March as agreed, 119.00 EUR in all, number R-4711, payable now.\n"
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)


def names(found: Paper | Contents) -> list[tuple[str, str]]:
    assert isinstance(found, Contents)
    return [(member.name, member.media_type) for member in found.members]


def paper(found: Paper | Contents) -> Paper:
    assert isinstance(found, Paper)
    return found


def test_what_is_no_parcel_is_read_itself() -> None:
    assert open_file(A, PDF) == Paper(PDF, A)
    assert open_file(word_invoice(), DOCX) == Paper(DOCX, word_invoice())


def test_several_documents_are_told_with_their_types() -> None:
    files = {"a.pdf": A, "folder/b.txt": word_invoice(), "c": sheet_invoice(), "__MACOSX/a.pdf": A, ".DS_Store": B}
    assert names(open_file(zipped(files), ZIP)) == [("a.pdf", PDF), ("b.txt", DOCX), ("c", XLSX)]
    attached = [("a.pdf", "application/octet-stream", A), ("b.xml", "text/xml", B)]
    assert names(open_file(mailed(TEXT, *attached), MAIL)) == [("a.pdf", PDF), ("b.xml", PDF)]


def test_the_only_document_is_read_in_the_place_of_the_whole() -> None:
    files = {"invoice.pdf": A, "terms.rtf": b"{\\rtf1}", "factur-x.xml": b"<Invoice/>", "nothing.pdf": b""}
    found = paper(open_file(zipped(files), ZIP))
    assert (found.name, found.media_type, found.data) == ("invoice.pdf", PDF, A)
    assert found.contents.left_aside == (
        "terms.rtf (of a type that is not read)",
        "factur-x.xml (XML is not read yet)",
        "nothing.pdf (empty)",
    )


def with_picture(size: int, disposition: str = "inline") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "Invoice"
    mail.set_content(TEXT)
    mail.add_attachment(PNG + bytes(size), "image", "png", filename="logo.png", disposition=disposition, cid="<1>")
    mail.add_attachment(A, "application", "pdf", filename="a.pdf")
    return mail.as_bytes()


def test_small_pictures_in_the_text_are_no_documents() -> None:
    assert paper(open_file(with_picture(1000), MAIL)).contents.left_aside == (f"logo.png ({INLINE})",)
    for large in (with_picture(200_000), with_picture(1000, "attachment")):
        assert [name for name, _ in names(open_file(large, MAIL))] == ["logo.png", "a.pdf"]


def test_the_text_of_an_e_mail_is_read_when_nothing_else_can_be() -> None:
    found = paper(open_file(mailed(TEXT, ("a.rtf", "application/rtf", b"{\\rtf1}")), MAIL))
    assert found.text is not None
    assert found.text.startswith("Invoice R\u20134711\n\nWe charge you")
    assert found.contents.left_aside == ("a.rtf (of a type that is not read)",)
    page = (
        f"<html><head><style>x</style></head><body><p>{TEXT}</p><table><tr><td>Total</td><td>119.00</td></tr></table>"
    )
    found = paper(open_file(mailed("", html=page), MAIL))
    assert found.text is not None
    assert found.text.endswith("Total\t119.00")


@pytest.mark.parametrize(
    ("document", "media_type", "sentence"),
    [
        (mailed("Thanks!"), MAIL, "too little text"),
        (mailed("Hi", ("a.rtf", "application/rtf", b"{\\rtf1}")), MAIL, r"Left aside: a.rtf \(of a type"),
        (zipped({"a.txt": b"text"}), ZIP, r"archive has no document.*a.txt"),
    ],
)
def test_without_a_document_the_whole_is_junk(document: bytes, media_type: str, sentence: str) -> None:
    with pytest.raises(NoDocument, match=sentence):
        open_file(document, media_type)


def test_an_archive_in_an_e_mail_counts_by_what_is_in_it() -> None:
    both, one, none = zipped({"a.pdf": A, "b.pdf": B}), zipped({"a.pdf": A}), zipped({"a.txt": b"text"})
    attached = [("both.zip", ZIP, both), ("one.zip", ZIP, one), ("none.zip", ZIP, none)]
    found = open_file(mailed(TEXT, *attached), MAIL)
    assert names(found) == [("both.zip", ZIP), ("one.zip", ZIP)]
    assert isinstance(found, Contents)
    assert found.left_aside == ("none.zip (no document in it)",)


def test_the_only_parcel_in_a_parcel_is_opened_at_once() -> None:
    inner = mailed(TEXT, ("a.pdf", PDF, A), ("b.pdf", PDF, B))
    found = open_file(zipped({"mail.eml": inner, "x.txt": b"x"}), ZIP)
    assert names(found) == [("a.pdf", PDF), ("b.pdf", PDF)]
    assert isinstance(found, Contents)
    assert found.mail
    assert found.left_aside == ("x.txt (of a type that is not read)",)
    assert paper(open_file(zipped({"mail.eml": mailed(TEXT, ("a.pdf", PDF, A))}), ZIP)).data == A
    assert paper(open_file(zipped({"mail.eml": mailed(TEXT)}), ZIP)).text


def forwarded(inner: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "Fwd"
    mail.set_content("See below")
    attached = EmailMessage()
    attached["From"], attached["To"], attached["Subject"] = "c@example.com", "d@example.com", "Your order"
    attached.set_content(TEXT)
    if inner:
        attached.add_attachment(inner, "application", "pdf", filename="a.pdf")
    mail.add_attachment(attached)
    return mail.as_bytes()


def test_an_e_mail_on_an_e_mail_counts_when_it_carries_a_document() -> None:
    assert paper(open_file(forwarded(A), MAIL)).data == A
    with pytest.raises(NoDocument, match=r"Your order.eml \(no document in it\)"):
        open_file(forwarded(b""), MAIL)


def test_nothing_is_opened_deeper_than_one_level() -> None:
    deep = zipped({"inner.zip": zipped({"innermost.zip": zipped({"a.pdf": A}), "b.pdf": B})})
    assert paper(open_file(deep, ZIP)).data == B
    found = paper(open_file(zipped({"inner.zip": zipped({"a.pdf": A}), "b.pdf": B}), ZIP, nested=True))
    assert found.contents.left_aside == ("inner.zip (packed too deep)",)


def test_harmful_archives_within_are_left_aside() -> None:
    found = paper(open_file(mailed(TEXT, ("bomb.zip", ZIP, quoted()), ("a.pdf", PDF, A)), MAIL))
    assert found.contents.left_aside == ("bomb.zip (damaged, or made to do harm)",)
    found = paper(open_file(mailed(TEXT, ("l.zip", ZIP, locked({"a.pdf": A})), ("a.pdf", PDF, A)), MAIL))
    assert found.contents.left_aside == ("l.zip (it asks for a password)",)


def many(count: int) -> dict[str, bytes]:
    return {f"{number}.pdf": A for number in range(count)}


def test_there_is_an_end_to_documents_those_within_included() -> None:
    assert len(names(open_file(zipped(many(MAX_DOCUMENTS)), ZIP))) == MAX_DOCUMENTS
    within = {f"{number}.zip": zipped(many(60)) for number in range(2)}
    for files in (many(MAX_DOCUMENTS + 1), within):
        with pytest.raises(TooManyDocuments):
            open_file(zipped(files), ZIP)


def nested_parts(depth: int) -> bytes:
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"From: a@example.com\nTo: b@example.com\nSubject: c\n{parts}\n\nText".encode()


@pytest.mark.parametrize(
    ("document", "media_type", "refusal"),
    [
        (b"PK\3\4", ZIP, UnsafeArchive),
        (overlapping(), ZIP, UnsafeArchive),
        (quoted(), ZIP, UnsafeArchive),
        (lying(), ZIP, UnsafeArchive),
        (symlinked(), ZIP, UnsafeArchive),
        (zipped({"../a.pdf": A}), ZIP, UnsafeArchive),
        (zipped({"bomb": bytes(50_000_000)}), ZIP, UnsafeArchive),
        (locked({"a.pdf": A}), ZIP, Encrypted),
        (mailed("x", *(("a", "text/csv", b"1") for _ in range(2100))), MAIL, Unreadable),
        (mailed("x", *(("a.pdf", PDF, A) for _ in range(1000))), MAIL, TooManyDocuments),
        (nested_parts(3000), MAIL, CannotRead),
        (b"", MAIL, NoDocument),
    ],
)
def test_what_is_made_to_do_harm_is_refused_in_time(
    document: bytes, media_type: str, refusal: type[CannotRead]
) -> None:
    began = time.perf_counter()
    with pytest.raises(refusal):
        open_file(document, media_type)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "header",
    [
        "Content-Type: text/plain; charset=no-such-thing",
        "Content-Type: text/plain; charset*=x''%zz",
        "Content-Disposition: attachment; filename*=x''%80\nContent-Type: application/pdf",
        "Subject: =?no-such?q?a?= =?utf-8?b?!!!?=",
        "Content-Transfer-Encoding: base64\nContent-Type: application/pdf; name==?utf-8?q?=ZZ?=",
        "Content-Type: ;;;===",
        "From: \udcff\udcfe",
    ],
)
def test_headers_that_no_one_should_write_do_no_harm(header: str) -> None:
    document = f"From: a@example.com\nTo: b@example.com\n{header}\n\n{TEXT}".encode("utf-8", "surrogateescape")
    with suppress(NoDocument):
        assert isinstance(open_file(document, MAIL), Paper)


def test_long_lists_are_counted() -> None:
    assert told(str(number) for number in range(12)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
