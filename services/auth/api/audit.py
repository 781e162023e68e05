"""The audit log's anchors: taken in from the gateway, shown to whoever operates the platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.auth.ports import Desk
from services.auth.schemas.audit import HeadReport
from shared.audit.door import READ, audit_routes, require_operator
from shared.audit.schemas import Anchors, AnchorsQuery
from shared.audit.trail import AnchorPage
from shared.bearer import Caller
from shared.contracts.audit import AuditHeadReported
from shared.web.routes import Answer, Json, Operation, Routes

routes: Routes[Desk] = Routes[Desk]("auth").including(audit_routes("auth"))


@routes.post(
    "/internal/audit/heads",
    Operation(scope=None, summary="Anchor a head of the gateway's chains", answer=Answer(204), body=Json(HeadReport)),
)
def anchor_head(desk: Desk, body: AuditHeadReported) -> None:
    desk.anchors.add(body)


@routes.get(
    "/v2/audit/anchors",
    Operation(scope=READ, summary="List audit anchors", answer=Answer(200, Anchors), query=AnchorsQuery),
)
def list_audit_anchors(desk: Desk, caller: Caller, query: Mapping[str, Any]) -> AnchorPage:
    """The heads of all services' chains as auth was told them, each minute in which they moved, and what is wrong in
    the chain that the anchors make. 2 000 are looked at per call: go on with `after` until `next` is null. Needs the
    scope companies.manage too.
    """
    require_operator(caller)
    return desk.anchors.page(query["service"], query["after"])
