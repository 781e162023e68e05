"""Documents made of files."""

from __future__ import annotations

from services.documents.api.actors import actor_of
from services.documents.domain.documents import Document, Order
from services.documents.errors import (
    FileNotFound,
    FirstTaken,
    ProjectNotFound,
)
from services.documents.ports import Desk
from services.documents.schemas import answers, requests
from services.documents.usecases import arriving
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.web.routes import Answer, Json, Lead, Operation, Routes

routes: Routes[Desk] = Routes("documents")

_ID = {"document_id": "documentId"}
_LEADS = tuple(
    Lead(operation, _ID)
    for operation in ("show_document", "list_states", "cancel_document", "report_transfer", "delete_document")
)


@routes.post(
    "/v2/documents/process-file",
    Operation(
        scope="documents.write",
        summary="Process a file",
        answer=Answer(202, answers.Accepted, leads=_LEADS),
        body=Json(requests.ProcessFile),
        refusals=(FileNotFound, ProjectNotFound, FirstTaken),
        keyed=True,
    ),
)
def process_file(desk: Desk, caller: Caller, body: Order, mark: Mark | None) -> Document:
    """Makes a document of an uploaded file and has it processed in the project. Ask for its state until it is final."""
    return arriving.process_file(desk, actor_of(caller), body, mark)
