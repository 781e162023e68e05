"""Documents as clients read them."""

from __future__ import annotations

from dataclasses import replace

from services.documents.domain.actors import Reach
from services.documents.domain.documents import Document
from services.documents.domain.listing import Selection
from services.documents.errors import DocumentNotFound
from services.documents.ports import Desk
from shared.listing import Page, Slice


def get_document(desk: Desk, reach: Reach, document_id: str, with_details: bool = False) -> Document:
    """The document with its history and findings; DocumentNotFound."""
    document = desk.documents.find(reach.company_id, document_id, with_details)
    if document is None or not reach.covers(document.project_id):
        raise DocumentNotFound
    return document


def list_documents(
    desk: Desk, reach: Reach, selection: Selection, part: Slice, with_entities: bool = False
) -> Page[Document]:
    """A part of the documents within reach, without their entities unless asked for."""
    if reach.projects is not None:
        wanted = reach.projects.intersection(selection.project_ids or reach.projects)
        if not wanted:
            return Page([], 0)
        selection = replace(selection, project_ids=sorted(wanted))
    return desk.documents.page(reach.company_id, selection, part, with_entities)
