"""The bus door of files: a document was deleted."""

from __future__ import annotations

from functools import partial

from services.files.domain.actors import SYSTEM, Actor
from services.files.ports import Desk
from services.files.usecases import deleting
from shared.contracts.documents import DocumentDeleted
from shared.contracts.envelope import Envelope
from shared.messaging.reactions import Reaction, Reactions
from shared.origin import next_span


def reactions(desk: Desk) -> Reactions:
    """What files does with each message it receives."""
    return {DocumentDeleted: Reaction(partial(document_deleted, desk))}


def document_deleted(desk: Desk, envelope: Envelope) -> None:
    actor = Actor(envelope.company_id, SYSTEM, envelope.correlation_id, next_span(envelope.traceparent))
    deleting.delete_files_of_document(desk, actor, envelope.body.document_id, envelope.body.file_ids)
