"""Projects: created, changed, read and listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from services.documents.domain.actors import Actor, Reach
from services.documents.domain.builtin import BUILT_IN
from services.documents.domain.projects import Plan, Project, ProjectSelection
from services.documents.domain.schema import Schema
from services.documents.errors import LimitedToProjects, Overtaken, ProjectNotFound
from services.documents.ports import Desk
from services.documents.usecases.repeating import Keep, MadeBefore, unmarked
from shared.ids import new_hex_id
from shared.listing import Page, Slice

# Of those who change a project at once, one wins each time.
ATTEMPTS = 50


def create_project(desk: Desk, actor: Actor, plan: Plan, keep: Keep[Project] = unmarked) -> Project:
    """A new project of the caller's company. LimitedToProjects, MadeBefore."""
    refuse_limited(actor)
    project = new_project(desk, actor, plan)
    if not desk.projects.add(project, keep(project)):
        raise MadeBefore
    return project


def new_project(desk: Desk, actor: Actor, plan: Plan) -> Project:
    """A project that is not kept yet."""
    now = desk.clock()
    return Project(
        id=new_hex_id(),
        company_id=actor.company_id,
        number=desk.numbers.next(actor.company_id, "project"),
        plan=plan,
        created_at=now,
        created_by=actor.client_id,
        updated_at=now,
        updated_by=actor.client_id,
    )


def refuse_limited(actor: Actor) -> None:
    """LimitedToProjects for a client that could not see what it makes."""
    if actor.projects is not None:
        raise LimitedToProjects


def change_project(desk: Desk, actor: Actor, project_id: str, change: Callable[[Plan], Plan]) -> Project:
    """The project after the change, which is made of the plan as it is at that moment. ProjectNotFound, Overtaken."""
    for _ in range(ATTEMPTS):
        before = get_project(desk, actor.reach, project_id)
        plan = change(before.plan)
        if plan == before.plan:
            return before
        after = replace(
            before,
            plan=plan,
            updated_at=max(desk.clock(), before.updated_at),
            updated_by=actor.client_id,
            version=before.version + 1,
        )
        if desk.projects.change(before, after):
            return after
    raise Overtaken


def get_project(desk: Desk, reach: Reach, project_id: str) -> Project:
    """The project; ProjectNotFound."""
    project = desk.projects.find(reach.company_id, project_id) if reach.covers(project_id) else None
    if project is None:
        raise ProjectNotFound
    return project


def get_schema(desk: Desk, reach: Reach, project_id: str) -> Schema:
    """What is read from the project's documents; ProjectNotFound."""
    return get_project(desk, reach, project_id).plan.schema or BUILT_IN


def list_projects(desk: Desk, reach: Reach, selection: ProjectSelection, part: Slice) -> Page[Project]:
    """A part of the selected projects within reach, without their schemas."""
    return desk.projects.page(reach.company_id, replace(selection, only=reach.projects), part)
