"""The bus door of extraction: the command to read a document, and the fact that one was deleted."""

from __future__ import annotations

from functools import partial

from services.extraction import usecases
from services.extraction.ports import Desk
from shared.contracts.documents import DocumentDeleted, ProcessDocument
from shared.contracts.envelope import Envelope
from shared.messaging.reactions import Reaction, Reactions


def reactions(desk: Desk) -> Reactions:
    """What extraction does with each message it receives."""
    return {
        ProcessDocument: Reaction(partial(usecases.read_document, desk), partial(given_up, desk)),
        DocumentDeleted: Reaction(partial(document_deleted, desk)),
    }


def given_up(desk: Desk, envelope: Envelope, _reason: str) -> None:
    """The reason is in the log and with the dead letter; strangers are told only that it was ours."""
    usecases.give_up(desk, envelope)


def document_deleted(desk: Desk, envelope: Envelope) -> None:
    usecases.erase_document(desk, envelope.company_id, envelope.body.document_id)
