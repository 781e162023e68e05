"""What extraction can do: read a document and tell how it went, tell that it gave up, or erase what it read."""

from __future__ import annotations

from typing import Any

from services.extraction.errors import CannotRead, ProcessingFailed
from services.extraction.ports import Desk, Job, Unpacked
from shared.clock import rfc3339
from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope
from shared.contracts.extraction import DocumentExtracted, DocumentRefused, DocumentSplit
from shared.contracts.files import MembersStored
from shared.contracts.registry import kind_for
from shared.ids import new_uuid
from shared.origin import next_span

EXTRACTED, SPLIT = "extracted", "split"
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
        fields = desk.files.fetch_fields(wanted.fields) if wanted.fields else None
        found = desk.reader.read(document, wanted.file.media_type, wanted.languages, wanted.nested, fields)
    except CannotRead as refusal:
        _refuse(desk, command, refusal)
        return
    if isinstance(found, Unpacked):
        split = desk.files.keep_members(job, found)
        _finish(desk, command, SPLIT, DocumentSplit(job.document_id, job.attempt, wanted.file_id, split))
        return
    kept = desk.files.keep(job, found)
    fact = DocumentExtracted(job.document_id, job.attempt, kept.result, kept.pages, kept.mail)
    _finish(desk, command, EXTRACTED, fact)


def give_up(desk: Desk, command: Envelope) -> None:
    """After the last failed attempt: tell that the document was not read, unless its job was finished after all."""
    if _begin(desk, _job_of(command)):
        _refuse(desk, command, ProcessingFailed())


def forget_members(desk: Desk, company_id: str, fact: MembersStored) -> None:
    """Remove the members of a document, which are files of their own now. Safe to repeat."""
    desk.files.erase_members(Job(company_id, fact.document_id, fact.attempt))


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
