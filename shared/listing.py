"""Which part of a list a client asks for, and the part it gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

MAX_LIMIT = 50

Item = TypeVar("Item")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place in a list behind the item of this moment and id."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Slice:
    """`limit` items after the first `offset`, in the order of `key` (the name of a moment that every item has), items
    of one moment in the order of their ids. With `after`, only items behind that place count.
    """

    offset: int = 0
    limit: int = 20
    key: str = "created_at"
    descending: bool = True
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items of a slice, and how many there are in all: with `capped`, that is only the least there are.

    `more`: there are items behind these.
    """

    items: Sequence[Item]
    total: int
    capped: bool = False
    more: bool = False

    def each(self, change: Callable[[Item], Other]) -> Page[Other]:
        """The same part of the list, its items changed."""
        return Page([change(item) for item in self.items], self.total, self.capped, self.more)
