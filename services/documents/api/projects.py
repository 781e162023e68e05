"""Projects: how documents are read, completed and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from werkzeug.wrappers import Response

from services.documents.api.actors import actor_of
from services.documents.api.making import made_once
from services.documents.domain.projects import Plan, Project, ProjectSelection
from services.documents.domain.schema import Schema
from services.documents.errors import LimitedToProjects, Overtaken, ProjectNotFound
from services.documents.ports import Desk
from services.documents.schemas import projects as schemas
from services.documents.schemas.datapoints import ProjectSchema
from services.documents.usecases import projects
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Json, Operation, Routes

routes: Routes[Desk] = Routes("documents")

CREATED = Answer(201, schemas.Project)
PATCH = Json(schemas.ProjectPatch, media_types=("application/json", "application/merge-patch+json"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A project as it is shown, with its number if that was asked for."""

    project: Project
    number: int | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.project, name)


def _with_number(project: Project) -> Shown:
    return Shown(project, project.number)


@routes.post(
    "/v2/projects",
    Operation(
        scope="projects.write",
        summary="Create a project",
        answer=CREATED,
        body=Json(schemas.ProjectCreate),
        refusals=(LimitedToProjects,),
        keyed=True,
    ),
)
def create_project(desk: Desk, caller: Caller, body: Plan, mark: Mark | None) -> Response:
    """A project says how its documents are read, who completes them, and what happens to duplicates."""
    by = actor_of(caller)
    return made_once(
        desk.projects.answer, mark, CREATED, lambda keep: projects.create_project(desk, by, body, keep), Shown
    )


@routes.get(
    "/v2/projects",
    Operation(
        scope="projects.read",
        summary="List projects",
        answer=Answer(200, schemas.ProjectList),
        query=schemas.ProjectsQuery,
    ),
)
def list_projects(desk: Desk, caller: Caller, query: tuple[ProjectSelection, Slice, bool]) -> dict[str, Any]:
    """The company's projects, newest first, without their schemas."""
    selection, part, with_number = query
    page = projects.list_projects(desk, actor_of(caller).reach, selection, part)
    return listed(page.each(_with_number if with_number else Shown), part)


@routes.get(
    "/v2/projects/<project_id>",
    Operation(
        scope="projects.read",
        summary="Read a project",
        answer=Answer(200, schemas.Project),
        query=schemas.ProjectQuery,
        refusals=(ProjectNotFound,),
    ),
)
def show_project(desk: Desk, caller: Caller, project_id: str, query: Mapping[str, Any]) -> Shown:
    """A project with its choices, and its schema if it has one of its own."""
    project = projects.get_project(desk, actor_of(caller).reach, project_id)
    return _with_number(project) if "number" in query["include"] else Shown(project)


@routes.patch(
    "/v2/projects/<project_id>",
    Operation(
        scope="projects.write",
        summary="Change a project",
        answer=Answer(200, schemas.Project),
        body=PATCH,
        refusals=(ProjectNotFound, Overtaken),
    ),
)
def change_project(desk: Desk, caller: Caller, project_id: str, body: Mapping[str, Any]) -> Shown:
    """Changes what is named, and nothing else, by a JSON merge patch (RFC 7396): of two at once none is lost. It holds
    for documents that arrive from then on.
    """
    change = partial(schemas.plan_after, patch=body)
    return Shown(projects.change_project(desk, actor_of(caller), project_id, change))


@routes.get(
    "/v2/projects/<project_id>/schema",
    Operation(
        scope="projects.read",
        summary="Read a project's schema",
        answer=Answer(200, ProjectSchema),
        refusals=(ProjectNotFound,),
    ),
)
def show_schema(desk: Desk, caller: Caller, project_id: str) -> Schema:
    """What is read from the project's documents: its own schema, or the built-in one for invoices and receipts. Data
    points of one's own are kept and given back; reading them comes in a later release.
    """
    return projects.get_schema(desk, actor_of(caller).reach, project_id)
