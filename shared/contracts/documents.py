"""What documents says: the command that has a document read."""

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
