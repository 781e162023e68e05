"""Builds extraction from its settings, once per process."""

from __future__ import annotations

from dataclasses import dataclass

from services.extraction.adapters.sandbox import Sandbox
from services.extraction.adapters.sandbox.protocol import Limits
from services.extraction.adapters.storage import StoredFiles
from services.extraction.ports import Desk
from services.extraction.repository import MongoJobs
from services.extraction.settings import Settings
from shared.clock import utc_now
from shared.messaging.outbox import Outbox
from shared.metrics import Readiness
from shared.startup import Preparation
from shared.storage import S3Store


@dataclass(frozen=True, slots=True)
class Built:
    """The desk, the outbox of its jobs, what readiness depends on, and the sandbox, to be closed in the end."""

    desk: Desk
    outbox: Outbox
    ready: Readiness
    sandbox: Sandbox


def build(settings: Settings) -> Built:
    """The desk over MongoDB, S3 and the sandbox; indexes, bucket and fork server are prepared in the background."""
    jobs = MongoJobs(settings.mongodb_url)
    store = S3Store(*settings.object_storage)
    sandbox = Sandbox(settings.tessdata, Limits(seconds=settings.job_seconds))

    def prepare() -> None:
        sandbox.start()
        jobs.prepare()
        store.ensure_bucket(settings.extracts_bucket)

    prepared = Preparation(prepare)

    def ready() -> dict[str, bool]:
        return {
            "prepared": prepared.done,
            "mongodb": jobs.is_up(),
            "s3": store.is_up(settings.extracts_bucket),
            "sandbox": sandbox.ready,
        }

    return Built(
        Desk(jobs, StoredFiles(store, settings.extracts_bucket), sandbox, utc_now), jobs.outbox, ready, sandbox
    )
