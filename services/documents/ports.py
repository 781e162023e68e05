"""What the use cases need from outside. Every method works for one company and never sees another's records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.documents.domain.documents import Case, Document, Findings, Note, Step
from services.documents.domain.listing import Selection
from services.documents.domain.projects import Project
from shared.audit.trail import Trail
from shared.clock import Clock
from shared.contracts.audit import Journal
from shared.contracts.envelope import ClaimCheck, Envelope
from shared.contracts.extraction import ExtractionResult
from shared.contracts.files import Manifest
from shared.idempotency import Mark
from shared.listing import Page, Slice


class Documents(Protocol):
    """Documents, their histories, and the messages that leave with them."""

    def add(self, document: Document, case: Case, outgoing: Sequence[Envelope] = (), mark: Mark | None = None) -> str:
        """Keep a new document, the case that it opens and the messages that its arrival causes: all or nothing.

        The id of the document, or with nothing written that of the one that bears the mark already; KeyReused.
        """
        ...

    def marked(self, mark: Mark) -> str | None:
        """The id of the document that a request with this mark created or changed; KeyReused."""
        ...

    def find(self, company_id: str, document_id: str, with_details: bool = False) -> Document | None:
        """The document; the `details` of its findings are empty unless asked for."""
        ...

    def page(self, company_id: str, selection: Selection, part: Slice) -> Page[Document]:
        """A part of the documents; of their findings only the document type."""
        ...

    def advance(
        self,
        before: Document,
        step: Step,
        findings: Findings | None = None,
        outgoing: Sequence[Envelope] = (),
        mark: Mark | None = None,
    ) -> bool:
        """Take the step in one write if the document still is what it was `before`; False when it is not.

        Findings, if given, replace those before. ResultUnusable, with nothing written, when they do not fit a record;
        KeyReused when another document bears the mark.
        """
        ...

    def annotate(
        self, company_id: str, document_id: str, note: Note, by: str, at: datetime, mark: Mark | None = None
    ) -> bool:
        """Replace what the note names, in one write; False when there is no such document, or when it bears the mark
        already; KeyReused when another does.
        """
        ...


class Projects(Protocol):
    """Projects."""

    def add(self, project: Project, mark: Mark | None = None) -> str:
        """The id of the project, or with nothing written that of the one that bears the mark already; KeyReused."""
        ...

    def marked(self, mark: Mark) -> str | None:
        """The id of the project that a request with this mark created; KeyReused."""
        ...

    def find(self, company_id: str, project_id: str) -> Project | None: ...

    def page(self, company_id: str, search: str, part: Slice, only: Collection[str] | None = None) -> Page[Project]:
        """A part of the projects, or of `only` those with these ids; with `search`, of those with it in their name (in
        any case) or as their id.
        """
        ...


class Numbers(Protocol):
    """Short integers, unique in a company for each kind of record, growing, with gaps."""

    def next(self, company_id: str, kind: str) -> int: ...


class Manifests(Protocol):
    """What the service files says about its files. Unavailable when the object store does not answer."""

    def find(self, company_id: str, file_id: str) -> Manifest | None: ...


class Results(Protocol):
    """What extraction read. Unavailable when the object store does not answer."""

    def read(self, claim: ClaimCheck) -> ExtractionResult:
        """The result, checked by its hash; ResultUnusable when it is missing, damaged, malformed or too large."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the use cases work with: built by `wiring` from the real parts, by tests from fakes.

    `base_url` is the public address, without a path.
    """

    documents: Documents
    projects: Projects
    numbers: Numbers
    manifests: Manifests
    results: Results
    journal: Journal
    trail: Trail
    base_url: str
    clock: Clock
