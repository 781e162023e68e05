"""The audit log of one process, put together: what its wiring makes, starts and closes."""

from __future__ import annotations

from mongoengine.connection import get_db

from shared.audit.chain import Writer
from shared.audit.heads import COLLECTION, Deliver, Heads
from shared.audit.journal import ChainJournal
from shared.audit.spool import Spool
from shared.audit.store import MongoTrail
from shared.settings import AuditSettings


def writer_of(service: str, process: str, settings: AuditSettings) -> Writer:
    first, *before = (key.encode() for key in settings.keys)
    return Writer(service, process, first, tuple(before))


class AuditLog:
    """The chains in the database of `service` (also its alias), and the one that this `process` adds.

    `deliver` takes heads to auth; without it they leave as messages by `heads.outbox`, which a relay must empty.
    """

    def __init__(self, service: str, process: str, settings: AuditSettings, deliver: Deliver | None = None) -> None:
        writer = writer_of(service, process, settings)
        database = get_db(service)
        self.heads = Heads(database[COLLECTION], deliver)
        self.trail = MongoTrail(database["audit"], writer, self.heads)
        self.journal = ChainJournal(self.trail, writer, Spool(settings.spool, writer), self.heads.report)

    def prepare(self) -> None:
        """Make the indexes; for the background, at the start. Safe to repeat."""
        self.trail.prepare()
        self.heads.prepare()
