"""Documents, deleted for good."""

from __future__ import annotations

from dataclasses import replace

from services.documents.api.actors import actor_of
from services.documents.domain.erasures import Erasure
from services.documents.errors import DocumentNotFound, ErasureNotFound, Overtaken
from services.documents.ports import Desk
from services.documents.schemas import erasures as answers
from services.documents.usecases import erasing
from shared.bearer import Caller
from shared.web.routes import Answer, Lead, Operation, Routes

routes: Routes[Desk] = Routes("documents")


@routes.delete(
    "/v2/documents/<document_id>",
    Operation(
        scope="documents.write",
        summary="Delete a document",
        answer=Answer(200, answers.Erasure, leads=(Lead("show_erasure", {"document_id": "documentId"}),)),
        refusals=(DocumentNotFound, Overtaken),
    ),
)
def delete_document(desk: Desk, caller: Caller, document_id: str) -> Erasure:
    """Deletes a document in any state, with all that was read from it and those of its files that no other document
    has, and gives the proof; asked again, the same.
    """
    return _told(caller, erasing.delete_document(desk, actor_of(caller), document_id))


@routes.get(
    "/v2/documents/<document_id>/erasure",
    Operation(
        scope="documents.read",
        summary="Read the proof of a deletion",
        answer=Answer(200, answers.Erasure),
        refusals=(ErasureNotFound,),
    ),
)
def show_erasure(desk: Desk, caller: Caller, document_id: str) -> Erasure:
    """What a deleted document was, and who deleted it when; nothing of what was in it."""
    return _told(caller, erasing.get_erasure(desk, actor_of(caller).reach, document_id))


def _told(caller: Caller, erasure: Erasure) -> Erasure:
    return replace(erasure, state=erasure.documented_state) if caller.documented_states else erasure
