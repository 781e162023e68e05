"""Which files are taken in: the content decides, and a declared type must agree with it."""

import os

import pytest

from services.files.domain.media import decide, decide_archive
from services.files.domain.tail import Tail
from services.files.errors import ContentTypeMismatch, EmptyFile, UnsafeArchive, UnsupportedContentType
from shared.media import DOCX, XLSX, ZIP, recognise
from tests.support.parcels import zipped

HEADS = {
    b"%PDF-1.7\n": "application/pdf",
    b"\n" * 1019 + b"%PDF-1.4": "application/pdf",
    b"\xff\xd8\xff\xe0\x00\x10JFIF": "image/jpeg",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR": "image/png",
    b"II*\x00\x08\x00\x00\x00": "image/tiff",
    b"MM\x00*\x00\x00\x00\x08": "image/tiff",
    b"MM\x00+\x00\x08\x00\x00": "image/tiff",
    b"\x89PNG\r\n\x1a\n %PDF-1.7": "image/png",
    b'<?xml version="1.0"?><Invoice>': "application/xml",
    b"<a/>%PDF-1.7": "application/pdf",
}
NONE = [
    b"MZ\x90\x00",
    b"<html><script>",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"GIF89a",
    b"%PDF",
    b"\n" * 1020 + b"%PDF-1.4",
    b"PNG",
]


@pytest.mark.parametrize(("head", "media_type"), HEADS.items())
def test_the_first_bytes_show_the_type(head: bytes, media_type: str) -> None:
    assert recognise(head) == media_type
    for declared in ("", "application/octet-stream", media_type):
        assert decide(declared, head) == media_type


@pytest.mark.parametrize("head", NONE)
def test_what_is_not_recognised_is_refused_with_what_is_accepted(head: bytes) -> None:
    with pytest.raises(
        UnsupportedContentType, match="application/pdf, image/jpeg, image/png, image/tiff, application/xml"
    ):
        decide("", head)
    with pytest.raises(ContentTypeMismatch, match="no known type, not image/png"):
        decide("image/png", head)


def test_a_type_that_contradicts_the_content_is_refused() -> None:
    with pytest.raises(ContentTypeMismatch, match="image/jpeg, not application/pdf"):
        decide("application/pdf", b"\xff\xd8\xff\xe0")


def test_xml_goes_by_two_names_and_is_kept_under_one() -> None:
    assert decide("text/xml", b"<Invoice>") == "application/xml"
    with pytest.raises(ContentTypeMismatch, match="application/pdf, not text/xml"):
        decide("text/xml", b"%PDF-1.7")
    with pytest.raises(ContentTypeMismatch, match="application/xml, not image/png"):
        decide("image/png", b"<Invoice>")


def test_a_declared_type_that_is_not_supported_is_refused_whatever_the_content_is() -> None:
    with pytest.raises(UnsupportedContentType, match=r"text/html is not supported\. Accepted are application/pdf"):
        decide("text/html", b"%PDF-1.7")


def test_nothing_is_no_file() -> None:
    with pytest.raises(EmptyFile):
        decide("application/pdf", b"")


def test_an_archive_is_told_once_it_is_whole() -> None:
    archive = zipped({"a.pdf": b"%PDF-1.7"})
    for declared in ("", ZIP, "application/x-zip-compressed", DOCX, XLSX):
        assert decide(declared, archive) == ZIP
    with pytest.raises(ContentTypeMismatch, match="application/zip, not application/pdf"):
        decide("application/pdf", archive)
    with pytest.raises(ContentTypeMismatch, match="application/pdf, not application/zip"):
        decide(ZIP, b"%PDF-1.7")


def ending(data: bytes) -> Tail:
    tail = Tail()
    for begin in range(0, len(data), 1000):
        tail.add(data[begin : begin + 1000])
    return tail


WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


def test_a_whole_archive_says_what_it_is() -> None:
    assert decide_archive("", ending(zipped(WORD))) == DOCX
    assert decide_archive(DOCX, ending(zipped(WORD))) == DOCX
    assert decide_archive("", ending(zipped({"a.pdf": b"%PDF"}))) == ZIP
    assert decide_archive("application/x-zip-compressed", ending(zipped({"a.pdf": b"%PDF"}))) == ZIP
    with pytest.raises(ContentTypeMismatch, match="application/zip, not application/vnd"):
        decide_archive(DOCX, ending(zipped({"a.pdf": b"%PDF"})))
    with pytest.raises(ContentTypeMismatch, match="document, not application/zip"):
        decide_archive(ZIP, ending(zipped(WORD)))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\3\4" + bytes(5000), "no ZIP archive"),
        (zipped({}), "is empty"),
        (zipped({"folder/": b""}), "is empty"),
        (zipped({"../a.pdf": b"%PDF"}), "leads out"),
        (zipped({"bomb": bytes(10_000_000)}), "100 times"),
    ],
)
def test_an_archive_that_could_do_harm_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnsafeArchive, match=why):
        decide_archive("", ending(data))


def test_a_directory_that_is_not_at_hand_is_refused() -> None:
    directory = zipped({f"{number:0>60000}": b"" for number in range(60)})
    with pytest.raises(UnsafeArchive, match="no ZIP archive"):
        decide_archive("", ending(directory))


def test_a_tail_reads_as_a_file_does() -> None:
    data = bytes(range(256)) * 20_000
    tail = ending(data)
    assert (tail.seek(-5, os.SEEK_END), tail.read()) == (len(data) - 5, data[-5:])
    assert (tail.seek(len(data) - 9), tail.read(4), tail.tell()) == (len(data) - 9, data[-9:-5], len(data) - 5)
    tail.seek(0)
    with pytest.raises(OSError, match="not at hand"):
        tail.read(1)
    with pytest.raises(OSError, match="before"):
        tail.seek(-1)
