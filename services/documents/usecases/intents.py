"""What a client reports or wishes about a document: transfers, rejection, title, external id and data."""

from __future__ import annotations

from services.documents.domain.documents import Actor, Move, Note
from services.documents.domain.states import State
from services.documents.errors import DocumentNotFound
from services.documents.ports import Desk
from services.documents.usecases.reading import get_document


def report_transfer(desk: Desk, actor: Actor, document_id: str, successful: bool, message: str | None) -> None:
    """The ERP took the document, or did not. DocumentNotFound, StateConflict."""
    state = State.TRANSFERRED if successful else State.TRANSFER_FAILED
    _move(desk, actor, document_id, Move(state, "transfer_reported", message))


def reject(desk: Desk, actor: Actor, document_id: str, message: str | None) -> None:
    """Nobody shall work on the document any more; before its result is there, that cancels it."""
    _move(desk, actor, document_id, Move(State.REJECTED, "rejected_by_client", message))


def annotate(desk: Desk, actor: Actor, document_id: str, note: Note) -> None:
    """Set the title, the external id or the external data, whatever the state. DocumentNotFound."""
    if not desk.documents.annotate(actor.company_id, document_id, note, actor.client_id, desk.clock()):
        raise DocumentNotFound


def _move(desk: Desk, actor: Actor, document_id: str, move: Move) -> None:
    document = get_document(desk, actor.company_id, document_id)
    if not desk.documents.advance(document, document.step(move, actor.client_id, desk.clock())):
        raise get_document(desk, actor.company_id, document_id).overtaken()
