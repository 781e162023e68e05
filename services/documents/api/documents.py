"""Documents, read and listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from services.documents.api.actors import actor_of
from services.documents.api.showing import Shown, shown, told
from services.documents.domain.documents import Step
from services.documents.domain.listing import Selection
from services.documents.errors import (
    DocumentNotFound,
)
from services.documents.ports import Desk
from services.documents.schemas import answers, requests
from services.documents.usecases import reading
from shared.bearer import Caller
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("documents")


@routes.get(
    "/v2/documents",
    Operation(
        scope="documents.read",
        summary="List documents",
        answer=Answer(200, answers.DocumentList),
        query=requests.DocumentsQuery,
    ),
)
def list_documents(desk: Desk, caller: Caller, query: tuple[Selection, Slice, Collection[str]]) -> dict[str, Any]:
    """Documents without their checks and, unless asked for, their entities; those of one moment in the order of their
    ids.
    """
    selection, part, include = query
    selection = replace(selection, documented=caller.documented_states)
    page = reading.list_documents(desk, actor_of(caller).reach, selection, part, "entities" in include)
    return listed(page.each(lambda document: shown(desk, caller, document, include)), part)


@routes.get(
    "/v2/documents/<document_id>",
    Operation(
        scope="documents.read",
        summary="Read a document",
        answer=Answer(200, answers.Document),
        query=requests.DocumentQuery,
        refusals=(DocumentNotFound,),
    ),
)
def show_document(desk: Desk, caller: Caller, document_id: str, query: Mapping[str, Any]) -> Shown:
    """A document with what was read and checked; in review, failed or junk it says why."""
    regions = query["regions"]
    document = reading.get_document(desk, actor_of(caller).reach, document_id, with_details=regions)
    return shown(desk, caller, document, [*query["include"], *(["regions"] if regions else [])])


@routes.get(
    "/v2/documents/<document_id>/states",
    Operation(
        scope="documents.read",
        summary="Read a document's states",
        answer=Answer(200, answers.StateEntry, many=True),
        refusals=(DocumentNotFound,),
    ),
)
def list_states(desk: Desk, caller: Caller, document_id: str) -> tuple[Step, ...]:
    """All states the document came to, the present one last."""
    return told(caller, reading.get_document(desk, actor_of(caller).reach, document_id)).history


@routes.get(
    "/v2/documents/<document_id>/transfers",
    Operation(
        scope="documents.read",
        summary="Read a document's transfers",
        answer=Answer(200, answers.ReportedTransfer, many=True),
        refusals=(DocumentNotFound,),
    ),
)
def list_transfers(desk: Desk, caller: Caller, document_id: str) -> tuple[Step, ...]:
    """What was reported of the document's transfers, the last one last."""
    return reading.get_document(desk, actor_of(caller).reach, document_id).transfers
