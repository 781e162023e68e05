"""The bus door of extraction: the command to read a document, and facts by which something goes."""

from __future__ import annotations

from functools import partial

from services.extraction import usecases
from services.extraction.ports import Desk
from shared.contracts.documents import DocumentDeleted, ProcessDocument
from shared.contracts.envelope import Envelope
from shared.contracts.files import MembersStored
from shared.messaging.reactions import Reaction, Reactions


def reactions(desk: Desk) -> Reactions:
    """What extraction does with each message it receives."""
    return {
        ProcessDocument: Reaction(partial(usecases.read_document, desk), partial(given_up, desk)),
        MembersStored: Reaction(partial(members_stored, desk)),
        DocumentDeleted: Reaction(partial(document_deleted, desk)),
    }


def given_up(desk: Desk, envelope: Envelope, _reason: str) -> None:
    """The reason is in the log and with the dead letter; strangers are told only that it was ours."""
    usecases.give_up(desk, envelope)


def members_stored(desk: Desk, envelope: Envelope) -> None:
    usecases.forget_members(desk, envelope.company_id, envelope.body)


def document_deleted(desk: Desk, envelope: Envelope) -> None:
    usecases.erase_document(desk, envelope.company_id, envelope.body.document_id)
