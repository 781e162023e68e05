"""Which files are taken in: the content decides, and a declared type must agree with it."""

import pytest

from services.files.domain.media import decide, recognise
from services.files.errors import ContentTypeMismatch, EmptyFile, UnsupportedContentType

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
    b"PK\x03\x04",
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
