"""The media types of files, and how their first bytes show which one it is. File names are never asked."""

from __future__ import annotations

from shared.media.mail import is_mail
from shared.media.xml import is_xml

# How much of a file is looked at: comments may stand before the root element of an XML.
HEAD_BYTES = 8192
# Readers of PDF accept other bytes before the header, but not more than this.
_PDF_BYTES = 1024

PDF, JPEG, PNG, TIFF, XML = "application/pdf", "image/jpeg", "image/png", "image/tiff", "application/xml"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIL, ZIP = "message/rfc822", "application/zip"

_SIGNATURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),  # BigTIFF
    (b"MM\0+", TIFF),
    (b"PK\3\4", ZIP),
    (b"PK\5\6", ZIP),  # an empty one
)


def recognise(head: bytes) -> str | None:
    """The media type of a file that begins with `head` (its first 8192 bytes, fewer if it has no more), if any.

    DOCX and XLSX begin as any ZIP; `archives.media_type_of` tells which of the three it is.
    """
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if b"%PDF-" in head[:_PDF_BYTES]:
        return PDF
    if is_xml(head):
        return XML
    return MAIL if is_mail(head) else None
