"""The database as a whole: its connection, its indexes, what goes out of it."""

from __future__ import annotations

from mongoengine.connection import get_db

from services.documents.models import ALIAS, CaseRecord, DocumentRecord, ProjectRecord, ProofRecord, RoutingRecord
from services.documents.repository import counts
from services.documents.repository.upgrades import upgrade
from shared import database
from shared.database.marks import ensure_mark_index
from shared.database.numbers import Numbers
from shared.database.outbox import MongoOutbox
from shared.messaging.outbox import Outboxes

# To index millions of documents takes longer than a request may.
PREPARE_SECONDS = 3600.0


class Database:
    """The connection of this process. Nothing is sent to the server before it is used."""

    def __init__(self, mongodb_url: str) -> None:
        database.connect(mongodb_url, ALIAS)
        self.numbers = Numbers(get_db(ALIAS)["numbers"])
        self._outboxes = [MongoOutbox(record._get_collection()) for record in (DocumentRecord, ProofRecord)]
        self.outbox = Outboxes(*self._outboxes)

    def prepare(self) -> None:
        """Make the indexes that queries rely on, on a server that keeps our guarantees."""
        database.refuse_standalone(ALIAS)
        with database.timely(PREPARE_SECONDS):
            for record in (DocumentRecord, CaseRecord, ProofRecord, ProjectRecord, RoutingRecord):
                record.ensure_indexes()
            for outbox in self._outboxes:
                outbox.ensure_indexes()
            for record in (DocumentRecord, CaseRecord, ProjectRecord, RoutingRecord):
                ensure_mark_index(record._get_collection())
            counts.ensure_index()
            upgrade()

    def is_up(self) -> bool:
        return database.is_up(ALIAS)
