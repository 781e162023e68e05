"""The database as a whole: its connection, its indexes, what goes out of it."""

from __future__ import annotations

from mongoengine.connection import get_db

from services.documents.models import ALIAS, CaseRecord, DocumentRecord, ProjectRecord
from shared import database


class Database:
    """The connection of this process. Nothing is sent to the server before it is used."""

    def __init__(self, mongodb_url: str) -> None:
        database.connect(mongodb_url, ALIAS)
        self.numbers = database.Numbers(get_db(ALIAS)["numbers"])
        self.outbox = database.MongoOutbox(DocumentRecord._get_collection())

    def prepare(self) -> None:
        """Make the indexes that queries rely on, on a server that keeps our guarantees."""
        database.refuse_standalone(ALIAS)
        for record in (DocumentRecord, CaseRecord, ProjectRecord):
            record.ensure_indexes()
        self.outbox.ensure_indexes()

    def is_up(self) -> bool:
        return database.is_up(ALIAS)
