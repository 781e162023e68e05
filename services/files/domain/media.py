"""The media types that are taken in, and how the first bytes of a file show which one it is."""

from __future__ import annotations

from services.files.domain.xml import is_xml
from services.files.errors import ContentTypeMismatch, EmptyFile, UnsupportedContentType

# How much of a file is looked at: comments may stand before the root element of an XML.
HEAD_BYTES = 8192
# Readers of PDF accept other bytes before the header, but not more than this.
_PDF_BYTES = 1024

PDF, JPEG, PNG, TIFF, XML = "application/pdf", "image/jpeg", "image/png", "image/tiff", "application/xml"
EXTENSIONS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", TIFF: ".tif", XML: ".xml"}
_OTHER_NAMES = {"text/xml": XML}
_BY_CONTENT = ("", "application/octet-stream")
# What a client may declare; nothing is allowed too.
DECLARED = (*EXTENSIONS, *_OTHER_NAMES, "application/octet-stream")
_SIGNATURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),  # BigTIFF
    (b"MM\0+", TIFF),
)
_ACCEPTED = f"Accepted are {', '.join(EXTENSIONS)}."


def check_declared(declared: str) -> None:
    """UnsupportedContentType for a declared type that no content could satisfy."""
    if declared and declared not in DECLARED:
        raise UnsupportedContentType(f"Content-Type: {declared} is not supported. {_ACCEPTED}")


def decide(declared: str, head: bytes) -> str:
    """The media type of a file that begins with `head` (its first 8192 bytes, fewer if it has no more).

    EmptyFile, UnsupportedContentType, or ContentTypeMismatch when `declared` says otherwise.
    """
    if not head:
        raise EmptyFile
    check_declared(declared)
    found = recognise(head)
    if declared not in _BY_CONTENT and _OTHER_NAMES.get(declared, declared) != found:
        raise ContentTypeMismatch(f"The content is {found or 'of no known type'}, not {declared} as Content-Type says.")
    if found is None:
        raise UnsupportedContentType(f"The content is of no supported type. {_ACCEPTED}")
    return found


def recognise(head: bytes) -> str | None:
    """The media type that these first bytes show, if any. File names are never asked."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if b"%PDF-" in head[:_PDF_BYTES]:
        return PDF
    return XML if is_xml(head) else None
