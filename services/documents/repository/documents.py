"""Documents between domain and MongoDB: every query names the company, every step is one conditional update."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mongoengine import NotUniqueError
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.documents.domain.documents import Case, Document, Findings, Note, Step, documented_state
from services.documents.domain.listing import Selection
from services.documents.models import CaseRecord, DocumentRecord
from services.documents.repository.records import (
    document_of,
    document_record,
    findings_record,
    pair_records,
    step_record,
)
from shared.contracts.envelope import Envelope
from shared.database import merged, timely
from shared.database.lists import cut
from shared.database.marks import find_marked, mark_fields, mark_update, taken_by, unmarked
from shared.database.outbox import outbox_fields, outbox_update
from shared.idempotency import KeyReused, Mark
from shared.listing import Page, Slice


class MongoDocuments:
    """The port `Documents`."""

    @timely()
    def add(self, document: Document, case: Case, outgoing: Sequence[Envelope] = (), mark: Mark | None = None) -> str:
        opened = CaseRecord(**dataclasses.asdict(case)).to_mongo()
        record = document_record(document).to_mongo() | outbox_fields(outgoing, document.created_at) | mark_fields(mark)
        documents, cases = DocumentRecord._get_collection(), CaseRecord._get_collection()

        def insert(session: ClientSession) -> None:
            documents.insert_one(record, session=session)
            cases.insert_one(opened, session=session)

        try:
            with documents.database.client.start_session() as session:
                session.with_transaction(insert)
        except DuplicateKeyError as fault:
            return str(taken_by(documents, mark, fault))
        return document.id

    @timely()
    def marked(self, mark: Mark) -> str | None:
        found: str | None = find_marked(DocumentRecord._get_collection(), mark)
        return found

    @timely()
    def find(self, company_id: str, document_id: str, with_details: bool = False) -> Document | None:
        unread = ["outbox", "marks"] if with_details else ["outbox", "marks", "findings__details"]
        record = DocumentRecord.objects(id=document_id, company_id=company_id).exclude(*unread).first()
        return document_of(record) if record else None

    @timely()
    def page(self, company_id: str, selection: Selection, part: Slice) -> Page[Document]:
        conditions: dict[str, Any] = {"company_id": company_id}
        if selection.project_ids:
            conditions["project_id__in"] = list(selection.project_ids)
        if selection.states:
            told = "documented_state" if selection.documented else "state"
            conditions[f"{told}__in"] = [state.value for state in selection.states]
        if selection.file_id:
            conditions["file_id"] = selection.file_id
        found = DocumentRecord.objects(**conditions)
        unread = ("outbox", "marks", "findings__entities", "findings__details", "findings__checks")
        return cut(found.exclude(*unread), part, document_of)

    @timely()
    def advance(
        self,
        before: Document,
        step: Step,
        findings: Findings | None = None,
        outgoing: Sequence[Envelope] = (),
        mark: Mark | None = None,
    ) -> bool:
        expected = {"company_id": before.company_id, "state": before.state.value, "version": before.version}
        found = {} if findings is None else {"set__findings": findings_record(findings)}
        changes = {
            "set__state": step.state.value,
            "set__documented_state": documented_state((*before.history, step)).value,
            "set__updated_at": step.at,
            "set__updated_by": step.by,
            "inc__version": 1,
            "push__history": step_record(step),
            **found,
        }
        return _update(before.id, expected, changes, outbox_update(outgoing, step.at), mark)

    @timely()
    def annotate(
        self, company_id: str, document_id: str, note: Note, by: str, at: datetime, mark: Mark | None = None
    ) -> bool:
        noted: dict[str, Any] = {"title": note.title, "external_id": note.external_id}
        if note.external_data is not None:
            noted["external_data"] = pair_records(note.external_data)
        changes = {f"set__{name}": value for name, value in noted.items() if value is not None}
        changes |= {"set__updated_at": at, "set__updated_by": by}
        return _update(document_id, {"company_id": company_id}, changes, {}, mark)


def _update(
    document_id: str, expected: dict[str, Any], changes: dict[str, Any], raw: dict[str, Any], mark: Mark | None
) -> bool:
    """Change the document in one write, if it is as expected and does not bear the mark yet; KeyReused."""
    record = DocumentRecord.objects(id=document_id, **expected, __raw__=unmarked(mark))
    try:
        return bool(record.update_one(**changes, __raw__=merged(raw, mark_update(mark))))
    except NotUniqueError as taken:  # by another document: of another request, since a path belongs to what is sent
        raise KeyReused from taken
