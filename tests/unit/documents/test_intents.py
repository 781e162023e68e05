"""What clients report and wish: one winner, refusals that say what is possible, another company's ids unknown."""

import pytest

from services.documents.domain.actors import Actor
from services.documents.domain.documents import Document, Move, Note, Order
from services.documents.domain.projects import Completion, Plan
from services.documents.domain.states import State
from services.documents.errors import DocumentNotFound, StateConflict
from services.documents.ports import Desk
from services.documents.usecases import arriving, intents, processing, reading
from services.documents.usecases.projects import create_project
from services.documents.usecases.stepping import system
from shared.ids import new_uuid
from tests.support.fakes.documents import Office, result_with

ME = Actor("a" * 24, "client-a", "req-1")
STRANGER = Actor("b" * 24, "client-b", "req-2")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk()


@pytest.fixture
def document(office: Office, desk: Desk) -> Document:
    project = create_project(desk, ME, Plan("Invoices", completion=Completion.AUTOMATIC))
    file_id = new_uuid()
    office.upload(ME.company_id, file_id)
    return arriving.process_file(desk, ME, Order(file_id, project.id))


@pytest.fixture
def done(office: Office, desk: Desk, document: Document) -> Document:
    processing.accept_result(desk, system(ME.company_id), office.read(document, result_with()))
    return reading.get_document(desk, ME.reach, document.id)


def test_transfers_are_kept_with_number_and_words_until_one_succeeds(desk: Desk, done: Document) -> None:
    for successful, message in ((False, "Period closed."), (False, None), (True, "Booked as 51.")):
        intents.report_transfer(desk, ME, done.id, successful, message)
    reports = reading.get_document(desk, ME.reach, done.id).history[3:]
    assert [(step.state.value, step.attempt, step.by, step.message) for step in reports] == [
        ("transferFailed", 1, "client-a", "Period closed."),
        ("transferFailed", 2, "client-a", None),
        ("transferred", 3, "client-a", "Booked as 51."),
    ]
    with pytest.raises(StateConflict, match="The document is transferred"):
        intents.report_transfer(desk, ME, done.id, True, None)
    with pytest.raises(StateConflict):
        intents.reject(desk, ME, done.id, None)


def test_what_is_not_completed_cannot_be_transferred(desk: Desk, document: Document) -> None:
    with pytest.raises(StateConflict, match="The document is new and cannot become transferred"):
        intents.report_transfer(desk, ME, document.id, True, None)


def test_the_loser_of_a_race_learns_the_new_state(desk: Desk, office: Office, done: Document) -> None:
    find = office.documents.find

    def find_then_lose(company_id: str, document_id: str, with_details: bool = False) -> Document | None:
        found = find(company_id, document_id, with_details)
        office.documents.find = find  # type: ignore[method-assign]
        intents.reject(desk, STRANGER_OF_SAME_COMPANY, document_id, None)
        return found

    office.documents.find = find_then_lose  # type: ignore[method-assign]
    with pytest.raises(StateConflict, match=r"faster; the document is rejected now\. From here .*: processing\."):
        intents.report_transfer(desk, ME, done.id, True, None)
    assert len(reading.get_document(desk, ME.reach, done.id).history) == 4


STRANGER_OF_SAME_COMPANY = Actor(ME.company_id, "client-c", "req-3")


def test_notes_replace_only_what_they_name(desk: Desk, document: Document) -> None:
    for note in (Note(title="New"), Note(external_id="E-1"), Note(external_data={"a": 1, "b": None})):
        intents.annotate(desk, STRANGER_OF_SAME_COMPANY, document.id, note)
    noted = reading.get_document(desk, ME.reach, document.id)
    assert (noted.title, noted.external_id, noted.external_data) == ("New", "E-1", {"a": 1, "b": None})
    assert (noted.updated_by, noted.created_by, noted.version) == ("client-c", "client-a", document.version)
    intents.annotate(desk, ME, document.id, Note(external_data={}))
    assert reading.get_document(desk, ME.reach, document.id).external_data == {}


def test_a_note_in_between_does_not_lose_a_state_change(desk: Desk, office: Office, done: Document) -> None:
    intents.annotate(desk, ME, done.id, Note(title="New"))
    step = done.step(Move(State.TRANSFERRED, "transfer_reported"), "client-a", office.now)
    assert office.documents.advance(done, [step])


def test_another_companys_document_does_not_exist(desk: Desk, done: Document) -> None:
    with pytest.raises(DocumentNotFound):
        reading.get_document(desk, STRANGER.reach, done.id)
    with pytest.raises(DocumentNotFound):
        intents.report_transfer(desk, STRANGER, done.id, True, None)
    with pytest.raises(DocumentNotFound):
        intents.reject(desk, STRANGER, done.id, None)
    with pytest.raises(DocumentNotFound):
        intents.annotate(desk, STRANGER, done.id, Note(title="Mine"))
    assert reading.get_document(desk, ME.reach, done.id) == done
