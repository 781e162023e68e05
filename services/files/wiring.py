"""Builds files from its settings, once per process."""

from __future__ import annotations

from dataclasses import dataclass

from services.files.adapters.storage import StoredFiles
from services.files.ports import Desk
from services.files.repository.database import Database
from services.files.repository.erasures import MongoErasures
from services.files.repository.files import MongoFiles
from services.files.repository.takeovers import MongoTakeovers
from services.files.repository.uploads import MongoUploads
from services.files.settings import Stores
from shared.audit.journal import ChainJournal
from shared.audit.log import AuditLog
from shared.clock import utc_now
from shared.ids import new_uuid
from shared.messaging.outbox import Outbox, Outboxes
from shared.metrics import Readiness
from shared.startup import Preparation
from shared.storage import S3Store


@dataclass(frozen=True, slots=True)
class Built:
    """The desk, the messages that leave its database, what readiness depends on, and the journal to be closed."""

    desk: Desk
    outbox: Outbox
    ready: Readiness
    journal: ChainJournal


def build(process: str, stores: Stores) -> Built:
    """The desk over MongoDB and object storage, which are made ready in the background."""
    database = Database(stores.mongodb_url)
    audit = AuditLog("files", process, stores.audit)
    store = S3Store(*stores.object_storage)

    def prepare() -> None:
        database.prepare()
        audit.prepare()
        store.ensure_bucket(stores.bucket)

    prepared = Preparation(prepare)
    desk = Desk(
        storage=StoredFiles(store, stores.bucket),
        files=MongoFiles(),
        uploads=MongoUploads(stores.bucket),
        takeovers=MongoTakeovers(),
        erasures=MongoErasures(),
        numbers=database.numbers,
        journal=audit.journal,
        trail=audit.trail,
        clock=utc_now,
        new_id=new_uuid,
    )

    def ready() -> dict[str, bool]:
        return {"prepared": prepared.done, "mongodb": database.is_up(), "s3": store.is_up(stores.bucket)}

    audit.journal.start()
    return Built(desk, Outboxes(database.outbox, audit.heads.outbox), ready, audit.journal)
