"""Reading a document on a desk of fakes: what is stored, what is announced, and that repeating changes nothing."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from services.extraction import errors
from services.extraction.handlers import reactions
from services.extraction.ports import Desk, Job, Member, Reading, Unpacked
from shared.contracts.documents import DocumentDeleted, ProcessDocument
from shared.contracts.envelope import Envelope, read_json
from shared.contracts.extraction import DocumentExtracted, DocumentRefused, DocumentSplit, ExtractionResult, Split
from shared.contracts.files import MembersStored
from shared.origin import trace_id
from tests.support.fakes.extraction import EXTRACTS, READING, MemoryJobs, ScriptedReader, desk
from tests.support.fakes.storage import MemoryStore
from tests.support.messages import message

CONTENT = b"%PDF-1.7 content"
START = datetime(2026, 3, 1, 8, 15, tzinfo=UTC)


@dataclass
class Room:
    """A desk with one uploaded file, and the command to read it."""

    store: MemoryStore
    jobs: MemoryJobs
    reader: ScriptedReader
    desk: Desk
    command: Envelope

    def run(self) -> None:
        reactions(self.desk)[ProcessDocument].run(self.command)

    def give_up(self) -> None:
        exhausted = reactions(self.desk)[ProcessDocument].exhausted
        assert exhausted
        exhausted(self.command, "the store is away")

    def erase(self) -> None:
        deleted = message(DocumentDeleted, company_id=self.command.company_id)
        body = DocumentDeleted(self.job.document_id, ())
        reactions(self.desk)[DocumentDeleted].run(dataclasses.replace(deleted, body=body))

    @property
    def left(self) -> list[str]:
        """The keys of what was kept."""
        return [key for bucket, key in self.store.objects if bucket == EXTRACTS]

    @property
    def job(self) -> Job:
        return Job(self.command.company_id, self.command.body.document_id, 1)


@pytest.fixture
def room() -> Room:
    store, jobs, reader = MemoryStore(), MemoryJobs(), ScriptedReader()
    command = message(ProcessDocument)
    claim = store.put("files", command.body.file.key, CONTENT, "application/pdf")
    body = dataclasses.replace(command.body, file=claim, fields=None, nested=False)
    command = dataclasses.replace(command, body=body)
    return Room(store, jobs, reader, desk(store, jobs, reader), command)


def test_a_document_that_was_read_is_announced_with_the_claim_check_of_its_result(room: Room) -> None:
    room.run()
    (announced,) = room.jobs.outbox
    assert isinstance(announced.body, DocumentExtracted)
    assert (announced.body.document_id, announced.body.attempt) == (room.job.document_id, 1)
    stored = read_json(ExtractionResult, room.store.get(announced.body.result), "result")
    assert stored == READING.result
    assert room.reader.asked == [(CONTENT, "application/pdf", ("en", "de"))]
    assert room.jobs.outcomes[room.job] == "extracted"


def test_what_is_announced_belongs_to_the_trace_of_the_command(room: Room) -> None:
    room.run()
    (announced,) = room.jobs.outbox
    assert announced.correlation_id == room.command.correlation_id
    assert trace_id(announced.traceparent) == trace_id(room.command.traceparent) != ""
    assert announced.traceparent != room.command.traceparent


def test_a_command_of_before_traces_begins_one(room: Room) -> None:
    room.command = dataclasses.replace(room.command, traceparent=None)
    room.run()
    assert trace_id(room.jobs.outbox[0].traceparent)


def test_the_pages_lie_beside_the_result(room: Room) -> None:
    room.run()
    told = room.jobs.outbox[0].body
    assert told.result.key.startswith(f"extracts/{room.job.company_id}/{room.job.document_id}/1/")
    run = told.result.key.removesuffix("result.json")
    assert (told.pages.index.key, told.pages.parts.key) == (f"{run}pages.json", f"{run}pages.bin")
    assert room.store.get(told.pages.index) == READING.index
    assert room.store.get(told.pages.parts) == READING.parts


def test_the_announcement_belongs_to_the_command(room: Room) -> None:
    room.run()
    (announced,) = room.jobs.outbox
    assert announced.cause_id == room.command.id
    assert announced.correlation_id == room.command.correlation_id
    assert announced.company_id == room.command.company_id
    assert (announced.type, announced.version, announced.sender) == ("document-extracted", 1, "extraction")


def test_a_command_for_a_finished_job_has_no_effect(room: Room) -> None:
    room.run()
    room.run()
    assert len(room.jobs.outbox) == 1
    assert len(room.reader.asked) == 1


@pytest.mark.parametrize("refusal", [errors.Encrypted(), errors.Blank(), errors.TimedOut(), errors.Crashed("Oh.")])
def test_a_refusal_is_announced_with_its_code_and_what_to_do(room: Room, refusal: errors.CannotRead) -> None:
    room.reader.outcome = refusal
    room.run()
    (announced,) = room.jobs.outbox
    outcome = "junk" if refusal.code == "blank" else "failed"
    expected = DocumentRefused(room.job.document_id, 1, outcome, refusal.code, refusal.detail)
    assert announced.body == expected
    assert room.jobs.outcomes[room.job] == refusal.code


def test_a_file_that_is_gone_is_refused(room: Room) -> None:
    room.store.objects.clear()
    room.run()
    (announced,) = room.jobs.outbox
    assert (announced.body.code, announced.body.outcome) == ("file_missing", "failed")


def test_a_file_that_is_not_what_was_stored_is_refused(room: Room) -> None:
    room.store.objects["files", room.command.body.file.key] = b"%PDF-1.7 contend"
    room.run()
    (announced,) = room.jobs.outbox
    assert announced.body.code == "file_damaged"
    assert not room.reader.asked


def test_an_outage_leaves_the_job_to_the_next_attempt(room: Room) -> None:
    room.reader.outcome = errors.ReaderDown("It is started again.")
    with pytest.raises(errors.ReaderDown):
        room.run()
    assert not room.jobs.outbox
    room.reader.outcome = READING
    room.run()
    assert len(room.jobs.outbox) == 1
    assert len(room.jobs.runs[room.job]) == 2


def test_after_the_last_attempt_the_document_is_refused(room: Room) -> None:
    room.give_up()
    (announced,) = room.jobs.outbox
    assert (announced.body.code, announced.body.outcome) == ("processing_failed", "failed")
    assert "the store is away" not in announced.body.message


@pytest.mark.parametrize("first", [Room.run, Room.give_up])
def test_giving_up_a_finished_job_has_no_effect(room: Room, first: Callable[[Room], None]) -> None:
    first(room)
    room.give_up()
    assert len(room.jobs.outbox) == 1


def test_of_an_erased_document_nothing_stays(room: Room) -> None:
    other = room.store.put(EXTRACTS, f"extracts/{room.job.company_id}/{'e' * 24}/1/run/result.json", b"{}", "x/y").key
    room.run()
    assert len(room.left) == 4
    for _ in range(2):  # safe to repeat
        room.erase()
        assert room.left == [other]
        assert (room.jobs.outcomes, room.jobs.outbox) == ({}, [])


@pytest.mark.parametrize("late", [Room.run, Room.give_up])
def test_a_command_that_comes_after_the_erasing_has_no_effect(room: Room, late: Callable[[Room], None]) -> None:
    room.erase()
    late(room)
    assert (room.left, room.reader.asked, room.jobs.outbox) == ([], [], [])


@pytest.mark.parametrize("outcome", [READING, errors.Encrypted()])
def test_what_is_being_read_when_it_is_erased_leaves_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch, outcome: Reading | Exception
) -> None:
    room.reader.outcome, read = outcome, room.reader.read

    def read_and_lose(*given: Any) -> Reading | Unpacked:
        room.erase()
        return read(*given)

    monkeypatch.setattr(room.reader, "read", read_and_lose)
    room.run()
    assert (room.left, room.jobs.outbox) == ([], [])


def test_what_a_run_left_that_died_after_the_erasing_goes_with_the_next(room: Room) -> None:
    room.desk.jobs.begin(room.job, START)
    room.erase()
    room.desk.files.keep(room.job, READING)  # and then its worker is killed
    assert room.left
    room.run()
    assert (room.left, room.jobs.outbox) == ([], [])


UNPACKED = Unpacked(
    (Member("a.pdf", "application/pdf", b"%PDF a"), Member("b.tif", "image/tiff", b"II*\0 b")),
    ("c.txt (no)",),
    b"%PDF mail",
)


def test_several_documents_in_one_are_kept_and_announced_as_a_split(room: Room) -> None:
    room.reader.outcome = UNPACKED
    room.run()
    (told,) = room.jobs.outbox
    assert told.body == DocumentSplit(room.job.document_id, 1, room.command.body.file_id, told.body.split)
    split = read_json(Split, room.store.get(told.body.split), "split")
    assert [(each.name, each.blob.media_type) for each in split.members] == [
        ("a.pdf", "application/pdf"),
        ("b.tif", "image/tiff"),
    ]
    assert [room.store.get(each.blob) for each in split.members] == [b"%PDF a", b"II*\0 b"]
    assert split.left_aside == ("c.txt (no)",)
    assert split.mail
    assert room.store.get(split.mail) == b"%PDF mail"
    assert room.jobs.outcomes == {room.job: "split"}


def test_what_was_found_in_it_goes_once_it_is_kept_elsewhere_and_the_rest_stays(room: Room) -> None:
    room.reader.outcome = UNPACKED
    room.run()
    stored = message(MembersStored, company_id=room.command.company_id)
    body = dataclasses.replace(stored.body, document_id=room.job.document_id)
    for _ in range(2):
        reactions(room.desk)[MembersStored].run(dataclasses.replace(stored, body=body))
    assert sorted(key.rpartition("/")[2] for key in room.left) == ["mail.pdf", "split.json"]
    room.erase()
    assert room.left == []


def test_the_e_mail_that_a_document_came_in_is_kept_beside_it(room: Room) -> None:
    room.reader.outcome = dataclasses.replace(READING, mail=b"%PDF mail")
    room.run()
    (told,) = room.jobs.outbox
    assert room.store.get(told.body.mail) == b"%PDF mail"


def test_the_reader_hears_whether_it_was_found_in_another(room: Room) -> None:
    room.command = dataclasses.replace(room.command, body=dataclasses.replace(room.command.body, nested=True))
    room.run()
    assert room.reader.nested == [True]
