"""Builds files from its settings, once per process."""

from __future__ import annotations

from dataclasses import dataclass

from services.files.adapters.storage import StoredFiles
from services.files.ports import Desk
from services.files.repository import MongoFiles
from services.files.settings import AppSettings, WorkerSettings
from shared.audit.heads import outbox_of_heads
from shared.audit.journal import ChainJournal
from shared.audit.log import AuditLog
from shared.bearer import Bearer, TrustPoller
from shared.clock import utc_now
from shared.ids import new_uuid
from shared.messaging.outbox import Outbox
from shared.metrics import Readiness
from shared.startup import Preparation
from shared.storage import S3Store


@dataclass(frozen=True, slots=True)
class Built:
    """The desk, who may come to it, what readiness depends on, and the journal, which must be closed."""

    desk: Desk
    bearer: Bearer
    ready: Readiness
    journal: ChainJournal


def build(settings: AppSettings) -> Built:
    """The desk over MongoDB and object storage, which are made ready in the background."""
    files = MongoFiles(settings.mongodb_url)
    audit = AuditLog("files", "files", settings.audit)
    store = S3Store(*settings.object_storage)
    trust = TrustPoller(settings.auth_url)

    def prepare() -> None:
        files.prepare()
        audit.prepare()
        store.ensure_bucket(settings.bucket)

    prepared = Preparation(prepare)
    desk = Desk(
        storage=StoredFiles(store, settings.bucket),
        files=files,
        numbers=files.numbers,
        journal=audit.journal,
        trail=audit.trail,
        clock=utc_now,
        new_id=new_uuid,
    )

    def ready() -> dict[str, bool]:
        return {
            "prepared": prepared.done,
            "mongodb": files.is_up(),
            "s3": store.is_up(settings.bucket),
            "trust": trust.ready,
        }

    audit.journal.start()
    return Built(desk, Bearer(trust), ready, audit.journal)


def build_outbox(settings: WorkerSettings) -> tuple[Outbox, Readiness]:
    """What leaves files as messages."""
    files = MongoFiles(settings.mongodb_url)
    return outbox_of_heads("files"), lambda: {"mongodb": files.is_up()}
