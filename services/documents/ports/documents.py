"""Documents as the use cases need them kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.documents.domain.cases import Case
from services.documents.domain.documents import Document, Findings, Note, Step
from services.documents.domain.erasures import Erasure
from services.documents.domain.listing import Selection
from shared.contracts.envelope import ClaimCheck, Envelope
from shared.idempotency import Mark
from shared.listing import Page, Slice


@dataclass(frozen=True, slots=True)
class Arrival:
    """Documents that arrive together: in a new case, or in one that was open until now (`was_open`), as it is from now
    on. `outgoing` are the messages that leave with each of the documents, by its id.
    """

    case: Case
    documents: Sequence[Document]
    outgoing: Mapping[str, Sequence[Envelope]]
    was_open: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What comes with the steps of a document: findings that replace those before, another project, messages, the
    e-mail that it was or came in.
    """

    findings: Findings | None = None
    project_id: str | None = None
    outgoing: Sequence[Envelope] = ()
    mail: ClaimCheck | None = None


NOTHING_MORE = Change()


class Documents(Protocol):
    """Documents, their histories, the counts of them, and the messages that leave with them."""

    def add(self, arrival: Arrival, mark: Mark | None = None) -> str | None:
        """Keep the documents, their case and the messages that they cause: all or nothing.

        The id of the case, or with nothing written that of the one that bears the mark already; KeyReused. None when
        the case is not open any more. FirstTaken when another document was faster to be the first in its project.
        """
        ...

    def firsts(self, company_id: str, project_id: str, hashes: Collection[str]) -> Mapping[str, str]:
        """By each of these SHA-256 (hex) the id of the document that came first with these bytes into the project."""
        ...

    def marked(self, mark: Mark) -> str | None:
        """The id of the document that a request with this mark changed; KeyReused."""
        ...

    def find(self, company_id: str, document_id: str, with_details: bool = False) -> Document | None:
        """The document; the `details` of its findings are empty unless asked for."""
        ...

    def of_case(self, company_id: str, case_id: str) -> Sequence[Document]:
        """The documents of a case in the order of their numbers; of their findings only the document type."""
        ...

    def page(self, company_id: str, selection: Selection, part: Slice, with_entities: bool = False) -> Page[Document]:
        """A part of the documents; of their findings only the document type and, if asked for, the entities."""
        ...

    def advance(
        self, before: Document, steps: Sequence[Step], change: Change = NOTHING_MORE, mark: Mark | None = None
    ) -> bool:
        """Take the steps, and what comes with them, in one write if the document still is what it was `before`; False
        when it is not. The state of its case and the counts follow in the same write.

        ResultUnusable, with nothing written, when the findings do not fit a record; KeyReused when another document
        bears the mark.
        """
        ...

    def split(
        self,
        before: Document,
        steps: Sequence[Step],
        change: Change,
        children: Sequence[Document],
        outgoing: Mapping[str, Sequence[Envelope]],
    ) -> bool:
        """Take the steps as with `advance`, and keep the children, in the case of the document, with the messages that
        leave with each of them, by its id: all or nothing. FirstTaken as with `add`.
        """
        ...

    def annotate(
        self, company_id: str, document_id: str, note: Note, by: str, at: datetime, mark: Mark | None = None
    ) -> bool:
        """Replace what the note names, in one write; False when there is no such document, or when it bears the mark
        already; KeyReused when another does.
        """
        ...

    def unshared(self, document: Document) -> tuple[str, ...]:
        """The ids of those of the document's files that no other document has."""
        ...

    def without_document(self, company_id: str, file_ids: Sequence[str]) -> tuple[str, ...]:
        """Those of these files that no document has."""
        ...

    def tell(self, company_id: str, document_id: str, outgoing: Sequence[Envelope], at: datetime) -> None:
        """Have the messages leave because of the document, whether it is there or was deleted."""
        ...

    def is_erased(self, company_id: str, file_id: str) -> bool:
        """Did the file go with a document that was deleted? Its manifest may still be there for a moment."""
        ...

    def erase(self, document: Document, erasure: Erasure, outgoing: Sequence[Envelope] = ()) -> bool:
        """Put the proof in the place of the document, in one write, and have the messages leave with it; False when
        the document took a step meanwhile or is gone, or others of its files are unshared than the proof says.
        """
        ...

    def erasure(self, company_id: str, document_id: str) -> Erasure | None:
        """The proof that the document was deleted."""
        ...
