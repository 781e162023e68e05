"""Parts of lists as the repositories give them, over plain sequences."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, TypeVar

from shared.listing import Page, Slice

Item = TypeVar("Item")


def cut(found: Iterable[Item], part: Slice) -> Page[Item]:
    """The slice of `found`, in its order, with what `shared.database.lists.cut` says beside it."""
    place = attrgetter(part.key, "id")
    ordered: list[Any] = sorted(found, key=place, reverse=part.descending)
    total = len(ordered)
    if part.after:
        behind = (part.after.at, part.after.id)
        ordered = [item for item in ordered if (place(item) < behind if part.descending else place(item) > behind)]
    rest = ordered[part.offset :]
    return Page(rest[: part.limit], total, more=len(rest) > part.limit)
