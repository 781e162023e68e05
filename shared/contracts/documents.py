"""What documents says: the command that has a document read, and the fact that it was deleted."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.envelope import ClaimCheck


@dataclass(frozen=True, slots=True)
class ProcessDocument:
    """Command to extraction: read this file. `attempt` counts from 1 and comes back in the answer."""

    document_id: str
    project_id: str
    attempt: int
    file: ClaimCheck
    file_name: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentDeleted:
    """Fact: the document is gone; all that was kept because of it goes too. `file_ids` are those of its files that no
    other document has.
    """

    document_id: str
    file_ids: tuple[str, ...]
