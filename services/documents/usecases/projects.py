"""Projects: created, read and listed."""

from __future__ import annotations

from services.documents.domain.actors import Actor, Reach
from services.documents.domain.projects import Plan, Project
from services.documents.errors import LimitedToProjects, ProjectNotFound
from services.documents.ports import Desk
from shared.idempotency import Mark
from shared.ids import new_hex_id
from shared.listing import Page, Slice


def create_project(desk: Desk, actor: Actor, plan: Plan, mark: Mark | None = None) -> Project:
    """A new project of the caller's company, or the one that the same request made before. LimitedToProjects."""
    if actor.projects is not None:
        raise LimitedToProjects
    if mark and (earlier := desk.projects.marked(mark)):
        return get_project(desk, actor.reach, earlier)
    project = Project(
        id=new_hex_id(),
        company_id=actor.company_id,
        number=desk.numbers.next(actor.company_id, "project"),
        plan=plan,
        created_at=desk.clock(),
        created_by=actor.client_id,
    )
    kept = desk.projects.add(project, mark)
    return project if kept == project.id else get_project(desk, actor.reach, kept)


def get_project(desk: Desk, reach: Reach, project_id: str) -> Project:
    """The project; ProjectNotFound."""
    project = desk.projects.find(reach.company_id, project_id) if reach.covers(project_id) else None
    if project is None:
        raise ProjectNotFound
    return project


def list_projects(desk: Desk, reach: Reach, search: str, part: Slice) -> Page[Project]:
    """A part of the projects within reach, found by name or id when `search` is not empty."""
    return desk.projects.page(reach.company_id, search, part, reach.projects)
