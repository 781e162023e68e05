"""Documents between domain and MongoDB: every query names the company, every step is one conditional update."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.documents.domain.documents import Document, Findings, Note, Step
from services.documents.domain.listing import Selection
from services.documents.models import DocumentRecord
from services.documents.repository.records import (
    document_of,
    document_record,
    findings_record,
    pair_records,
    step_record,
)
from shared.contracts.envelope import Envelope
from shared.database import cut, outbox_fields, outbox_update, timely
from shared.listing import Page, Slice


class MongoDocuments:
    """The port `Documents`."""

    @timely()
    def add(self, document: Document, outgoing: Sequence[Envelope] = ()) -> None:
        record = document_record(document).to_mongo() | outbox_fields(outgoing, document.created_at)
        DocumentRecord._get_collection().insert_one(record)

    @timely()
    def find(self, company_id: str, document_id: str, with_details: bool = False) -> Document | None:
        unread = ["outbox"] if with_details else ["outbox", "findings__details"]
        record = DocumentRecord.objects(id=document_id, company_id=company_id).exclude(*unread).first()
        return document_of(record) if record else None

    @timely()
    def page(self, company_id: str, selection: Selection, part: Slice) -> Page[Document]:
        conditions: dict[str, Any] = {"company_id": company_id}
        if selection.project_ids:
            conditions["project_id__in"] = list(selection.project_ids)
        if selection.states:
            conditions["state__in"] = [state.value for state in selection.states]
        if selection.file_id:
            conditions["file_id"] = selection.file_id
        found = DocumentRecord.objects(**conditions)
        unread = ("outbox", "findings__entities", "findings__details", "findings__checks")
        records, total = cut(found.exclude(*unread), part)
        return Page([document_of(record) for record in records], total)

    @timely()
    def advance(
        self, before: Document, step: Step, findings: Findings | None = None, outgoing: Sequence[Envelope] = ()
    ) -> bool:
        expected = DocumentRecord.objects(
            id=before.id, company_id=before.company_id, state=before.state.value, version=before.version
        )
        found = {} if findings is None else {"set__findings": findings_record(findings)}
        changed = expected.update_one(
            set__state=step.state.value,
            set__updated_at=step.at,
            set__updated_by=step.by,
            inc__version=1,
            push__history=step_record(step),
            **found,
            __raw__=outbox_update(outgoing, step.at),
        )
        return bool(changed)

    @timely()
    def annotate(self, company_id: str, document_id: str, note: Note, by: str, at: datetime) -> bool:
        noted: dict[str, Any] = {"title": note.title, "external_id": note.external_id}
        if note.external_data is not None:
            noted["external_data"] = pair_records(note.external_data)
        changes = {f"set__{name}": value for name, value in noted.items() if value is not None}
        record = DocumentRecord.objects(id=document_id, company_id=company_id)
        return bool(record.update_one(**changes, set__updated_at=at, set__updated_by=by))
