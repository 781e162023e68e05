"""The way of a document from arrival to a verdict, on fakes."""

import dataclasses
from collections.abc import Callable

import pytest

from services.documents.domain.actors import Actor
from services.documents.domain.builtin import BUILT_IN
from services.documents.domain.documents import Document, Order
from services.documents.domain.projects import Completion, Duplicates, Plan
from services.documents.domain.schema import DataPoint, Schema
from services.documents.domain.states import State
from services.documents.errors import FileNotFound, ProjectNotFound
from services.documents.ports import Desk
from services.documents.usecases import arriving, intents, processing
from services.documents.usecases.announcing import announce
from services.documents.usecases.projects import create_project
from services.documents.usecases.stepping import system
from shared.contracts import announcing as contract
from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import ClaimCheck, read_json
from shared.contracts.extraction import Check, DocumentExtracted, DocumentRefused
from shared.contracts.fields import WantedField, WantedFields
from shared.contracts.registry import kind_for
from shared.errors import Unavailable
from shared.ids import is_hex_id, is_uuid, new_uuid
from tests.support.fakes.documents import EXTRACTS, Office, result_with

ME = Actor("a" * 24, "client-a", "req-1")
STRANGER = Actor("b" * 24, "client-b", "req-2")
UNSURE = Check("number_missing", passed=False, blocking=True, message="No invoice number was found.")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk()


def arrive(office: Office, desk: Desk, completion: Completion = Completion.AUTOMATIC) -> Document:
    project = create_project(desk, ME, Plan("Invoices", completion=completion))
    file_id = new_uuid()
    office.upload(ME.company_id, file_id)
    return arriving.process_file(desk, ME, Order(file_id, project.id, "doc-1", {"cost centre": 7}))


def states(office: Office, document: Document) -> list[str]:
    return [step.state.value for step in office.documents.documents[document.id].history]


OWN = Schema((DataPoint("plot", "Plot no.", rules={"required": True}), DataPoint("note", "Note", source={"type": "x"})))


def test_the_command_says_what_to_read_only_where_it_is_not_what_is_built_in(office: Office, desk: Desk) -> None:
    told = []
    for schema in (None, BUILT_IN, OWN, OWN):
        project = create_project(desk, ME, Plan("Invoices", duplicates=Duplicates.ALLOW, schema=schema))
        file_id = office.upload(ME.company_id, new_uuid()).file_id
        document = arriving.process_file(desk, ME, Order(file_id, project.id))
        (command,) = office.documents.outbox[document.id]
        told.append(command.body.fields)
    assert told[:2] == [None, None]
    assert told[2] == told[3]
    assert told[2].key == f"schemas/{ME.company_id}/{told[2].sha256}.json"
    wanted = read_json(WantedFields, office.store.get(told[2]), "fields")
    assert wanted == WantedFields((WantedField("plot", "string", "Plot no.", required=True),))


def test_a_file_becomes_a_document_in_a_case_with_a_command_in_its_outbox(office: Office, desk: Desk) -> None:
    document = arrive(office, desk)
    [case], [command] = office.cases.cases.values(), office.documents.outbox[document.id]
    assert is_hex_id(document.id)
    assert is_uuid(case.id)
    assert case.id[14] == "7"
    assert (document.case_id, case.number, document.number) == (case.id, 1, 1)
    assert (document.title, document.external_id) == ("Rechnung März.pdf", "doc-1")
    assert (document.external_data, document.created_by) == ({"cost centre": 7}, "client-a")
    assert (command.type, command.company_id, command.correlation_id) == ("process-document", ME.company_id, "req-1")
    assert command.body.file.media_type == "application/pdf"
    assert (command.body.document_id, command.body.attempt, command.body.languages) == (
        document.id,
        1,
        ("en", "de", "fr", "es", "it", "nl"),
    )
    assert arrive(office, desk).number == 2


@pytest.mark.parametrize("file_id", ["", "../manifests", new_uuid(), new_uuid().upper()])
def test_an_unknown_file_leaves_nothing_behind(office: Office, desk: Desk, file_id: str) -> None:
    project = create_project(desk, ME, Plan("Invoices"))
    with pytest.raises(FileNotFound):
        arriving.process_file(desk, ME, Order(file_id, project.id))
    assert not office.documents.documents
    assert not office.cases.cases


def test_another_companys_file_and_project_are_unknown(office: Office, desk: Desk) -> None:
    document = arrive(office, desk)
    with pytest.raises(ProjectNotFound):
        arriving.process_file(desk, STRANGER, Order(document.file_id, document.project_id))
    own = create_project(desk, STRANGER, Plan("Theirs"))
    with pytest.raises(FileNotFound):
        arriving.process_file(desk, STRANGER, Order(document.file_id, own.id))


def test_a_handed_over_command_puts_the_document_into_processing_once(office: Office, desk: Desk) -> None:
    document = arrive(office, desk)
    for _ in range(2):
        processing.hand_over(desk, system(ME.company_id), document.id, 1)
    assert states(office, document) == ["new", "processing"]


def test_a_result_that_overtakes_the_relay_makes_up_the_missing_step(office: Office, desk: Desk) -> None:
    document = arrive(office, desk)
    fact = office.read(document, result_with(number="R-1"))
    processing.accept_result(desk, system(ME.company_id), fact)
    assert states(office, document) == ["new", "processing", "doneAutomatically"]
    processing.hand_over(desk, system(ME.company_id), document.id, 1)
    processing.accept_result(desk, system(ME.company_id), fact)
    assert states(office, document) == ["new", "processing", "doneAutomatically"]
    found = office.documents.documents[document.id].findings
    assert found
    assert (found.document_type, found.entities) == ("invoice", {"number": "R-1"})


