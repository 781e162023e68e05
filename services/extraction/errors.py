"""Why a document cannot be read: each reason with a stable code, the state it leads to, and what to do about it.

CannotRead (final: trying the same bytes again gives the same)
├── Encrypted             encrypted               failed
├── Unreadable            unreadable              failed
├── UnsafeArchive         unsafe_archive          failed
├── TooManyPages          too_many_pages          failed
├── TooManyDocuments      too_many_documents      failed
├── TooLargePage          too_large_page          failed
├── UnsupportedMediaType  unsupported_media_type  failed
├── Blank                 blank                   junk
├── NoDocument            no_document             junk
├── TimedOut              timeout                 failed
├── OutOfResources        resources               failed
├── Crashed               crashed                 failed
├── FileMissing           file_missing            failed
├── FileDamaged           file_damaged            failed
└── ProcessingFailed      processing_failed       failed
ReaderDown (retryable)    reader_down
"""

from __future__ import annotations

from typing import ClassVar

from shared.errors import Refusal


class CannotRead(Refusal):
    """A document is refused for good. `outcome` is the state it goes to, `text` the message unless one is given."""

    status, title = 422, "Document cannot be read"
    outcome: ClassVar[str] = "failed"
    text: ClassVar[str]

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.text)


class Encrypted(CannotRead):
    code = "encrypted"
    text = "The file asks for a password; send it without one."


class Unreadable(CannotRead):
    code = "unreadable"
    text = "The file is damaged or not what it claims to be; export or scan it again."


class UnsafeArchive(CannotRead):
    code = "unsafe_archive"
    text = "The archive is made to do harm, or damaged; pack it again, or send the files themselves."


class TooManyPages(CannotRead):
    code = "too_many_pages"
    text = "The file has too many pages; split it."


class TooManyDocuments(CannotRead):
    code = "too_many_documents"
    text = "There are too many documents in it; send them in several files."


class TooLargePage(CannotRead):
    code = "too_large_page"
    text = "A page is too large to be read; scan it at 300 dpi, or print it to an ordinary paper size."


class UnsupportedMediaType(CannotRead):
    code = "unsupported_media_type"
    text = "Files of this type, XML for one, are kept and not read yet; send a PDF, or a picture of the pages."


class Blank(CannotRead):
    code, outcome = "blank", "junk"
    text = "Nothing is printed on it; check that the right side was scanned."


class NoDocument(CannotRead):
    code, outcome = "no_document", "junk"
    text = "There is no document in it that can be read; send the documents themselves."


class TimedOut(CannotRead):
    code = "timeout"
    text = "Reading took too long and was stopped; split the file, or send it as a digital PDF."


class OutOfResources(CannotRead):
    code = "resources"
    text = "Reading needed more memory or computing than a document may take; split the file or lower its resolution."


class Crashed(CannotRead):
    code = "crashed"
    text = "Reading broke down on this file; print it to a new PDF and send that."


class FileMissing(CannotRead):
    code = "file_missing"
    text = "The file is no longer in the store; upload it again."


class FileDamaged(CannotRead):
    code = "file_damaged"
    text = "The stored file is not what was uploaded; upload it again."


class ProcessingFailed(CannotRead):
    code = "processing_failed"
    text = "Processing failed several times for a reason on our side; process the file again later."


class ReaderDown(Refusal):
    """The part that reads documents is not running; it is started again with the next document.

    No Unavailable: it may be this document that brings it down.
    """

    code, status, title, retryable = "reader_down", 503, "Reader down", True


_READERS_MAY_GIVE: tuple[type[CannotRead], ...] = (
    *(Encrypted, Unreadable, UnsafeArchive, TooManyPages, TooManyDocuments, TooLargePage),
    *(UnsupportedMediaType, Blank, NoDocument, OutOfResources, TimedOut),
)


def refusal_named(code: str, detail: str) -> CannotRead:
    """The refusal a reader names by its code; Crashed for a code that no reader may give."""
    return next((kind(detail) for kind in _READERS_MAY_GIVE if kind.code == code), Crashed())
