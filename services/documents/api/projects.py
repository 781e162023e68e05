"""Projects: how documents are processed."""

from __future__ import annotations

from typing import Any

from services.documents.api.actors import actor_of
from services.documents.domain.projects import Plan, Project
from services.documents.errors import (
    LimitedToProjects,
    ProjectNotFound,
)
from services.documents.ports import Desk
from services.documents.schemas import projects as schemas
from services.documents.usecases import projects
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Json, Operation, Routes

routes: Routes[Desk] = Routes("documents")


@routes.post(
    "/v2/projects",
    Operation(
        scope="projects.write",
        summary="Create a project",
        answer=Answer(201, schemas.Project),
        body=Json(schemas.ProjectCreate),
        refusals=(LimitedToProjects,),
        keyed=True,
    ),
)
def create_project(desk: Desk, caller: Caller, body: Plan, mark: Mark | None) -> Project:
    """A project says how its documents are processed, and who completes them."""
    return projects.create_project(desk, actor_of(caller), body, mark)


@routes.get(
    "/v2/projects",
    Operation(
        scope="projects.read",
        summary="List projects",
        answer=Answer(200, schemas.ProjectList),
        query=schemas.ProjectsQuery,
    ),
)
def list_projects(desk: Desk, caller: Caller, query: tuple[str, Slice]) -> dict[str, Any]:
    """The company's projects."""
    search, part = query
    return listed(projects.list_projects(desk, actor_of(caller).reach, search, part), part)


@routes.get(
    "/v2/projects/<project_id>",
    Operation(
        scope="projects.read",
        summary="Read a project",
        answer=Answer(200, schemas.Project),
        refusals=(ProjectNotFound,),
    ),
)
def show_project(desk: Desk, caller: Caller, project_id: str) -> Project:
    """A project with its choices."""
    return projects.get_project(desk, actor_of(caller).reach, project_id)
