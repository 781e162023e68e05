"""Documents between domain and MongoDB: every query names the company, every step is one conditional update."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.documents.domain.cases import tally
from services.documents.domain.documents import Document, Note, Step
from services.documents.domain.erasures import Erasure
from services.documents.domain.listing import Selection
from services.documents.errors import FirstTaken
from services.documents.models import CaseRecord, DocumentRecord, ProofRecord
from services.documents.ports.documents import NOTHING_MORE, Arrival, Change
from services.documents.repository.cases import case_fields, still_open
from services.documents.repository.counts import count, counted
from services.documents.repository.listing import listings
from services.documents.repository.records import (
    document_fields,
    document_of,
    erasure_fields,
    erasure_of_record,
    pair_fields,
    step_changes,
)
from services.documents.repository.tallies import Changed, Trace, moved
from shared.contracts.envelope import Envelope
from shared.database import Record, merged, timely, together
from shared.database.lists import cut_together
from shared.database.marks import find_marked, is_mark_taken, mark_fields, mark_update, taken_by, unmarked
from shared.database.outbox import outbox_fields, outbox_update
from shared.idempotency import KeyReused, Mark
from shared.listing import Page, Slice

_UNREAD = ("outbox", "marks")
_UNLISTED = (*_UNREAD, "findings__details", "findings__checks", "findings__pages")


class MongoDocuments:
    """The port `Documents`."""

    @timely()
    def add(self, arrival: Arrival, mark: Mark | None = None) -> str | None:
        case, come = arrival.case, arrival.documents
        records = _records(come, arrival.outgoing)
        documents, cases = DocumentRecord._get_collection(), CaseRecord._get_collection()

        def write(session: ClientSession) -> bool:
            if not _open_or_close(arrival, mark, session):
                return False
            for record in records:
                documents.insert_one(record, session=session)
            count((), come, session)
            return True

        try:
            return case.id if together(documents, write) else None
        except DuplicateKeyError as fault:
            if isinstance(_first_taken(fault), FirstTaken):
                raise FirstTaken from fault
            return str(taken_by(cases, mark, fault))

    @timely()
    def firsts(self, company_id: str, project_id: str, hashes: Collection[str]) -> Mapping[str, str]:
        found = DocumentRecord._get_collection().find(
            {"companyId": company_id, "firstIn": project_id, "sha256": {"$in": list(hashes)}}, {"sha256": True}
        )
        return {record["sha256"]: record["_id"] for record in found}

    @timely()
    def marked(self, mark: Mark) -> str | None:
        found: str | None = find_marked(DocumentRecord._get_collection(), mark)
        return found

    @timely()
    def find(self, company_id: str, document_id: str, with_details: bool = False) -> Document | None:
        unread = _UNREAD if with_details else (*_UNREAD, "findings__details")
        record = DocumentRecord.objects(id=document_id, company_id=company_id).exclude(*unread).as_pymongo().first()
        return document_of(record) if record else None

    @timely()
    def of_case(self, company_id: str, case_id: str) -> Sequence[Document]:
        found = DocumentRecord.objects(company_id=company_id, case_id=case_id).order_by("number")
        return [document_of(record) for record in _shortened(found)]

    @timely()
    def page(self, company_id: str, selection: Selection, part: Slice, with_entities: bool = False) -> Page[Document]:
        total = counted(company_id, selection) if selection.is_counted else None
        found = [_shortened(each, with_entities) for each in listings(company_id, selection, part.key)]
        return cut_together(found, part, document_of, total)

    @timely()
    def advance(
        self, before: Document, steps: Sequence[Step], change: Change = NOTHING_MORE, mark: Mark | None = None
    ) -> bool:
        after = before.after(steps, change.findings, change.project_id, change.mail)
        update = merged(step_changes(after, steps, change), outbox_update(change.outgoing, after.updated_at))
        update = merged(update, mark_update(mark))
        documents = DocumentRecord._get_collection()

        def write(session: ClientSession) -> None:
            if not documents.update_one(_still(before) | unmarked(mark), update, session=session).matched_count:
                raise Changed
            count((before,), (after,), session)

        try:
            return moved(before, [after], Trace(after.updated_at, after.updated_by), write)
        except DuplicateKeyError as fault:
            raise _reused(fault) from fault

    @timely()
    def split(
        self,
        before: Document,
        steps: Sequence[Step],
        change: Change,
        children: Sequence[Document],
        outgoing: Mapping[str, Sequence[Envelope]],
    ) -> bool:
        after = before.after(steps, mail=change.mail)
        documents, records = DocumentRecord._get_collection(), _records(children, outgoing)

        def write(session: ClientSession) -> None:
            update = step_changes(after, steps, change)
            if not documents.update_one(_still(before), update, session=session).matched_count:
                raise Changed
            for record in records:
                documents.insert_one(record, session=session)
            count((before,), (after, *children), session)

        try:
            return moved(before, [after, *children], Trace(after.updated_at, after.updated_by), write)
        except DuplicateKeyError as fault:
            raise _first_taken(fault) from fault

    @timely()
    def annotate(
        self, company_id: str, document_id: str, note: Note, by: str, at: datetime, mark: Mark | None = None
    ) -> bool:
        noted: dict[str, Any] = {"title": note.title, "externalId": note.external_id}
        if note.external_data is not None:
            noted["externalData"] = pair_fields(note.external_data)
        changed = {name: value for name, value in noted.items() if value is not None}
        update = merged({"$set": {**changed, "updatedAt": at, "updatedBy": by}}, mark_update(mark))
        documents = DocumentRecord._get_collection()
        try:
            own = {"_id": document_id, "companyId": company_id}
            return bool(documents.update_one(own | unmarked(mark), update).matched_count)
        except DuplicateKeyError as fault:
            raise _reused(fault) from fault

    @timely()
    def unshared(self, document: Document) -> tuple[str, ...]:
        return _unshared(document, _beside(document))

    @timely()
    def erase(self, document: Document, erasure: Erasure, outgoing: Sequence[Envelope] = ()) -> bool:
        record = erasure_fields(erasure) | outbox_fields(outgoing, erasure.deleted_at)
        documents, erasures = DocumentRecord._get_collection(), ProofRecord._get_collection()

        def write(session: ClientSession) -> None:
            beside = _beside(document, session)
            if _unshared(document, beside) != erasure.erased_files:
                raise Changed
            # Of two documents that go at once with one file, both write to one of them: the later one looks again, and
            # finds that the file is its own by now.
            documents.update_many({"_id": {"$in": list(beside.values())}}, {"$inc": {"partings": 1}}, session=session)
            if not documents.delete_one(_still(document), session=session).deleted_count:
                raise Changed
            erasures.insert_one(record, session=session)
            count((document,), (), session)

        return moved(document, [], Trace(erasure.deleted_at, erasure.deleted_by), write)

    @timely()
    def without_document(self, company_id: str, file_ids: Sequence[str]) -> tuple[str, ...]:
        documents = DocumentRecord._get_collection()
        return tuple(
            file_id
            for file_id in file_ids
            if documents.find_one({"companyId": company_id, "fileIds": file_id}, {"_id": True}) is None
        )

    @timely()
    def tell(self, company_id: str, document_id: str, outgoing: Sequence[Envelope], at: datetime) -> None:
        update = outbox_update(outgoing, at)
        for record in (DocumentRecord, ProofRecord):
            own = {"_id": document_id, "companyId": company_id}
            if record._get_collection().update_one(own, update).matched_count:
                return

    @timely()
    def is_erased(self, company_id: str, file_id: str) -> bool:
        erased = {"companyId": company_id, "erasedFiles": file_id}
        return ProofRecord._get_collection().find_one(erased, {"_id": True}) is not None

    @timely()
    def erasure(self, company_id: str, document_id: str) -> Erasure | None:
        record = ProofRecord.objects(id=document_id, company_id=company_id).exclude("outbox").first()
        return erasure_of_record(record) if record else None


def _records(come: Sequence[Document], outgoing: Mapping[str, Sequence[Envelope]]) -> list[Record]:
    """Those of new documents, with the messages that leave with them."""
    return [document_fields(each) | outbox_fields(outgoing.get(each.id, ()), each.created_at) for each in come]


def _first_taken(fault: DuplicateKeyError) -> Exception:
    """FirstTaken when another document is the first with its bytes."""
    return FirstTaken() if "firstIn" in (fault.details or {}).get("keyPattern", {}) else fault


def _open_or_close(arrival: Arrival, mark: Mark | None, session: ClientSession) -> bool:
    """Keep the case of an arrival; False when it was open and is not any more."""
    cases = CaseRecord._get_collection()
    fields = case_fields(arrival.case, tally(*arrival.documents))
    if not arrival.was_open:
        cases.insert_one(fields | mark_fields(mark), session=session)
        return True
    del fields["_id"], fields["marks"]
    condition = still_open(arrival.case) | unmarked(mark)
    return bool(cases.update_one(condition, merged({"$set": fields}, mark_update(mark)), session=session).matched_count)


def _beside(document: Document, session: ClientSession | None = None) -> Mapping[str, str]:
    """By each file of the document that others have too, the oldest of these documents."""
    documents, found = DocumentRecord._get_collection(), {}
    for file_id in document.file_ids:
        others = {"companyId": document.company_id, "fileIds": file_id, "_id": {"$ne": document.id}}
        order = [("createdAt", 1), ("_id", 1)]
        if other := documents.find_one(others, {"_id": True}, sort=order, session=session):
            found[file_id] = other["_id"]
    return found


def _unshared(document: Document, beside: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(file_id for file_id in document.file_ids if file_id not in beside)


def _still(document: Document) -> dict[str, Any]:
    """The condition that the document is what it was."""
    return {
        "_id": document.id,
        "companyId": document.company_id,
        "state": document.state.value,
        "version": document.version,
    }


def _reused(fault: DuplicateKeyError) -> Exception:
    """KeyReused when another document bears the mark: of another request, since a path belongs to what is sent."""
    return KeyReused() if is_mark_taken(fault) else fault


def _shortened(found: Any, with_entities: bool = False) -> Any:
    """A queryset that reads only what lists need."""
    unread = _UNLISTED if with_entities else (*_UNLISTED, "findings__entities")
    return found.exclude(*unread).as_pymongo()
