"""Routings: created, replaced, read and listed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from services.documents.domain.actors import Actor, Reach
from services.documents.domain.routings import Routing, Rule
from services.documents.errors import RoutingCycle, RoutingNotFound
from services.documents.ports import Desk
from services.documents.usecases.projects import get_project
from services.documents.usecases.repeating import Keep, MadeBefore
from shared.ids import new_hex_id
from shared.listing import Page, Slice


def create_routing(desk: Desk, actor: Actor, rule: Rule, keep: Keep[Routing]) -> Routing:
    """A new routing of the caller's company. ProjectNotFound, RoutingCycle, TooManyRoutings, MadeBefore."""
    _refuse_unknown_projects(desk, actor.reach, rule)
    routing = new_routing(desk, actor, rule)
    with _told_within(actor.reach):
        if not desk.routings.add(routing, keep(routing)):
            raise MadeBefore
    return routing


def new_routing(desk: Desk, actor: Actor, rule: Rule) -> Routing:
    """A routing that is not kept yet."""
    now, by = desk.clock(), actor.client_id
    return Routing(new_hex_id(), actor.company_id, rule, now, by, now, by)


def replace_routing(desk: Desk, actor: Actor, routing_id: str, rule: Rule) -> Routing:
    """The routing with another rule. RoutingNotFound, ProjectNotFound, RoutingCycle."""
    before = get_routing(desk, actor.reach, routing_id)
    _refuse_unknown_projects(desk, actor.reach, rule)
    after = replace(before, rule=rule, modified_at=desk.clock(), modified_by=actor.client_id)
    with _told_within(actor.reach):
        desk.routings.replace(after)
    return after


def get_routing(desk: Desk, reach: Reach, routing_id: str) -> Routing:
    """The routing, if both of its projects are within reach; RoutingNotFound."""
    routing = desk.routings.find(reach.company_id, routing_id)
    if routing is None or not all(map(reach.covers, (routing.rule.from_project_id, routing.rule.to_project_id))):
        raise RoutingNotFound
    return routing


def list_routings(desk: Desk, reach: Reach, part: Slice) -> Page[Routing]:
    """A part of the routings between projects within reach."""
    return desk.routings.page(reach.company_id, part, reach.projects)


def _refuse_unknown_projects(desk: Desk, reach: Reach, rule: Rule) -> None:
    for project_id in (rule.from_project_id, rule.to_project_id):
        get_project(desk, reach, project_id)


@contextmanager
def _told_within(reach: Reach) -> Iterator[None]:
    """A cycle is told without the projects that are out of reach."""
    try:
        yield
    except RoutingCycle as found:
        named = (project_id if reach.covers(project_id) else "another project" for project_id in found.cycle)
        raise RoutingCycle(tuple(named)) from None
