"""Documents that are deleted for good, and the proof that they were."""

from __future__ import annotations

from services.documents.domain.actors import Actor, Reach
from services.documents.domain.erasures import Erasure, erasure_of
from services.documents.errors import DocumentNotFound, ErasureNotFound, Overtaken
from services.documents.ports import Desk
from services.documents.usecases.announcing import announce
from services.documents.usecases.stepping import note_deletion
from shared.contracts.documents import DocumentDeleted

TRIES = 10
"""How often the document, or one that shares a file with it, may change meanwhile."""


def delete_document(desk: Desk, actor: Actor, document_id: str) -> Erasure:
    """The proof that the document is deleted, whatever its state was; if that was done before, the one of then.

    What others keep because of it follows. DocumentNotFound, Overtaken.
    """
    for _ in range(TRIES):
        document = desk.documents.find(actor.company_id, document_id)
        if document is None:
            return _former(desk, actor.reach, document_id)
        if not actor.reach.covers(document.project_id):
            raise DocumentNotFound
        unshared = desk.documents.unshared(document)
        proof = erasure_of(document, unshared, max(desk.clock(), document.history[-1].at), actor.client_id)
        fact = DocumentDeleted(document.id, unshared)
        if desk.documents.erase(document, proof, announce(actor, proof.deleted_at, fact)):
            note_deletion(desk, document, actor)
            return proof
    raise Overtaken


def get_erasure(desk: Desk, reach: Reach, document_id: str) -> Erasure:
    """The proof that the document was deleted; ErasureNotFound."""
    try:
        return _former(desk, reach, document_id)
    except DocumentNotFound as unknown:
        raise ErasureNotFound from unknown


def _former(desk: Desk, reach: Reach, document_id: str) -> Erasure:
    erasure = desk.documents.erasure(reach.company_id, document_id)
    if erasure is None or not reach.covers(erasure.project_id):
        raise DocumentNotFound
    return erasure
