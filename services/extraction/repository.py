"""Jobs in MongoDB: each change is one conditional update, so that of two workers with one job one announces its end."""

from __future__ import annotations

from datetime import datetime

from services.extraction.models import ALIAS, ErasedRecord, JobRecord
from services.extraction.ports import Job
from shared import database
from shared.contracts.envelope import Envelope
from shared.database.outbox import MongoOutbox, outbox_update

RUNNING, FINISHED = "running", "finished"


class MongoJobs:
    """The port `Jobs`, and the connection of this process. Nothing is sent to the server before it is used."""

    def __init__(self, mongodb_url: str) -> None:
        database.connect(mongodb_url, ALIAS)
        self.outbox = MongoOutbox(JobRecord._get_collection())

    def prepare(self) -> None:
        """Make the indexes that queries rely on, on a server that keeps our guarantees."""
        database.refuse_standalone(ALIAS)
        JobRecord.ensure_indexes()
        self.outbox.ensure_indexes()

    def is_up(self) -> bool:
        return database.is_up(ALIAS)

    def begin(self, job: Job, at: datetime) -> bool:
        with database.timely():
            record = JobRecord.objects(id=_key(job)).modify(
                upsert=True,
                new=True,
                set_on_insert__company_id=job.company_id,
                set_on_insert__document_id=job.document_id,
                set_on_insert__attempt=job.attempt,
                set_on_insert__state=RUNNING,
                set_on_insert__started_at=at,
                inc__runs=1,
            )
            # Asked last: whoever erases says so first and then removes the jobs, so that one of both finds this one.
            if _is_erased(job.company_id, job.document_id):
                JobRecord.objects(id=_key(job)).delete()
                return False
        return bool(record.state == RUNNING)

    def finish(self, job: Job, outcome: str, announcement: Envelope, at: datetime) -> bool:
        changes = outbox_update([announcement], at)
        changes["$set"] |= {"state": FINISHED, "outcome": outcome, "finishedAt": at}
        with database.timely():
            before = JobRecord.objects(id=_key(job), state=RUNNING).modify(__raw__=changes)
        return before is not None

    def erase(self, company_id: str, document_id: str, at: datetime) -> None:
        with database.timely():
            erasure = ErasedRecord.objects(id=document_id, company_id=company_id)
            erasure.update_one(upsert=True, set_on_insert__erased_at=at)
            JobRecord.objects(company_id=company_id, document_id=document_id).delete()

    def is_erased(self, company_id: str, document_id: str) -> bool:
        with database.timely():
            return _is_erased(company_id, document_id)


def _is_erased(company_id: str, document_id: str) -> bool:
    return ErasedRecord.objects(id=document_id, company_id=company_id).first() is not None


def _key(job: Job) -> str:
    return f"{job.document_id}/{job.attempt}"
