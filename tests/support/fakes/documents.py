"""The ports of documents in dicts, and a desk over them."""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from services.documents.adapters.storage import (
    StoredFieldLists,
    StoredMails,
    StoredManifests,
    StoredPages,
    StoredResults,
)
from services.documents.domain.cases import tally
from services.documents.domain.documents import MAX_FINDINGS_BYTES, Document, Note, Step
from services.documents.domain.erasures import Erasure
from services.documents.domain.listing import Selection
from services.documents.errors import FirstTaken, ResultUnusable
from services.documents.ports import Desk
from services.documents.ports.documents import NOTHING_MORE, Arrival, Change
from shared.contracts.envelope import Envelope, write_json
from shared.contracts.extraction import RESULT, Check, DocumentExtracted, ExtractionResult, run_prefix
from shared.contracts.files import Manifest, manifest_key
from shared.contracts.pages import KeptPages
from shared.idempotency import Mark
from shared.listing import Page, Slice
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.cases import MemoryCases
from tests.support.fakes.listing import is_selected, listed, without
from tests.support.fakes.lists import cut
from tests.support.fakes.marks import MemoryMarks, bears
from tests.support.fakes.projects import MemoryProjects
from tests.support.fakes.storage import MemoryStore

BASE_URL = "https://paperlane.test"
FILES, EXTRACTS = "files", "extracts"
START = datetime(2026, 3, 1, 8, 15, tzinfo=UTC)


class MemoryDocuments:
    """The port `Documents`, and the outbox that a relay empties. `outbox` holds what is not sent, by document."""

    def __init__(self, cases: MemoryCases | None = None) -> None:
        self.documents: dict[str, Document] = {}
        self.erasures: dict[str, Erasure] = {}
        self._cases = cases or MemoryCases()
        self.outbox: defaultdict[str, list[Envelope]] = defaultdict(list)
        self._leased: set[str] = set()
        self._lock = self._cases.lock
        self._marks = MemoryMarks()

    def add(self, arrival: Arrival, mark: Mark | None = None) -> str | None:
        case = arrival.case
        with self._lock:
            if arrival.was_open:
                if not self._cases.still_open(case) or not bears(self._cases.marks, case.id, mark):
                    return None
            elif earlier := self._cases.marked(mark):
                return earlier
            for document in arrival.documents:
                if self.firsts(case.company_id, document.first_in or "", [document.sha256]):
                    raise FirstTaken
            self._cases.marks.put(mark, case.id)
            self._cases.cases[case.id] = case
            for document in arrival.documents:
                self.documents[document.id] = document
                self.outbox[document.id] += arrival.outgoing.get(document.id, ())
            return case.id

    def firsts(self, company_id: str, project_id: str, hashes: Collection[str]) -> Mapping[str, str]:
        return {
            document.sha256: document.id
            for document in self.documents.values()
            if (document.company_id, document.first_in) == (company_id, project_id) and document.sha256 in hashes
        }

    def marked(self, mark: Mark | None) -> str | None:
        with self._lock:
            return self._marks.find(mark)

    def find(self, company_id: str, document_id: str, with_details: bool = False) -> Document | None:
        document = self.documents.get(document_id)
        if document is None or document.company_id != company_id:
            return None
        return document if with_details else without(document, "details")

    def of_case(self, company_id: str, case_id: str) -> Sequence[Document]:
        own = [each for each in self.documents.values() if (each.company_id, each.case_id) == (company_id, case_id)]
        return [listed(document) for document in sorted(own, key=lambda each: each.number)]

    def page(self, company_id: str, selection: Selection, part: Slice, with_entities: bool = False) -> Page[Document]:
        found = [
            without(document, "details", "checks", "pages") if with_entities else listed(document)
            for document in self.documents.values()
            if document.company_id == company_id and is_selected(document, selection)
        ]
        return cut(found, part)

    def advance(
        self, before: Document, steps: Sequence[Step], change: Change = NOTHING_MORE, mark: Mark | None = None
    ) -> bool:
        if change.findings and len(write_json(change.findings)) > MAX_FINDINGS_BYTES:
            raise ResultUnusable("result_too_large", "Too large.")
        with self._lock:
            now = self._still(before)
            if now is None or not bears(self._marks, now.id, mark):
                return False
            self.documents[now.id] = now.after(steps, change.findings, change.project_id, change.mail)
            self.outbox[now.id] += change.outgoing
            self._settle(self.documents[now.id], steps[-1].at, steps[-1].by)
            return True

    def split(
        self,
        before: Document,
        steps: Sequence[Step],
        change: Change,
        children: Sequence[Document],
        outgoing: Mapping[str, Sequence[Envelope]],
    ) -> bool:
        with self._lock:
            now = self._still(before)
            if now is None:
                return False
            if any(self.firsts(each.company_id, each.first_in or "", [each.sha256]) for each in children):
                raise FirstTaken
            self.documents[now.id] = now.after(steps, mail=change.mail)
            for child in children:
                self.documents[child.id] = child
                self.outbox[child.id] += outgoing.get(child.id, ())
            self._settle(self.documents[now.id], steps[-1].at, steps[-1].by)
            return True

    def without_document(self, company_id: str, file_ids: Sequence[str]) -> tuple[str, ...]:
        own = [each.file_ids for each in self.documents.values() if each.company_id == company_id]
        return tuple(file_id for file_id in file_ids if not any(file_id in ids for ids in own))

    def tell(self, company_id: str, document_id: str, outgoing: Sequence[Envelope], at: datetime) -> None:  # noqa: ARG002
        with self._lock:
            if self.find(company_id, document_id) or self.erasure(company_id, document_id):
                self.outbox[document_id] += outgoing

    def unshared(self, document: Document) -> tuple[str, ...]:
        others = [each for each in self.documents.values() if each.id != document.id]
        shared = {file_id for each in others if each.company_id == document.company_id for file_id in each.file_ids}
        return tuple(file_id for file_id in document.file_ids if file_id not in shared)

    def erase(self, document: Document, erasure: Erasure, outgoing: Sequence[Envelope] = ()) -> bool:
        with self._lock:
            if self._still(document) is None or self.unshared(document) != erasure.erased_files:
                return False
            del self.documents[document.id]
            self.erasures[document.id] = erasure
            self.outbox[document.id] = list(outgoing)
            self._leased.discard(document.id)
            self._settle(document, erasure.deleted_at, erasure.deleted_by)
            return True

    def is_erased(self, company_id: str, file_id: str) -> bool:
        own = [each for each in self.erasures.values() if each.company_id == company_id]
        return any(file_id in erasure.erased_files for erasure in own)

    def erasure(self, company_id: str, document_id: str) -> Erasure | None:
        erasure = self.erasures.get(document_id)
        return erasure if erasure and erasure.company_id == company_id else None

    def _still(self, before: Document) -> Document | None:
        now = self.find(before.company_id, before.id, with_details=True)
        return now if now and (now.state, now.version) == (before.state, before.version) else None

    def _settle(self, document: Document, at: datetime, by: str) -> None:
        """Have the case follow its documents."""
        case = self._cases.find(document.company_id, document.case_id)
        if case is None:
            return
        left = self.of_case(case.company_id, case.id)
        if not left:
            del self._cases.cases[case.id]
        else:
            state = tally(*left).state
            self._cases.cases[case.id] = dataclasses.replace(case, state=state, updated_at=at, updated_by=by)

    def annotate(
        self, company_id: str, document_id: str, note: Note, by: str, at: datetime, mark: Mark | None = None
    ) -> bool:
        with self._lock:
            document = self.find(company_id, document_id, with_details=True)
            if document is None or not bears(self._marks, document_id, mark):
                return False
            noted = {name: value for name, value in _members(note).items() if value is not None}
            self.documents[document_id] = dataclasses.replace(document, **noted, updated_at=at, updated_by=by)
            return True

    def lease(self) -> Sequence[Envelope]:
        with self._lock:
            for document_id, waiting in self.outbox.items():
                if waiting and document_id not in self._leased:
                    self._leased.add(document_id)
                    return list(waiting)
            return []

    def sent(self, envelope: Envelope) -> None:
        with self._lock:
            for document_id, waiting in self.outbox.items():
                if envelope in waiting:
                    waiting.remove(envelope)
                    self._leased.discard(document_id)

    def release(self, envelopes: Sequence[Envelope]) -> None:
        with self._lock:
            self._leased -= {key for key, waiting in self.outbox.items() if set(waiting) & set(envelopes)}


