"""What a client reports or wishes about a document: transfers, rejection, another processing, title, external data."""

from __future__ import annotations

from collections.abc import Callable

from services.documents.domain.actors import SYSTEM, Actor
from services.documents.domain.documents import Document, Move, Note
from services.documents.domain.states import State
from services.documents.errors import DocumentNotFound, StateConflict
from services.documents.ports import Desk
from services.documents.ports.documents import NOTHING_MORE, Change
from services.documents.usecases.announcing import announce
from services.documents.usecases.arriving import command_for
from services.documents.usecases.projects import get_project
from services.documents.usecases.reading import get_document
from services.documents.usecases.stepping import take_steps
from shared.idempotency import Mark

TRIES = 5
"""How often the system may be faster. A document is handed over once and comes back once, so that two are enough."""

_AGAIN = Move(State.PROCESSING, "reprocess_requested")


def report_transfer(
    desk: Desk, actor: Actor, document_id: str, successful: bool, message: str | None, mark: Mark | None = None
) -> None:
    """The ERP took the document, or did not. DocumentNotFound, StateConflict, KeyReused."""
    state = State.TRANSFERRED if successful else State.TRANSFER_FAILED
    _move(desk, actor, document_id, Move(state, "transfer_reported", message), mark)


def reject(desk: Desk, actor: Actor, document_id: str, message: str | None, mark: Mark | None = None) -> None:
    """Nobody shall work on the document any more; before its result is there, that cancels it."""
    _move(desk, actor, document_id, Move(State.REJECTED, "rejected_by_client", message), mark)


def cancel(desk: Desk, actor: Actor, document_id: str, message: str | None, mark: Mark | None = None) -> None:
    """Nobody waits for the document's result any more. StateConflict when it is there already."""

    def check(document: Document) -> Change:
        if document.state not in (State.NEW, State.PROCESSING):
            raise StateConflict(f"The document is {document.state}: its processing is over. Reject it instead.")
        return NOTHING_MORE

    _move(desk, actor, document_id, Move(State.REJECTED, "cancelled", message), mark, check)


def reprocess(desk: Desk, actor: Actor, document_id: str, mark: Mark | None = None) -> None:
    """Have the document read once more, as its project wants it now. What was read before stays until then."""

    def order(document: Document) -> Change:
        if document.state is State.NEW:
            raise StateConflict("The document is new: it is going to be processed anyway.")
        step = document.step(_AGAIN, actor.client_id, desk.clock())
        manifest = desk.manifests.find(actor.company_id, document.file_id)
        if manifest is None:
            raise StateConflict("The file of this document was deleted. Upload it again and process that one.")
        project = get_project(desk, actor.reach, document.project_id)
        command = command_for(desk, document.after([step]), project, manifest)
        return Change(outgoing=announce(actor, step.at, command))

    _move(desk, actor, document_id, _AGAIN, mark, order)


def annotate(desk: Desk, actor: Actor, document_id: str, note: Note, mark: Mark | None = None) -> None:
    """Set the title, the external id or the external data, whatever the state. DocumentNotFound, KeyReused."""
    document = get_document(desk, actor.reach, document_id)
    if _is_done(desk, mark):
        return
    changed = desk.documents.annotate(actor.company_id, document.id, note, actor.client_id, desk.clock(), mark)
    if not changed and not _is_done(desk, mark):
        raise DocumentNotFound


def _move(
    desk: Desk,
    actor: Actor,
    document_id: str,
    move: Move,
    mark: Mark | None,
    prepare: Callable[[Document], Change] = lambda _: NOTHING_MORE,
) -> None:
    """Take the step, and what `prepare` says comes with it, which it may also refuse. Another client that was faster is
    told; the system gives way.
    """
    for _ in range(TRIES):
        document = get_document(desk, actor.reach, document_id)
        # Asked after the document was read, so that what the same request has just changed is no conflict.
        if _is_done(desk, mark):
            return
        if take_steps(desk, document, [move], actor, prepare(document), mark) or _is_done(desk, mark):
            return
        document = get_document(desk, actor.reach, document_id)
        if document.history[-1].by != SYSTEM:
            break
    raise document.overtaken()


def _is_done(desk: Desk, mark: Mark | None) -> bool:
    """Did the same request have its effect before?"""
    return mark is not None and desk.documents.marked(mark) is not None
