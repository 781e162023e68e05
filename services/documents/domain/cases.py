"""A case: what arrives together, and how far its documents have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.documents.domain.documents import Document
from services.documents.domain.states import SETTLED, State

MAX_FILES = 100
"""Of one case, whose documents are taken in by one write."""


class CaseState(StrEnum):
    """Where a case stands. An open one takes files; it fails when every one of its documents failed."""

    OPEN = "open"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many documents a case has, how many of them are not settled yet, and how many failed."""

    documents: int = 0
    unsettled: int = 0
    failed: int = 0

    @property
    def state(self) -> CaseState:
        """Of a case that is not open."""
        if self.unsettled:
            return CaseState.PROCESSING
        return CaseState.FAILED if self.failed == self.documents else CaseState.COMPLETED

    def __sub__(self, other: Tally) -> Tally:
        return Tally(self.documents - other.documents, self.unsettled - other.unsettled, self.failed - other.failed)


def tally(*documents: Document) -> Tally:
    """What these documents add to their case."""
    states = [document.state for document in documents]
    return Tally(len(states), sum(state not in SETTLED for state in states), states.count(State.FAILED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What arrived together. `file_ids` are the files that an open case will be processed with; `name` is the client's.

    A case goes with its last document.
    """

    id: str
    company_id: str
    number: int
    project_id: str
    state: CaseState
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    name: str | None = None
    file_ids: tuple[str, ...] = ()
