"""Builds documents from its settings, once per process."""

from __future__ import annotations

from dataclasses import dataclass

from services.documents.adapters.storage import (
    StoredFieldLists,
    StoredMails,
    StoredManifests,
    StoredPages,
    StoredResults,
)
from services.documents.ports import Desk
from services.documents.repository.cases import MongoCases
from services.documents.repository.database import Database
from services.documents.repository.documents import MongoDocuments
from services.documents.repository.projects import MongoProjects
from services.documents.repository.recounting import recount
from services.documents.repository.routings import MongoRoutings
from services.documents.settings import Stores
from shared.audit.journal import ChainJournal
from shared.audit.log import AuditLog
from shared.clock import utc_now
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
    """The desk over MongoDB and S3; the indexes are made in the background, the buckets by those who fill them."""
    database = Database(stores.mongodb_url)
    audit = AuditLog("documents", process, stores.audit)
    store = S3Store(*stores.object_storage)
    desk = Desk(
        documents=MongoDocuments(),
        cases=MongoCases(),
        projects=MongoProjects(),
        routings=MongoRoutings(),
        numbers=database.numbers,
        manifests=StoredManifests(store, stores.files_bucket),
        field_lists=StoredFieldLists(store, stores.files_bucket),
        results=StoredResults(store),
        pages=StoredPages(store),
        mails=StoredMails(store),
        journal=audit.journal,
        trail=audit.trail,
        base_url=stores.base_url,
        clock=utc_now,
    )

    def prepare() -> None:
        database.prepare()
        audit.prepare()

    prepared = Preparation(prepare)

    def ready() -> dict[str, bool]:
        return {"prepared": prepared.done, "mongodb": database.is_up(), "s3": store.is_up(stores.files_bucket)}

    audit.journal.start()
    return Built(desk, Outboxes(database.outbox, audit.heads.outbox), ready, audit.journal)


def set_counts_right(mongodb_url: str, company_id: str | None) -> int:
    """Count the documents of the company, or all, anew; of how many projects the counts were wrong. Unavailable."""
    Database(mongodb_url)
    return recount(company_id)
