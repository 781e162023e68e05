"""Projects in files: exported and imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from services.documents.api.actors import actor_of
from services.documents.api.making import made_once
from services.documents.domain.porting import Bundle
from services.documents.errors import LimitedToProjects, RoutingCycle, TooManyRoutings
from services.documents.ports import Desk
from services.documents.schemas import porting as schemas
from services.documents.usecases import porting
from shared.bearer import Caller
from shared.errors import BadRequest
from shared.idempotency import Mark
from shared.web.reading import MAX_BODY_BYTES
from shared.web.routes import Answer, Json, Operation, Routes, render

routes: Routes[Desk] = Routes("documents")

EXPORT = Answer(200, schemas.ProjectExport)
IMPORTED = Answer(201, schemas.ProjectImport)


@routes.get(
    "/v2/projects/export",
    Operation(
        scope="projects.read",
        summary="Export projects",
        answer=EXPORT,
        query=schemas.ExportQuery,
    ),
)
def export_projects(desk: Desk, caller: Caller, query: Mapping[str, Any]) -> Response:
    """Projects, at most 200, as one file that `POST /v2/projects/import` takes: with their schemas, and with the
    routings that lead from one of them to another, for which it needs the scope `routings.read` too. All that the
    client sees, unless `projectId` names some.
    """
    bundle = porting.export_projects(desk, actor_of(caller).reach, query["project_id"])
    if bundle.routings:
        caller.require("routings.read")
    exported = render(EXPORT, bundle)
    if len(exported.get_data()) > MAX_BODY_BYTES:
        raise BadRequest(
            f"projectId: these projects have more than the {MAX_BODY_BYTES} bytes that an import may have. "
            "Export them in parts."
        )
    return exported


@routes.post(
    "/v2/projects/import",
    Operation(
        scope="projects.write",
        summary="Import projects",
        answer=IMPORTED,
        body=Json(schemas.ProjectFile),
        refusals=(LimitedToProjects, RoutingCycle, TooManyRoutings),
        keyed=True,
    ),
)
def import_projects(desk: Desk, caller: Caller, body: Bundle, mark: Mark | None) -> Response:
    """Makes new projects and routings like those in the file, all of them or none. Routings lead between the new
    projects, or to projects of the company that the file does not have; they need the scope `routings.write` too.
    """
    if body.routings:
        caller.require("routings.write")
    by = actor_of(caller)
    return made_once(desk.projects.answer, mark, IMPORTED, lambda keep: porting.import_projects(desk, by, body, keep))
