"""Routings: which documents of a project go on in another one."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from services.documents.api.actors import actor_of
from services.documents.api.making import made_once
from services.documents.domain.routings import Routing, Rule
from services.documents.errors import ProjectNotFound, RoutingCycle, RoutingNotFound, TooManyRoutings
from services.documents.ports import Desk
from services.documents.schemas import routings as schemas
from services.documents.usecases import routings
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Json, Operation, Routes

routes: Routes[Desk] = Routes("documents")

CREATED = Answer(201, schemas.Routing)


@routes.get(
    "/v2/routings",
    Operation(
        scope="routings.read",
        summary="List routings",
        answer=Answer(200, schemas.RoutingList),
        query=schemas.RoutingsQuery,
    ),
)
def list_routings(desk: Desk, caller: Caller, query: Slice) -> dict[str, Any]:
    """The company's routings, active or not, newest first."""
    return listed(routings.list_routings(desk, actor_of(caller).reach, query), query)


@routes.post(
    "/v2/routings",
    Operation(
        scope="routings.write",
        summary="Create a routing",
        answer=CREATED,
        body=Json(schemas.RoutingRule),
        refusals=(ProjectNotFound, RoutingCycle, TooManyRoutings),
        keyed=True,
    ),
)
def create_routing(desk: Desk, caller: Caller, body: Rule, mark: Mark | None) -> Response:
    """Has documents of one project go on in another one when a condition on what was read holds. Active routings on
    which a document could come back to a project are refused.
    """
    by = actor_of(caller)
    return made_once(desk.routings.answer, mark, CREATED, lambda keep: routings.create_routing(desk, by, body, keep))


@routes.get(
    "/v2/routings/<routing_id>",
    Operation(
        scope="routings.read",
        summary="Read a routing",
        answer=Answer(200, schemas.Routing),
        refusals=(RoutingNotFound,),
    ),
)
def show_routing(desk: Desk, caller: Caller, routing_id: str) -> Routing:
    """A routing with its condition."""
    return routings.get_routing(desk, actor_of(caller).reach, routing_id)


@routes.put(
    "/v2/routings/<routing_id>",
    Operation(
        scope="routings.write",
        summary="Replace a routing",
        answer=Answer(200, schemas.Routing),
        body=Json(schemas.RoutingRule),
        refusals=(RoutingNotFound, ProjectNotFound, RoutingCycle),
    ),
)
def replace_routing(desk: Desk, caller: Caller, routing_id: str, body: Rule) -> Routing:
    """Replaces the routing as a whole: what is left out gets its default. Documents that were read before stay."""
    return routings.replace_routing(desk, actor_of(caller), routing_id, body)
