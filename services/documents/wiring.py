"""Builds documents from its settings, once per process."""

from __future__ import annotations

from dataclasses import dataclass

from services.documents.adapters.storage import StoredManifests, StoredResults
from services.documents.ports import Desk
from services.documents.repository.database import Database
from services.documents.repository.documents import MongoDocuments
from services.documents.repository.projects import MongoCases, MongoProjects
from services.documents.settings import Stores
from shared.clock import utc_now
from shared.messaging.outbox import Outbox
from shared.metrics import Readiness
from shared.startup import Preparation
from shared.storage import S3Store


@dataclass(frozen=True, slots=True)
class Built:
    """The desk, the outbox of its documents, and what readiness depends on."""

    desk: Desk
    outbox: Outbox
    ready: Readiness


def build(stores: Stores) -> Built:
    """The desk over MongoDB and S3; the indexes are made in the background, the buckets by those who fill them."""
    database = Database(stores.mongodb_url)
    store = S3Store(*stores.object_storage)
    desk = Desk(
        documents=MongoDocuments(),
        cases=MongoCases(),
        projects=MongoProjects(),
        numbers=database.numbers,
        manifests=StoredManifests(store, stores.files_bucket),
        results=StoredResults(store),
        base_url=stores.base_url,
        clock=utc_now,
    )
    prepared = Preparation(database.prepare)

    def ready() -> dict[str, bool]:
        return {"prepared": prepared.done, "mongodb": database.is_up(), "s3": store.is_up(stores.files_bucket)}

    return Built(desk, database.outbox, ready)
