"""Documents as the use cases need them kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.documents.domain.documents import Case, Document, Findings, Note, Step
from services.documents.domain.listing import Selection
from shared.contracts.envelope import Envelope
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
