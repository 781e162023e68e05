"""Which part of a list a client asks for, and the part it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from services.documents.domain.states import State

MAX_LIMIT = 50

Item = TypeVar("Item")
Key = Literal["created_at", "updated_at"]


@dataclass(frozen=True, slots=True)
class Slice:
    """`limit` items after the first `offset`, in the order of `key`, items of one moment in the order of their ids."""

    offset: int = 0
    limit: int = 20
    key: Key = "created_at"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents: of any of these projects and in any of these states (all, where none is named), of this file."""

    project_ids: Sequence[str] = ()
    states: Sequence[State] = ()
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items of a slice, and how many there are in all."""

    items: Sequence[Item]
    total: int
