"""What extraction needs of its jobs, asked of the fake and of MongoDB alike."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import mongoengine
import pytest
from mongoengine.connection import get_db

from services.extraction.models import ALIAS
from services.extraction.ports import Job, Jobs
from services.extraction.repository import MongoJobs
from shared.clock import utc_now
from shared.contracts.envelope import Envelope
from shared.contracts.extraction import DocumentRefused
from shared.errors import Unavailable
from shared.ids import new_hex_id, new_uuid
from shared.messaging.outbox import Outbox
from tests.support.fakes.extraction import MemoryJobs
from tests.support.messages import message
from tests.support.servers import Servers

DATABASE = "extraction_contract"


@dataclasses.dataclass
class Records:
    jobs: Jobs
    outbox: Outbox


@pytest.fixture(scope="module")
def mongo(servers: Servers) -> Iterator[MongoJobs]:
    jobs = MongoJobs(servers.mongodb_url(DATABASE))
    jobs.prepare()
    yield jobs
    get_db(ALIAS).client.drop_database(DATABASE)
    mongoengine.disconnect(ALIAS)


@pytest.fixture(params=["memory", "mongodb"])
def records(request: pytest.FixtureRequest) -> Records:
    if request.param == "mongodb":
        jobs: MongoJobs = request.getfixturevalue("mongo")
        get_db(ALIAS)["jobs"].delete_many({})
        return Records(jobs, jobs.outbox)
    fake = MemoryJobs()
    return Records(fake, fake)


def a_job(attempt: int = 1) -> Job:
    return Job(new_hex_id(), new_hex_id(), attempt)


def announcement(job: Job) -> Envelope:
    refused = DocumentRefused(job.document_id, job.attempt, "failed", "encrypted", "Send it without a password.")
    return dataclasses.replace(message(DocumentRefused), id=new_uuid(), company_id=job.company_id, body=refused)


def test_a_new_job_begins(records: Records) -> None:
    assert records.jobs.begin(a_job(), utc_now())


def test_a_job_that_did_not_finish_begins_again(records: Records) -> None:
    job = a_job()
    assert records.jobs.begin(job, utc_now())
    assert records.jobs.begin(job, utc_now())


def test_a_finished_job_does_not_begin(records: Records) -> None:
    job = a_job()
    records.jobs.begin(job, utc_now())
    assert records.jobs.finish(job, "encrypted", announcement(job), utc_now())
    assert not records.jobs.begin(job, utc_now())


def test_the_next_attempt_is_another_job(records: Records) -> None:
    job = a_job()
    records.jobs.begin(job, utc_now())
    records.jobs.finish(job, "encrypted", announcement(job), utc_now())
    assert records.jobs.begin(dataclasses.replace(job, attempt=2), utc_now())


def test_finishing_puts_the_announcement_into_the_outbox(records: Records) -> None:
    job = a_job()
    records.jobs.begin(job, utc_now())
    told = announcement(job)
    records.jobs.finish(job, "encrypted", told, utc_now())
    assert records.outbox.lease() == [told]
    records.outbox.sent(told)
    assert not records.outbox.lease()


def test_of_many_that_finish_a_job_one_announces(records: Records) -> None:
    job = a_job()
    records.jobs.begin(job, utc_now())
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda _: records.jobs.finish(job, "encrypted", announcement(job), utc_now()), range(8)))
    assert sum(won) == 1
    assert len(records.outbox.lease()) == 1


def test_many_that_begin_a_job_make_one_record(records: Records) -> None:
    job = a_job()
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: records.jobs.begin(job, utc_now()), range(8)))
    assert records.jobs.finish(job, "extracted", announcement(job), utc_now())
    assert not records.jobs.finish(job, "extracted", announcement(job), utc_now())


def test_a_job_that_never_began_cannot_finish(records: Records) -> None:
    job = a_job()
    assert not records.jobs.finish(job, "extracted", announcement(job), utc_now())
    assert not records.outbox.lease()


def test_the_jobs_of_an_erased_document_are_gone_with_what_they_had_to_say(records: Records) -> None:
    job, other = a_job(), a_job()
    for each in (job, other):
        records.jobs.begin(each, utc_now())
        records.jobs.finish(each, "encrypted", announcement(each), utc_now())
    for _ in range(2):  # safe to repeat
        records.jobs.erase(job.company_id, job.document_id, utc_now())
        assert records.jobs.is_erased(job.company_id, job.document_id)
        assert not records.jobs.begin(job, utc_now())
        assert not records.jobs.begin(dataclasses.replace(job, attempt=2), utc_now())
        assert not records.jobs.finish(job, "encrypted", announcement(job), utc_now())
    assert [told.body.document_id for told in records.outbox.lease()] == [other.document_id]
    assert not records.jobs.is_erased(job.company_id, other.document_id)


def test_a_job_cannot_finish_when_its_document_was_erased_meanwhile(records: Records) -> None:
    job = a_job()
    assert records.jobs.begin(job, utc_now())
    records.jobs.erase(job.company_id, job.document_id, utc_now())
    assert not records.jobs.finish(job, "extracted", announcement(job), utc_now())
    assert not records.outbox.lease()


def test_erasing_touches_no_other_company(records: Records) -> None:
    job = a_job()
    records.jobs.begin(job, utc_now())
    records.jobs.erase(new_hex_id(), job.document_id, utc_now())
    assert records.jobs.finish(job, "encrypted", announcement(job), utc_now())


def test_of_beginnings_and_an_erasing_at_once_no_job_stays(records: Records) -> None:
    jobs = [a_job() for _ in range(20)]

    def begin(job: Job) -> None:
        records.jobs.begin(job, utc_now())

    def erase(job: Job) -> None:
        records.jobs.erase(job.company_id, job.document_id, utc_now())

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(act, job) for job in jobs for act in (begin, erase, begin, begin)]:
            done.result()
    for job in jobs:
        assert not records.jobs.finish(job, "extracted", announcement(job), utc_now())


@pytest.mark.usefixtures("impatient")
def test_a_database_that_is_away_can_be_asked_again(mongo: MongoJobs, servers: Servers) -> None:
    try:
        away = MongoJobs("mongodb://127.0.0.1:1/extraction")
        with pytest.raises(Unavailable):
            away.begin(a_job(), utc_now())
        assert not away.is_up()
    finally:
        MongoJobs(servers.mongodb_url(DATABASE))
