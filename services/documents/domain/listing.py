"""Which documents a client asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.documents.domain.cases import CaseState
from services.documents.domain.states import State


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents: of any of these projects and in any of these states (all, where none is named), of this file.
    `documented`: the states are those that the published contract calls so.
    """

    project_ids: Sequence[str] = ()
    states: Sequence[State] = ()
    file_id: str | None = None
    documented: bool = False


@dataclass(frozen=True, slots=True)
class CaseSelection:
    """Which cases: of any of these projects and in any of these states (all, where none is named)."""

    project_ids: Sequence[str] = ()
    states: Sequence[CaseState] = ()
