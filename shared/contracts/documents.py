"""What documents says: the command that has a document read, and the facts of what goes."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.envelope import ClaimCheck


@dataclass(frozen=True, slots=True)
class ProcessDocument:
    """Command to extraction: read this file. `attempt` counts from 1 and comes back in the answer, as does `file_id`.
    `nested` files were found in another one.

    `fields` is the claim check of `WantedFields`, None for those that are built in.
    """

    document_id: str
    project_id: str
    attempt: int
    file: ClaimCheck
    file_name: str
    languages: tuple[str, ...]
    fields: ClaimCheck | None = None
    file_id: str = ""
    nested: bool = False


@dataclass(frozen=True, slots=True)
class MembersDeclined:
    """Fact: these files, which files made of what was found in the document, become no documents, and go."""

    document_id: str
    file_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentDeleted:
    """Fact: the document is gone; all that was kept because of it goes too. `file_ids` are those of its files that no
    other document has.
    """

    document_id: str
    file_ids: tuple[str, ...]
