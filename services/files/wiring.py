"""Builds files from its settings, once per process."""

from __future__ import annotations

from services.files.adapters.storage import StoredFiles
from services.files.ports import Desk
from services.files.repository import MongoFiles
from services.files.settings import Settings
from shared.bearer import Bearer, TrustPoller
from shared.clock import utc_now
from shared.ids import new_uuid
from shared.metrics import Readiness
from shared.startup import Preparation
from shared.storage import S3Store


def build(settings: Settings) -> tuple[Desk, Bearer, Readiness]:
    """The desk over MongoDB and object storage, which are made ready in the background, and who may come to it."""
    files = MongoFiles(settings.mongodb_url)
    store = S3Store(*settings.object_storage)
    trust = TrustPoller(settings.auth_url)

    def prepare() -> None:
        files.prepare()
        store.ensure_bucket(settings.bucket)

    prepared = Preparation(prepare)
    desk = Desk(StoredFiles(store, settings.bucket), files, files.numbers, utc_now, new_uuid)
    return (
        desk,
        Bearer(trust),
        lambda: {
            "prepared": prepared.done,
            "mongodb": files.is_up(),
            "s3": store.is_up(settings.bucket),
            "trust": trust.ready,
        },
    )
