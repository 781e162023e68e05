"""The database as a whole: its connection, its indexes, what goes out of it."""

from __future__ import annotations

from mongoengine.connection import get_db

from services.files.models import ALIAS, ErasureRecord, FileRecord, TakeoverRecord, UploadRecord
from shared import database
from shared.database.marks import ensure_mark_index
from shared.database.numbers import Numbers
from shared.database.outbox import MongoOutbox
from shared.messaging.outbox import Outboxes


class Database:
    """The connection of this process. Nothing is sent to the server before it is used."""

    def __init__(self, mongodb_url: str) -> None:
        database.connect(mongodb_url, ALIAS)
        self.numbers = Numbers(get_db(ALIAS)["numbers"])
        self._outboxes = [MongoOutbox(record._get_collection()) for record in (ErasureRecord, TakeoverRecord)]
        self.outbox = Outboxes(*self._outboxes)

    def prepare(self) -> None:
        """Make the indexes that queries rely on, on a server that keeps our guarantees."""
        database.refuse_standalone(ALIAS)
        for record in (FileRecord, UploadRecord, TakeoverRecord, ErasureRecord):
            record.ensure_indexes()
        for record in (FileRecord, UploadRecord):
            ensure_mark_index(record._get_collection())
        for outbox in self._outboxes:
            outbox.ensure_indexes()

    def is_up(self) -> bool:
        return database.is_up(ALIAS)
