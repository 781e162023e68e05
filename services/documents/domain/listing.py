"""Which documents a client asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.documents.domain.cases import CaseState
from services.documents.domain.states import State


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents: of any of these projects and in any of these states (all, where none is named), with this file,
    this external id, this short number, and updated at the one moment or later but before the other.

    `documented`: the states are those that the published contract calls so.
    """

    project_ids: Sequence[str] = ()
    states: Sequence[State] = ()
    file_id: str | None = None
    external_id: str | None = None
    number: int | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    documented: bool = False

    @property
    def is_counted(self) -> bool:
        """Is it one of those whose numbers of documents are kept: by project and state alone?"""
        others = (self.file_id, self.external_id, self.number, self.updated_after, self.updated_before)
        return all(other is None for other in others)


@dataclass(frozen=True, slots=True)
class CaseSelection:
    """Which cases: of any of these projects and in any of these states (all, where none is named), with this short
    number.
    """

    project_ids: Sequence[str] = ()
    states: Sequence[CaseState] = ()
    number: int | None = None
