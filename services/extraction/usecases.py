"""What extraction can do: read a document and tell how it went, tell that it gave up, or erase what it read."""

from __future__ import annotations

from typing import Any

from services.extraction.errors import CannotRead, ProcessingFailed
from services.extraction.ports import Desk, Job
from shared.clock import rfc3339
from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope
from shared.contracts.extraction import DocumentExtracted, DocumentRefused
from shared.contracts.registry import kind_for
from shared.ids import new_uuid
from shared.origin import next_span

EXTRACTED = "extracted"
SENDER = "extraction"


def read_document(desk: Desk, command: Envelope) -> None:
    """Carry out a `ProcessDocument`. Safe to repeat: a job that is finished is not read again.

    The result and the pages are stored before the job is finished, so whoever hears of them finds them. An Unavailable
    leaves the job running; the command comes again. Of a document that is deleted meanwhile, nothing stays.
    """
    wanted: ProcessDocument = command.body
    job = _job_of(command)
    if not _begin(desk, job):
        return
    try:
        document = desk.files.fetch(wanted.file)
        reading = desk.reader.read(document, wanted.file.media_type, wanted.languages)
    except CannotRead as refusal:
        _refuse(desk, command, refusal)
        return
    kept = desk.files.keep(job, reading)
    _finish(desk, command, EXTRACTED, DocumentExtracted(job.document_id, job.attempt, kept.result, kept.pages))


def give_up(desk: Desk, command: Envelope) -> None:
    """After the last failed attempt: tell that the document was not read, unless its job was finished after all."""
    if _begin(desk, _job_of(command)):
        _refuse(desk, command, ProcessingFailed())


def erase_document(desk: Desk, company_id: str, document_id: str) -> None:
    """Remove all that is here because of the document. Safe to repeat; a reading in progress removes what it leaves."""
    desk.jobs.erase(company_id, document_id, desk.clock())
    desk.files.erase(company_id, document_id)


def _begin(desk: Desk, job: Job) -> bool:
    begun = desk.jobs.begin(job, desk.clock())
    if not begun:
        _leave_nothing_of_what_is_erased(desk, job)
    return begun


def _refuse(desk: Desk, command: Envelope, refusal: CannotRead) -> None:
    job = _job_of(command)
    fact = DocumentRefused(job.document_id, job.attempt, refusal.outcome, refusal.code, refusal.detail)
    _finish(desk, command, refusal.code, fact)


def _finish(desk: Desk, command: Envelope, outcome: str, fact: Any) -> None:
    now = desk.clock()
    kind = kind_for(type(fact))
    announcement = Envelope(
        id=new_uuid(),
        type=kind.name,
        version=kind.version,
        correlation_id=command.correlation_id,
        cause_id=command.id,
        time=rfc3339(now),
        sender=SENDER,
        company_id=command.company_id,
        body=fact,
        traceparent=next_span(command.traceparent),
    )
    job = _job_of(command)
    if not desk.jobs.finish(job, outcome, announcement, now):
        _leave_nothing_of_what_is_erased(desk, job)


def _leave_nothing_of_what_is_erased(desk: Desk, job: Job) -> None:
    """This run, or one before it that died, may have stored something after the erasing."""
    if desk.jobs.is_erased(job.company_id, job.document_id):
        desk.files.erase(job.company_id, job.document_id)


def _job_of(command: Envelope) -> Job:
    return Job(command.company_id, command.body.document_id, command.body.attempt)
