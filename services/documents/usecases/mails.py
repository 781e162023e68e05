"""The e-mails that documents were or came in."""

from __future__ import annotations

from collections.abc import Iterator

from services.documents.domain.actors import Reach
from services.documents.domain.documents import Document
from services.documents.errors import EmailNotFound
from services.documents.ports import Desk

MOST_AROUND = 2
"""An archive in an e-mail is opened, and one in that is not."""


def open_mail(desk: Desk, reach: Reach, document_id: str) -> Iterator[bytes]:
    """The e-mail as a PDF, in chunks: of a document that was found in another one, that of the other.

    EmailNotFound, also when the e-mail's own document is deleted, or within another project that is out of reach: there
    may be other documents in it. EmailMissing, EmailCorrupt, Unavailable.
    """
    document = _within(desk, reach, document_id)
    for _ in range(MOST_AROUND):
        if document.mail or document.parent_document_id is None:
            break
        document = _within(desk, reach, document.parent_document_id)
    if document.mail is None:
        raise EmailNotFound
    return desk.mails.open(document.mail)


def _within(desk: Desk, reach: Reach, document_id: str) -> Document:
    document = desk.documents.find(reach.company_id, document_id)
    if document is None or not reach.covers(document.project_id):
        raise EmailNotFound
    return document
