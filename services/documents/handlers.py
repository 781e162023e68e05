"""The bus door of documents: what extraction answers, and what the relay reports as sent."""

from __future__ import annotations

from functools import partial

from services.documents.domain.actors import Actor
from services.documents.ports import Desk
from services.documents.usecases import processing, splitting
from services.documents.usecases.stepping import system
from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope
from shared.contracts.extraction import DocumentExtracted, DocumentRefused
from shared.contracts.files import MembersStored
from shared.messaging.reactions import Reaction, Reactions
from shared.origin import next_span


def reactions(desk: Desk) -> Reactions:
    """What documents does with each message it receives."""
    return {
        DocumentExtracted: Reaction(partial(document_extracted, desk), partial(result_given_up, desk)),
        DocumentRefused: Reaction(partial(document_refused, desk), partial(refusal_given_up, desk)),
        MembersStored: Reaction(partial(members_stored, desk), partial(members_given_up, desk)),
    }


def document_extracted(desk: Desk, envelope: Envelope) -> None:
    processing.accept_result(desk, _system(envelope), envelope.body)


def result_given_up(desk: Desk, envelope: Envelope, _reason: str) -> None:
    processing.give_up(desk, _system(envelope), envelope.body)


def document_refused(desk: Desk, envelope: Envelope) -> None:
    processing.accept_refusal(desk, _system(envelope), envelope.body)


def refusal_given_up(desk: Desk, envelope: Envelope, _reason: str) -> None:
    """Asked again until it succeeds: a refusal that is never taken in would leave its document in processing."""
    document_refused(desk, envelope)


def members_stored(desk: Desk, envelope: Envelope) -> None:
    splitting.accept_members(desk, _system(envelope), envelope.body)


def members_given_up(desk: Desk, envelope: Envelope, _reason: str) -> None:
    splitting.give_up(desk, _system(envelope), envelope.body)


def message_sent(desk: Desk, envelope: Envelope) -> None:
    """What follows once the broker has a message: a document whose command has left is in processing."""
    if isinstance(envelope.body, ProcessDocument):
        processing.hand_over(desk, _system(envelope), envelope.body.document_id, envelope.body.attempt)


def _system(envelope: Envelope) -> Actor:
    """The system, which acts because of the request that the message comes from."""
    return system(envelope.company_id, envelope.correlation_id, next_span(envelope.traceparent))
