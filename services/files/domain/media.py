"""The media types that are taken in: the content decides, and what is declared must agree with it."""

from __future__ import annotations

from services.files.domain.tail import Tail
from services.files.errors import ContentTypeMismatch, EmptyFile, UnsafeArchive, UnsupportedContentType
from shared.media import DOCX, JPEG, MAIL, PDF, PNG, TIFF, XLSX, XML, ZIP, archives, recognise

EXTENSIONS = {
    PDF: ".pdf",
    JPEG: ".jpg",
    PNG: ".png",
    TIFF: ".tif",
    XML: ".xml",
    DOCX: ".docx",
    XLSX: ".xlsx",
    MAIL: ".eml",
    ZIP: ".zip",
}
_OTHER_NAMES = {"text/xml": XML, "application/x-zip-compressed": ZIP}
_BY_CONTENT = ("", "application/octet-stream")
# What a client may declare; nothing is allowed too.
DECLARED = (*EXTENSIONS, *_OTHER_NAMES, "application/octet-stream")
_ARCHIVES = (DOCX, XLSX, ZIP)
_ACCEPTED = f"Accepted are {', '.join(EXTENSIONS)}."


def check_declared(declared: str) -> None:
    """UnsupportedContentType for a declared type that no content could satisfy."""
    if declared and declared not in DECLARED:
        raise UnsupportedContentType(f"Content-Type: {declared} is not supported. {_ACCEPTED}")


def decide(declared: str, head: bytes) -> str:
    """The media type of a file that begins with `head` (its first 8192 bytes, fewer if it has no more); of an archive
    ZIP, until all of it is there and `decide_archive` tells.

    EmptyFile, UnsupportedContentType, or ContentTypeMismatch when `declared` says otherwise.
    """
    if not head:
        raise EmptyFile
    check_declared(declared)
    found = recognise(head)
    if not (found == ZIP and declared in _ARCHIVES):
        _refuse_other(declared, found)
    if found is None:
        raise UnsupportedContentType(f"The content is of no supported type. {_ACCEPTED}")
    return found


def decide_archive(declared: str, end: Tail) -> str:
    """The media type of an archive that ends so: DOCX, XLSX or ZIP. UnsafeArchive, ContentTypeMismatch.

    Only its directory is read here; what it holds is unpacked where it can do no harm.
    """
    try:
        with archives.open_archive(end) as archive:
            found = archives.media_type_of(archive)
            if not archives.files_in(archive):
                raise UnsafeArchive("The archive is empty. Send it with the files in it.")
    except archives.UnsafeArchive as fault:
        raise UnsafeArchive(f"The archive is not taken in: {fault}.") from fault
    _refuse_other(declared, found)
    return found


def _refuse_other(declared: str, found: str | None) -> None:
    if declared not in _BY_CONTENT and _OTHER_NAMES.get(declared, declared) != found:
        raise ContentTypeMismatch(f"The content is {found or 'of no known type'}, not {declared} as Content-Type says.")
