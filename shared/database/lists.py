"""A part of what a query finds, and how much there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mongoengine.queryset.visitor import Q

from shared.listing import Page, Slice

# As far as the records that fit a rare filter are counted; the counting ends there, in some milliseconds.
MAX_COUNTED = 10_000

Item = TypeVar("Item")


def cut(found: Any, part: Slice, of: Callable[[Any], Item], total: int | None = None) -> Page[Item]:
    """The slice of what a queryset finds, each record made an item by `of`. The total, unless it is known already, is
    counted up to MAX_COUNTED.
    """
    counted = found.limit(MAX_COUNTED + 1).count(with_limit_and_skip=True) if total is None else total
    capped = total is None and counted > MAX_COUNTED
    if part.limit == 0:  # to MongoDB that would mean: no limit
        return Page([], min(counted, MAX_COUNTED) if capped else counted, capped, more=counted > part.offset)
    sign = "-" if part.descending else "+"
    ordered = _behind(found, part).order_by(f"{sign}{part.key}", f"{sign}id")
    # One more than asked for tells whether there are more.
    records = list(ordered.skip(part.offset).limit(part.limit + 1))
    items = [of(record) for record in records[: part.limit]]
    return Page(items, MAX_COUNTED if capped else counted, capped, more=len(records) > part.limit)


def _behind(found: Any, part: Slice) -> Any:
    """What is found behind the place where the slice begins: one range of an index, but for those of its moment."""
    if part.after is None:
        return found
    side = "lt" if part.descending else "gt"
    further = Q(**{f"{part.key}__{side}": part.after.at}) | Q(**{f"id__{side}": part.after.id})
    return found.filter(Q(**{f"{part.key}__{side}e": part.after.at}) & further)
