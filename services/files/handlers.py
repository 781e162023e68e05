"""The bus door of files: a document was deleted, or taken apart."""

from __future__ import annotations

from functools import partial

from services.files.domain.actors import SYSTEM, Actor
from services.files.ports import Desk
from services.files.usecases import deleting, members
from shared.contracts.documents import DocumentDeleted, MembersDeclined
from shared.contracts.envelope import Envelope
from shared.contracts.extraction import DocumentSplit
from shared.messaging.reactions import Reaction, Reactions
from shared.origin import next_span


def reactions(desk: Desk) -> Reactions:
    """What files does with each message it receives."""
    return {
        DocumentSplit: Reaction(partial(document_split, desk), partial(members_given_up, desk)),
        MembersDeclined: Reaction(partial(files_lost_their_document, desk)),
        DocumentDeleted: Reaction(partial(files_lost_their_document, desk)),
    }


def document_split(desk: Desk, envelope: Envelope) -> None:
    members.store_members(desk, _system(envelope), envelope.body)


def members_given_up(desk: Desk, envelope: Envelope, _reason: str) -> None:
    members.give_up_members(desk, _system(envelope), envelope.body)


def files_lost_their_document(desk: Desk, envelope: Envelope) -> None:
    deleting.delete_files_of_document(desk, _system(envelope), envelope.body.document_id, envelope.body.file_ids)


def _system(envelope: Envelope) -> Actor:
    return Actor(envelope.company_id, SYSTEM, envelope.correlation_id, next_span(envelope.traceparent))
