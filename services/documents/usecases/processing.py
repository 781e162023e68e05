"""The way of a document from arrival to a verdict: handed over to extraction, and what comes back. Here the system
acts, because of what a client did.
"""

from __future__ import annotations

from services.documents.domain.actors import Actor
from services.documents.domain.documents import Document, Findings, Move
from services.documents.domain.states import State
from services.documents.errors import ResultUnusable
from services.documents.ports import Desk
from services.documents.ports.documents import Change
from services.documents.usecases.settling import settle
from services.documents.usecases.stepping import take_steps
from shared.contracts.extraction import DocumentExtracted, DocumentRefused, ExtractionResult
from shared.contracts.pages import KeptPages


def hand_over(desk: Desk, actor: Actor, document_id: str, attempt: int) -> None:
    """The command to process has left: new becomes processing. Without effect when that, or more, has happened."""
    document = desk.documents.find(actor.company_id, document_id)
    if document and document.state is State.NEW and document.attempt == attempt:
        move = Move(State.PROCESSING, "handed_over")
        take_steps(desk, document, [move], actor)


def accept_result(desk: Desk, actor: Actor, fact: DocumentExtracted) -> None:
    """Keep what was read and go where it leads. A result that cannot be kept fails the document; Unavailable passes
    through.
    """
    document = awaiting(desk, actor, fact.document_id, fact.attempt)
    if document is None:
        return
    try:
        result = desk.results.read(fact.result)
        settle(desk, document, Change(_findings(result, fact.pages), mail=fact.mail), actor)
    except ResultUnusable as unusable:
        _fail(desk, document, actor, Move(State.FAILED, unusable.reason, unusable.detail))


def accept_refusal(desk: Desk, actor: Actor, fact: DocumentRefused) -> None:
    """Extraction cannot read the document: failed or junk, with its code and sentence."""
    document = awaiting(desk, actor, fact.document_id, fact.attempt)
    if document:
        state = State.JUNK if fact.outcome == "junk" else State.FAILED
        _fail(desk, document, actor, Move(state, fact.code, fact.message))


def give_up(desk: Desk, actor: Actor, fact: DocumentExtracted) -> None:
    """All attempts to take over the result are used up: the document fails rather than wait for ever."""
    document = awaiting(desk, actor, fact.document_id, fact.attempt)
    if document:
        sentence = "What was read from the document could not be taken over. Process the file again."
        _fail(desk, document, actor, Move(State.FAILED, "processing_failed", sentence))


def awaiting(desk: Desk, actor: Actor, document_id: str, attempt: int) -> Document | None:
    """The document in processing, if it waits for an answer to this attempt.

    An answer may be faster than the relay that handed the command over; then that step is taken first.
    """
    document = desk.documents.find(actor.company_id, document_id)
    if document and document.state is State.NEW:
        hand_over(desk, actor, document_id, attempt)
        document = desk.documents.find(actor.company_id, document_id)
    waits = document and document.state is State.PROCESSING and document.attempt == attempt
    return document if waits else None


def _findings(result: ExtractionResult, pages: KeptPages | None) -> Findings:
    return Findings(result.document_type, result.entities, result.details, result.checks, pages)


def _fail(desk: Desk, document: Document, actor: Actor, move: Move) -> None:
    take_steps(desk, document, [move], actor)
