"""Projects: created, read and listed."""

from __future__ import annotations

from services.documents.domain.documents import Actor
from services.documents.domain.projects import Plan, Project
from services.documents.errors import ProjectNotFound
from services.documents.ports import Desk
from shared.ids import new_hex_id
from shared.listing import Page, Slice


def create_project(desk: Desk, actor: Actor, plan: Plan) -> Project:
    """A new project of the caller's company."""
    project = Project(
        id=new_hex_id(),
        company_id=actor.company_id,
        number=desk.numbers.next(actor.company_id, "project"),
        plan=plan,
        created_at=desk.clock(),
        created_by=actor.client_id,
    )
    desk.projects.add(project)
    return project


def get_project(desk: Desk, company_id: str, project_id: str) -> Project:
    """The project; ProjectNotFound."""
    project = desk.projects.find(company_id, project_id)
    if project is None:
        raise ProjectNotFound
    return project


def list_projects(desk: Desk, company_id: str, search: str, part: Slice) -> Page[Project]:
    """A part of the company's projects, found by name or id when `search` is not empty."""
    return desk.projects.page(company_id, search, part)
