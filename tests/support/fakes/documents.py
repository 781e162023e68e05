"""The ports of documents in dicts, and a desk over them."""

from __future__ import annotations

import dataclasses
import itertools
import threading
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from services.documents.adapters.storage import StoredManifests, StoredResults
from services.documents.domain.documents import MAX_FINDINGS_BYTES, Case, Document, Findings, Note, Step
from services.documents.domain.listing import Selection
from services.documents.domain.projects import Project
from services.documents.domain.states import State
from services.documents.errors import ResultUnusable
from services.documents.ports import Desk
from shared.contracts.envelope import Envelope, write_json
from shared.contracts.extraction import Check, DocumentExtracted, ExtractionResult, result_key
from shared.contracts.files import Manifest, manifest_key
from shared.idempotency import KeyReused, Mark
from shared.listing import Page, Slice
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.lists import cut
from tests.support.fakes.marks import MemoryMarks
from tests.support.fakes.storage import MemoryStore

BASE_URL = "https://paperlane.test"
FILES, EXTRACTS = "files", "extracts"
START = datetime(2026, 3, 1, 8, 15, tzinfo=UTC)

Item = TypeVar("Item", Document, Project)


class MemoryDocuments:
    """The port `Documents`, and the outbox that a relay empties. `outbox` holds what is not sent, by document."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.cases: list[Case] = []
        self.outbox: defaultdict[str, list[Envelope]] = defaultdict(list)
        self._leased: set[str] = set()
        self._lock = threading.RLock()
        self._marks = MemoryMarks()

    def add(self, document: Document, case: Case, outgoing: Sequence[Envelope] = (), mark: Mark | None = None) -> str:
        with self._lock:
            if earlier := self.marked(mark):
                return earlier
            self._marks.put(mark, document.id)
            self.documents[document.id] = document
            self.cases.append(case)
            self.outbox[document.id] += outgoing
            return document.id

    def marked(self, mark: Mark | None) -> str | None:
        with self._lock:
            return self._marks.find(mark)

    def find(self, company_id: str, document_id: str, with_details: bool = False) -> Document | None:
        document = self.documents.get(document_id)
        if document is None or document.company_id != company_id:
            return None
        return document if with_details else _without(document, "details")

    def page(self, company_id: str, selection: Selection, part: Slice) -> Page[Document]:
        found = [
            _without(document, "entities", "details", "checks")
            for document in self.documents.values()
            if document.company_id == company_id
            and (not selection.project_ids or document.project_id in selection.project_ids)
            and (not selection.states or _state(document, selection) in selection.states)
            and (not selection.file_id or document.file_id == selection.file_id)
        ]
        return cut(found, part)

    def advance(
        self,
        before: Document,
        step: Step,
        findings: Findings | None = None,
        outgoing: Sequence[Envelope] = (),
        mark: Mark | None = None,
    ) -> bool:
        if findings and len(write_json(findings)) > MAX_FINDINGS_BYTES:
            raise ResultUnusable("result_too_large", "Too large.")
        with self._lock:
            now = self.find(before.company_id, before.id, with_details=True)
            if now is None or (now.state, now.version) != (before.state, before.version):
                return False
            if not self._mark(now.id, mark):
                return False
            self.documents[now.id] = dataclasses.replace(
                now,
                history=(*now.history, step),
                version=now.version + 1,
                updated_at=step.at,
                updated_by=step.by,
                findings=findings or now.findings,
            )
            self.outbox[now.id] += outgoing
            return True

    def annotate(
        self, company_id: str, document_id: str, note: Note, by: str, at: datetime, mark: Mark | None = None
    ) -> bool:
        with self._lock:
            document = self.find(company_id, document_id, with_details=True)
            if document is None or not self._mark(document_id, mark):
                return False
            noted = {name: value for name, value in _members(note).items() if value is not None}
            self.documents[document_id] = dataclasses.replace(document, **noted, updated_at=at, updated_by=by)
            return True

    def _mark(self, document_id: str, mark: Mark | None) -> bool:
        """False when the document bears the mark already; KeyReused when another one does."""
        bearer = self._marks.bearer(mark)
        if bearer not in (None, document_id):
            raise KeyReused
        self._marks.put(mark, document_id)
        return bearer is None

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


class MemoryProjects:
    """The port `Projects`."""

    def __init__(self) -> None:
        self.projects: dict[str, Project] = {}
        self._lock = threading.RLock()
        self._marks = MemoryMarks()

    def add(self, project: Project, mark: Mark | None = None) -> str:
        with self._lock:
            if earlier := self.marked(mark):
                return earlier
            self._marks.put(mark, project.id)
            self.projects[project.id] = project
            return project.id

    def marked(self, mark: Mark | None) -> str | None:
        with self._lock:
            return self._marks.find(mark)

    def find(self, company_id: str, project_id: str) -> Project | None:
        project = self.projects.get(project_id)
        return project if project and project.company_id == company_id else None

    def page(self, company_id: str, search: str, part: Slice, only: Collection[str] | None = None) -> Page[Project]:
        found = [
            project
            for project in self.projects.values()
            if project.company_id == company_id
            and (only is None or project.id in only)
            and (search.lower() in project.plan.name.lower() or search == project.id)
        ]
        return cut(found, part)


class MemoryNumbers:
    """The port `Numbers`, without gaps."""

    def __init__(self) -> None:
        self._counters: defaultdict[tuple[str, str], Any] = defaultdict(lambda: itertools.count(1))

    def next(self, company_id: str, kind: str) -> int:
        return int(next(self._counters[company_id, kind]))


@dataclass
class Office:
    """A desk over fakes, with the fakes in reach and a clock that a test moves."""

    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    projects: MemoryProjects = field(default_factory=MemoryProjects)
    store: MemoryStore = field(default_factory=MemoryStore)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    now: datetime = START

    def desk(self) -> Desk:
        return Desk(
            documents=self.documents,
            projects=self.projects,
            numbers=MemoryNumbers(),
            manifests=StoredManifests(self.store, FILES),
            results=StoredResults(self.store),
            journal=self.journal,
            trail=self.journal.trail,
            base_url=BASE_URL,
            clock=self.tick,
        )

    def tick(self) -> datetime:
        """The present moment, a second after the last."""
        self.now += timedelta(seconds=1)
        return self.now

    def upload(self, company_id: str, file_id: str, name: str = "Rechnung März.pdf", by: str = "client-a") -> Manifest:
        """Have a file as the service files leaves it."""
        blob = self.store.put(FILES, f"files/{company_id}/blobs/{file_id}", b"%PDF-1.7", "application/pdf")
        manifest = Manifest(file_id, company_id, 1, name, blob, "2026-03-01T08:15:00.000Z", by)
        self.store.put(FILES, manifest_key(company_id, file_id), write_json(manifest), "application/json")
        return manifest

    def read(self, document: Document, result: ExtractionResult, attempt: int = 1) -> DocumentExtracted:
        """Have a result as extraction leaves it; the fact that announces it."""
        key = result_key(document.company_id, document.id, attempt, "run")
        claim = self.store.put(EXTRACTS, key, write_json(result), "application/json")
        return DocumentExtracted(document.id, attempt, claim)


def result_with(*checks: Check, **entities: Any) -> ExtractionResult:
    """A result with these checks and entities, each entity with its details."""
    details = {name: {"value": value, "text": str(value), "confidence": 0.98} for name, value in entities.items()}
    return ExtractionResult("invoice", 1, entities, details, checks)


def _state(document: Document, selection: Selection) -> State:
    return document.documented_state if selection.documented else document.state


def _without(document: Document, *members: str) -> Document:
    if document.findings is None:
        return document
    bare = Findings(document.findings.document_type)
    kept = dataclasses.replace(document.findings, **{name: getattr(bare, name) for name in members})
    return dataclasses.replace(document, findings=kept)


def _members(note: Note) -> dict[str, Any]:
    return {member.name: getattr(note, member.name) for member in dataclasses.fields(note)}
