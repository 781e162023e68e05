"""A part of what a query finds, and how much there is."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import attrgetter
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
    return cut_together([found], part, of, total)


def cut_together(founds: Sequence[Any], part: Slice, of: Callable[[Any], Item], total: int | None = None) -> Page[Item]:
    """The same of several querysets together, which have no record in common."""
    counted = sum(map(_counted, founds)) if total is None else total
    capped = total is None and counted > MAX_COUNTED
    told = MAX_COUNTED if capped else counted
    if part.limit == 0:  # to MongoDB that would mean: no limit
        return Page([], told, capped, more=counted > part.offset)
    sign = "-" if part.descending else "+"
    ordered = [_behind(found, part).order_by(f"{sign}{part.key}", f"{sign}id") for found in founds]
    # One more than asked for tells whether there are more.
    items = list(_items(ordered, part, part.limit + 1, of))
    return Page(items[: part.limit], told, capped, more=len(items) > part.limit)


def _items(ordered: Sequence[Any], part: Slice, limit: int, of: Callable[[Any], Item]) -> Iterable[Item]:
    if len(ordered) == 1:
        return map(of, ordered[0].skip(part.offset).limit(limit))
    lists = [map(of, each.limit(part.offset + limit)) for each in ordered]
    merged = heapq.merge(*lists, key=attrgetter(part.key, "id"), reverse=part.descending)
    return islice(merged, part.offset, part.offset + limit)


def _counted(found: Any) -> int:
    return int(found.limit(MAX_COUNTED + 1).count(with_limit_and_skip=True))


def _behind(found: Any, part: Slice) -> Any:
    """What is found behind the place where the slice begins: one range of an index, but for those of its moment."""
    if part.after is None:
        return found
    side = "lt" if part.descending else "gt"
    further = Q(**{f"{part.key}__{side}": part.after.at}) | Q(**{f"id__{side}": part.after.id})
    return found.filter(Q(**{f"{part.key}__{side}e": part.after.at}) & further)
