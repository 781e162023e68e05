"""Which part of a list a client asks for, and the part it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

MAX_LIMIT = 50

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Slice:
    """`limit` items after the first `offset`, in the order of `key` (the name of a moment that every item has), items
    of one moment in the order of their ids.
    """

    offset: int = 0
    limit: int = 20
    key: str = "created_at"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items of a slice, and how many there are in all."""

    items: Sequence[Item]
    total: int