class MemoryNumbers:
    """The port `Numbers`, without gaps."""

    def __init__(self) -> None:
        self._counters: defaultdict[tuple[str, str], Any] = defaultdict(lambda: itertools.count(1))

    def next(self, company_id: str, kind: str) -> int:
        return int(next(self._counters[company_id, kind]))


@dataclass
class Office:
    """A desk over fakes, with the fakes in reach and a clock that a test moves."""

    cases: MemoryCases = field(default_factory=MemoryCases)
    documents: MemoryDocuments = field(init=False)
    projects: MemoryProjects = field(default_factory=MemoryProjects)
    store: MemoryStore = field(default_factory=MemoryStore)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    now: datetime = START

    def __post_init__(self) -> None:
        self.documents = MemoryDocuments(self.cases)

    def desk(self) -> Desk:
        return Desk(
            documents=self.documents,
            cases=self.cases,
            projects=self.projects,
            routings=self.projects.routings,
            numbers=MemoryNumbers(),
            manifests=StoredManifests(self.store, FILES),
            field_lists=StoredFieldLists(self.store, FILES),
            results=StoredResults(self.store),
            pages=StoredPages(self.store),
            mails=StoredMails(self.store),
            journal=self.journal,
            trail=self.journal.trail,
            base_url=BASE_URL,
            clock=self.tick,
        )

    def tick(self) -> datetime:
        """The present moment, a second after the last."""
        self.now += timedelta(seconds=1)
        return self.now

    def upload(self, company_id: str, file_id: str, by: str = "client-a", content: str = "") -> Manifest:
        """Have a file as the service files leaves it, whose content is its own unless given."""
        data = f"%PDF-1.7 {content or file_id}".encode()
        blob = self.store.put(FILES, f"files/{company_id}/blobs/{file_id}", data, "application/pdf")
        manifest = Manifest(file_id, company_id, 1, "Rechnung März.pdf", blob, "2026-03-01T08:15:00.000Z", by)
        self.store.put(FILES, manifest_key(company_id, file_id), write_json(manifest), "application/json")
        return manifest

    def read(
        self, document: Document, result: ExtractionResult, attempt: int = 1, pages: KeptPages | None = None
    ) -> DocumentExtracted:
        """Have a result as extraction leaves it; the fact that announces it."""
        key = run_prefix(document.company_id, document.id, attempt, "run") + RESULT
        claim = self.store.put(EXTRACTS, key, write_json(result), "application/json")
        return DocumentExtracted(document.id, attempt, claim, pages)


def result_with(*checks: Check, **entities: Any) -> ExtractionResult:
    """A result with these checks and entities, each entity with its details."""
    details = {name: {"value": value, "text": str(value), "confidence": 0.98} for name, value in entities.items()}
    return ExtractionResult("invoice", 1, entities, details, checks)


def _members(note: Note) -> dict[str, Any]:
    return {member.name: getattr(note, member.name) for member in dataclasses.fields(note)}
