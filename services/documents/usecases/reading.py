"""Documents as clients read them."""

from __future__ import annotations

from services.documents.domain.documents import Document
from services.documents.domain.listing import Selection
from services.documents.errors import DocumentNotFound
from services.documents.ports import Desk
from shared.listing import Page, Slice


def get_document(desk: Desk, company_id: str, document_id: str, with_details: bool = False) -> Document:
    """The document with its history and findings; DocumentNotFound."""
    document = desk.documents.find(company_id, document_id, with_details)
    if document is None:
        raise DocumentNotFound
    return document


def list_documents(desk: Desk, company_id: str, selection: Selection, part: Slice) -> Page[Document]:
    """A part of the company's documents, without their entities."""
    return desk.documents.page(company_id, selection, part)
