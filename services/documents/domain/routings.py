"""Routings: which documents of a project go on in another one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Any

from services.documents.domain.conditions import Condition, matches
from services.documents.errors import RoutingCycle, TooManyRoutings

MAX_ROUTINGS = 1000
MAX_ACTIVE = 50
"""Of one project: so many conditions are asked of each document that was read in it."""


class PostRoutingAction(StrEnum):
    """What is done with a document in the project that it has come to."""

    NONE = "none"
    REFRESH = "refresh"
    REPROCESS = "reprocess"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a client chooses for a routing. The one with the least `order` is asked first."""

    name: str
    from_project_id: str
    to_project_id: str
    routing_node: Condition
    post_routing_action: PostRoutingAction = PostRoutingAction.REPROCESS
    active: bool = True
    order: int = 0


@dataclass(frozen=True, slots=True)
class Routing:
    """A routing of one company."""

    id: str
    company_id: str
    rule: Rule
    created_at: datetime
    created_by: str
    modified_at: datetime
    modified_by: str


def choose(routings: Iterable[Routing], entities: Mapping[str, Any]) -> Routing | None:
    """The first of the active routings, by order and then by age, whose condition holds for these entities."""
    asked = sorted(
        (routing for routing in routings if routing.rule.active),
        key=lambda routing: (routing.rule.order, routing.created_at, routing.id),
    )
    return next((routing for routing in asked if matches(routing.rule.routing_node, entities)), None)


def refuse_unfit(ways: Iterable[tuple[str, str]]) -> None:
    """What the active routings of a company, each from one project to another, must not be: RoutingCycle,
    TooManyRoutings.
    """
    known = list(ways)
    if max(Counter(start for start, _ in known).values(), default=0) > MAX_ACTIVE:
        raise TooManyRoutings(MAX_ACTIVE, "active routings from a project")
    refuse_cycles(known)


def refuse_cycles(ways: Iterable[tuple[str, str]]) -> None:
    """RoutingCycle when on these ways, each from one project to another, a document could come back."""
    leading_to: defaultdict[str, set[str]] = defaultdict(set)
    for start, end in ways:
        leading_to[end].add(start)
    try:
        TopologicalSorter(leading_to).prepare()
    except CycleError as found:
        cycle: Sequence[str] = found.args[1]
        raise RoutingCycle(cycle) from None