@pytest.mark.parametrize(
    ("completion", "checks", "state"),
    [
        (Completion.AUTOMATIC, [], "doneAutomatically"),
        (Completion.MANUAL, [], "extracted"),
        (Completion.AUTOMATIC, [UNSURE], "reviewRequired"),
        (Completion.MANUAL, [UNSURE], "reviewRequired"),
    ],
)
def test_the_verdict_becomes_the_state(
    office: Office, desk: Desk, completion: Completion, checks: list[Check], state: str
) -> None:
    document = arrive(office, desk, completion)
    processing.accept_result(desk, system(ME.company_id), office.read(document, result_with(*checks)))
    settled = office.documents.documents[document.id]
    assert settled.state.value == state
    assert (settled.completion is not None) == (state == "doneAutomatically")
    assert settled.explanation is None or settled.explanation.message == UNSURE.message


@pytest.mark.parametrize(("outcome", "state"), [("failed", "failed"), ("junk", "junk")])
def test_a_refusal_says_why(office: Office, desk: Desk, outcome: str, state: str) -> None:
    document = arrive(office, desk)
    fact = DocumentRefused(document.id, 1, outcome, "encrypted_file", "Remove the password.")
    for _ in range(2):
        processing.accept_refusal(desk, system(ME.company_id), fact)
    settled = office.documents.documents[document.id]
    assert states(office, document) == ["new", "processing", state]
    assert settled.explanation
    assert (settled.explanation.reason, settled.explanation.message) == ("encrypted_file", "Remove the password.")


def test_answers_to_a_cancelled_document_another_attempt_or_company_have_no_effect(office: Office, desk: Desk) -> None:
    document = arrive(office, desk)
    fact = office.read(document, result_with())
    processing.accept_result(desk, system(STRANGER.company_id), fact)
    processing.accept_result(desk, system(ME.company_id), dataclasses.replace(fact, attempt=2))
    processing.accept_result(desk, system(ME.company_id), dataclasses.replace(fact, document_id="f" * 24))
    assert states(office, document)[1:] in ([], ["processing"])
    intents.reject(desk, ME, document.id, None)
    refused = DocumentRefused(document.id, 1, "failed", "encrypted_file", "Remove the password.")
    processing.accept_result(desk, system(ME.company_id), fact)
    processing.accept_refusal(desk, system(ME.company_id), refused)
    processing.give_up(desk, system(ME.company_id), fact)
    assert states(office, document)[-1] == "rejected"


def damaged(office: Office, fact: DocumentExtracted) -> None:
    office.store.objects[EXTRACTS, fact.result.key] += b" "


def lost(office: Office, fact: DocumentExtracted) -> None:
    del office.store.objects[EXTRACTS, fact.result.key]


@pytest.mark.parametrize("harm", [damaged, lost])
def test_a_result_that_cannot_be_read_fails_the_document(
    office: Office, desk: Desk, harm: Callable[[Office, DocumentExtracted], None]
) -> None:
    document = arrive(office, desk)
    fact = office.read(document, result_with())
    harm(office, fact)
    processing.accept_result(desk, system(ME.company_id), fact)
    assert states(office, document) == ["new", "processing", "failed"]
    assert office.documents.documents[document.id].history[-1].reason == "result_unreadable"


def test_a_result_that_outgrows_a_record_fails_the_document(office: Office, desk: Desk) -> None:
    document = arrive(office, desk)
    processing.accept_result(desk, system(ME.company_id), office.read(document, result_with(notes="x" * 9_000_000)))
    assert office.documents.documents[document.id].history[-1].reason == "result_too_large"
    second = arrive(office, desk)
    claim = ClaimCheck(EXTRACTS, "never read", "0" * 64, 17 * 1024 * 1024, "application/json")
    processing.accept_result(desk, system(ME.company_id), DocumentExtracted(second.id, 1, claim))
    assert office.documents.documents[second.id].history[-1].reason == "result_too_large"


def test_a_store_that_is_down_is_asked_again_and_in_the_end_given_up(
    office: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> bytes:
        raise Unavailable("The store is down.")

    document = arrive(office, desk)
    fact = office.read(document, result_with())
    monkeypatch.setattr(office.store, "get", down)
    with pytest.raises(Unavailable):
        processing.accept_result(desk, system(ME.company_id), fact)
    assert states(office, document) == ["new", "processing"]
    processing.give_up(desk, system(ME.company_id), fact)
    processing.give_up(desk, system(ME.company_id), fact)
    assert states(office, document) == ["new", "processing", "failed"]


def test_a_message_without_consumers_is_not_written(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    command = ProcessDocument("d" * 24, "c" * 24, 1, ClaimCheck("b", "k", "0" * 64, 1, "application/pdf"), "a", ())
    assert len(announce(ME, office.now, command)) == 1
    unheard = dataclasses.replace(kind_for(ProcessDocument), consumers=())
    monkeypatch.setattr(contract, "kind_for", lambda _: unheard)
    assert announce(ME, office.now, command) == ()


def test_the_states_of_a_result_are_the_only_ones_a_worker_writes(office: Office, desk: Desk) -> None:
    document = arrive(office, desk)
    processing.accept_result(desk, system(ME.company_id), office.read(document, result_with()))
    history = office.documents.documents[document.id].history
    assert [step.by for step in history] == ["client-a", "system", "system"]
    assert history[-1].state is State.DONE_AUTOMATICALLY
