"""What a client reports or wishes about a document: transfers, rejection, title, external id and data."""

from __future__ import annotations

from services.documents.domain.actors import Actor
from services.documents.domain.documents import Move, Note
from services.documents.domain.states import State
from services.documents.errors import DocumentNotFound
from services.documents.ports import Desk
from services.documents.usecases.reading import get_document
from services.documents.usecases.stepping import take_steps
from shared.idempotency import Mark


def report_transfer(
    desk: Desk, actor: Actor, document_id: str, successful: bool, message: str | None, mark: Mark | None = None
) -> None:
    """The ERP took the document, or did not. DocumentNotFound, StateConflict, KeyReused."""
    state = State.TRANSFERRED if successful else State.TRANSFER_FAILED
    _move(desk, actor, document_id, Move(state, "transfer_reported", message), mark)


def reject(desk: Desk, actor: Actor, document_id: str, message: str | None, mark: Mark | None = None) -> None:
    """Nobody shall work on the document any more; before its result is there, that cancels it."""
    _move(desk, actor, document_id, Move(State.REJECTED, "rejected_by_client", message), mark)


def annotate(desk: Desk, actor: Actor, document_id: str, note: Note, mark: Mark | None = None) -> None:
    """Set the title, the external id or the external data, whatever the state. DocumentNotFound, KeyReused."""
    document = get_document(desk, actor.reach, document_id)
    if _is_done(desk, mark):
        return
    changed = desk.documents.annotate(actor.company_id, document.id, note, actor.client_id, desk.clock(), mark)
    if not changed and not _is_done(desk, mark):
        raise DocumentNotFound


def _move(desk: Desk, actor: Actor, document_id: str, move: Move, mark: Mark | None) -> None:
    document = get_document(desk, actor.reach, document_id)
    # Asked after the document was read, so that what the same request has just changed is not taken for a conflict.
    if _is_done(desk, mark):
        return
    if not take_steps(desk, document, [move], actor, mark=mark) and not _is_done(desk, mark):
        raise get_document(desk, actor.reach, document_id).overtaken()


def _is_done(desk: Desk, mark: Mark | None) -> bool:
    """Did the same request have its effect before?"""
    return mark is not None and desk.documents.marked(mark) is not None
