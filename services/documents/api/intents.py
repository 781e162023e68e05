"""What clients report and wish about documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.documents.api.actors import actor_of
from services.documents.domain.documents import Note
from services.documents.errors import (
    DocumentNotFound,
    StateConflict,
)
from services.documents.ports import Desk
from services.documents.schemas import requests
from services.documents.schemas.values import MAX_EXTERNAL_ID, MAX_TITLE
from services.documents.usecases import intents
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.web.routes import Answer, Json, Operation, Routes, Text

ACCEPTED = Answer(202)

routes: Routes[Desk] = Routes("documents")


@routes.post(
    "/v2/documents/<document_id>/transfer",
    Operation(
        scope="documents.write",
        summary="Report a transfer",
        answer=ACCEPTED,
        body=Json(requests.Transfer),
        refusals=(DocumentNotFound, StateConflict),
        keyed=True,
    ),
)
def report_transfer(desk: Desk, caller: Caller, document_id: str, body: Mapping[str, Any], mark: Mark | None) -> None:
    """Says whether the target system took the document. After a failed transfer another one may be reported."""
    intents.report_transfer(desk, actor_of(caller), document_id, body["successful"], body.get("message"), mark)


@routes.post(
    "/v2/documents/<document_id>/reject",
    Operation(
        scope="documents.write",
        summary="Reject a document",
        answer=ACCEPTED,
        body=Json(requests.Rejection, required=False),
        refusals=(DocumentNotFound, StateConflict),
        keyed=True,
    ),
)
def reject_document(desk: Desk, caller: Caller, document_id: str, body: Mapping[str, Any], mark: Mark | None) -> None:
    """Takes the document out of the work. While it is processed, that cancels it: a late result is ignored."""
    intents.reject(desk, actor_of(caller), document_id, body.get("message"), mark)


@routes.post(
    "/v2/documents/<document_id>/cancel",
    Operation(
        scope="documents.write",
        summary="Cancel the processing of a document",
        answer=ACCEPTED,
        body=Json(requests.Cancellation, required=False),
        refusals=(DocumentNotFound, StateConflict),
        keyed=True,
    ),
)
def cancel_document(desk: Desk, caller: Caller, document_id: str, body: Mapping[str, Any], mark: Mark | None) -> None:
    """Rejects a document that is new or processing; any other is a conflict. A late result is ignored."""
    intents.cancel(desk, actor_of(caller), document_id, body.get("message"), mark)


@routes.post(
    "/v2/documents/<document_id>/reprocess",
    Operation(
        scope="documents.write",
        summary="Process a document again",
        answer=ACCEPTED,
        refusals=(DocumentNotFound, StateConflict),
        keyed=True,
    ),
)
def reprocess_document(desk: Desk, caller: Caller, document_id: str, mark: Mark | None) -> None:
    """Has the document's file read once more, as its project wants it now. Until then it shows what was read before."""
    intents.reprocess(desk, actor_of(caller), document_id, mark)


@routes.post(
    "/v2/documents/<document_id>/external-data",
    Operation(
        scope="documents.write",
        summary="Replace a document's external data",
        answer=ACCEPTED,
        body=Json(requests.ExternalPairs),
        refusals=(DocumentNotFound,),
        keyed=True,
    ),
)
def set_external_data(desk: Desk, caller: Caller, document_id: str, body: Note, mark: Mark | None) -> None:
    """Replaces all external data by these flat pairs; `{}` clears them."""
    intents.annotate(desk, actor_of(caller), document_id, body, mark)


@routes.post(
    "/v2/documents/<document_id>/external-id",
    Operation(
        scope="documents.write",
        summary="Set a document's external id",
        answer=ACCEPTED,
        body=Text(MAX_EXTERNAL_ID),
        refusals=(DocumentNotFound,),
        keyed=True,
    ),
)
def set_external_id(desk: Desk, caller: Caller, document_id: str, body: str, mark: Mark | None) -> None:
    """Sets what the client calls the document. Several documents may be called the same."""
    intents.annotate(desk, actor_of(caller), document_id, Note(external_id=body), mark)


@routes.post(
    "/v2/documents/<document_id>/title",
    Operation(
        scope="documents.write",
        summary="Set a document's title",
        answer=ACCEPTED,
        body=Text(MAX_TITLE),
        refusals=(DocumentNotFound,),
        keyed=True,
    ),
)
def set_title(desk: Desk, caller: Caller, document_id: str, body: str, mark: Mark | None) -> None:
    """Sets the title, which at first is the file's name."""
    intents.annotate(desk, actor_of(caller), document_id, Note(title=body), mark)
