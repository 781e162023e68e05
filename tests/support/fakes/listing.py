"""Which documents a list has, and what of each."""

from __future__ import annotations

import dataclasses

from services.documents.domain.documents import Document, Findings
from services.documents.domain.listing import Selection


def is_selected(document: Document, selection: Selection) -> bool:
    """Of the documents of one company."""
    state = document.documented_state if selection.documented else document.state
    return (
        (not selection.project_ids or document.project_id in selection.project_ids)
        and (not selection.states or state in selection.states)
        and (not selection.file_id or selection.file_id in document.file_ids)
        and selection.external_id in (None, document.external_id)
        and selection.number in (None, document.number)
        and (not selection.updated_after or document.updated_at >= selection.updated_after)
        and (not selection.updated_before or document.updated_at < selection.updated_before)
    )


def listed(document: Document) -> Document:
    """As lists have it."""
    return without(document, "entities", "details", "checks", "pages")


def without(document: Document, *members: str) -> Document:
    """Without these members of its findings."""
    if document.findings is None:
        return document
    bare = Findings(document.findings.document_type)
    kept = dataclasses.replace(document.findings, **{name: getattr(bare, name) for name in members})
    return dataclasses.replace(document, findings=kept)
