"""The proof that a document was deleted: what it was, without anything that was in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.documents.domain.documents import Document
from services.documents.domain.states import State


@dataclass(frozen=True, slots=True)
class FormerFile:
    """A file that the document had; `erased` with it, unless another document had it too."""

    id: str
    erased: bool


@dataclass(frozen=True, slots=True)
class Erasure:
    """A document that was deleted. `erased_files` are those of its files that went with it, for no other document had
    them; `sha256` (hex) is that of its main file; `documented_state` is what the published contract calls `state`.
    """

    document_id: str
    company_id: str
    number: int
    project_id: str
    case_id: str
    state: State
    documented_state: State
    file_ids: tuple[str, ...]
    erased_files: tuple[str, ...]
    sha256: str | None
    created_at: datetime
    deleted_at: datetime
    deleted_by: str

    @property
    def files(self) -> tuple[FormerFile, ...]:
        return tuple(FormerFile(file_id, file_id in self.erased_files) for file_id in self.file_ids)


def erasure_of(document: Document, erased_files: tuple[str, ...], at: datetime, by: str) -> Erasure:
    return Erasure(
        document_id=document.id,
        company_id=document.company_id,
        number=document.number,
        project_id=document.project_id,
        case_id=document.case_id,
        state=document.state,
        documented_state=document.documented_state,
        file_ids=document.file_ids,
        erased_files=erased_files,
        sha256=document.sha256 or None,
        created_at=document.created_at,
        deleted_at=at,
        deleted_by=by,
    )
