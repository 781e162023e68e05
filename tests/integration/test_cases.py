"""Cases on a real MongoDB and object store, while many work on one of them at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from mongoengine.connection import get_db

from services.documents.domain.actors import Actor
from services.documents.domain.cases import CaseState
from services.documents.domain.documents import Document, Order
from services.documents.domain.listing import Selection
from services.documents.domain.projects import Completion, Duplicates, Plan, Project
from services.documents.domain.states import State
from services.documents.errors import CaseConflict, CaseNotFound, DocumentNotFound, Overtaken
from services.documents.ports import Desk
from services.documents.usecases import arriving, cases, erasing, intents, processing, reading
from services.documents.usecases.projects import create_project
from services.documents.usecases.stepping import system
from shared.contracts.documents import DocumentDeleted, ProcessDocument
from shared.contracts.extraction import DocumentRefused
from shared.ids import new_hex_id
from shared.listing import Slice
from tests.support.fakes.documents import result_with
from tests.support.servers import Servers
from tests.support.wired import Wired, wired_documents

DATABASE = "documents_cases"
THREADS = 8
Given = TypeVar("Given")
Result = TypeVar("Result")


@pytest.fixture(scope="module")
def wired(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    with wired_documents(servers, DATABASE, tmp_path_factory.mktemp("audit")) as wired:
        yield wired


@pytest.fixture
def desk(wired: Wired) -> Desk:
    return wired.built.desk


@pytest.fixture
def me() -> Actor:
    return Actor(new_hex_id(), "client-a", "req-1")


def at_once(act: Callable[[Given], Result], given: Sequence[Given]) -> list[Result]:
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(act, given))


def project_of(desk: Desk, me: Actor, duplicates: Duplicates = Duplicates.ALLOW) -> Project:
    return create_project(desk, me, Plan("Invoices", completion=Completion.AUTOMATIC, duplicates=duplicates))


def batch(wired: Wired, me: Actor, number: int) -> tuple[str, Sequence[Document]]:
    files = [wired.upload(me.company_id, me.client_id) for _ in range(number)]
    return cases.process_files(wired.built.desk, me, project_of(wired.built.desk, me).id, files)


def tally_of(case_id: str) -> tuple[int, int, int]:
    case = get_db("documents")["cases"].find_one({"_id": case_id})
    assert case
    return case["documents"], case["unsettled"], case["failed"]


def listed(desk: Desk, me: Actor, *states: State) -> int:
    return reading.list_documents(desk, me.reach, Selection(states=states), Slice()).total


def messages(wired: Wired, me: Actor, body: type[DocumentDeleted] | type[ProcessDocument]) -> list[str]:
    """The documents that messages of this kind, which wait to be sent, are about. Sends them."""
    found: list[str] = []
    while leased := wired.built.outbox.lease():
        for message in leased:
            wired.built.outbox.sent(message)
            if message.company_id == me.company_id and isinstance(message.body, body):
                found.append(message.body.document_id)
    return found


def test_a_case_is_completed_by_the_last_of_many_at_once(wired: Wired, desk: Desk, me: Actor) -> None:
    case_id, documents = batch(wired, me, 40)
    facts = {document.id: wired.read(document, result_with(number="R-1")) for document in documents[5:]}

    def finish(document: Document) -> None:
        if fact := facts.get(document.id):
            processing.accept_result(desk, system(me.company_id), fact)
        else:
            refused = DocumentRefused(document.id, 1, "failed", "encrypted", "Send it without a password.")
            processing.accept_refusal(desk, system(me.company_id), refused)

    assert tally_of(case_id) == (40, 40, 0)
    at_once(finish, documents)
    assert cases.get_case(desk, me.reach, case_id).state is CaseState.COMPLETED
    assert tally_of(case_id) == (40, 0, 5)
    assert [listed(desk, me, state) for state in (State.DONE_AUTOMATICALLY, State.FAILED, State.NEW)] == [35, 5, 0]


def test_of_many_who_process_one_case_one_does(wired: Wired, desk: Desk, me: Actor) -> None:
    case = cases.create_case(desk, me, project_of(desk, me).id, None)
    for _ in range(3):
        cases.add_files(desk, me, case.id, [wired.upload(me.company_id, me.client_id)])

    def process(_: int) -> int:
        try:
            return len(cases.process_case(desk, me, case.id)[1])
        except (CaseConflict, Overtaken):
            return 0

    assert sorted(at_once(process, range(THREADS))) == [0] * (THREADS - 1) + [3]
    assert tally_of(case.id) == (3, 3, 0)
    assert len(messages(wired, me, ProcessDocument)) == 3


def test_files_put_in_at_once_are_all_there(wired: Wired, desk: Desk, me: Actor) -> None:
    case = cases.create_case(desk, me, project_of(desk, me).id, None)
    files = [wired.upload(me.company_id, me.client_id) for _ in range(THREADS)]
    at_once(lambda file_id: cases.add_files(desk, me, case.id, [file_id]), files)
    assert sorted(cases.get_case(desk, me.reach, case.id).file_ids) == sorted(files)


@pytest.mark.parametrize("policy", [Duplicates.FAIL, Duplicates.LINK])
def test_of_many_with_the_same_bytes_one_comes_first(wired: Wired, desk: Desk, me: Actor, policy: Duplicates) -> None:
    project = project_of(desk, me, policy)
    orders = [Order(wired.upload(me.company_id, me.client_id, "same"), project.id) for _ in range(THREADS)]
    documents = at_once(lambda order: arriving.process_file(desk, me, order), orders)
    (first,) = (document for document in documents if document.duplicate_of is None)
    assert {document.duplicate_of for document in documents if document is not first} == {first.id}
    sent = messages(wired, me, ProcessDocument)
    if policy is Duplicates.LINK:
        assert sorted(sent) == sorted(document.id for document in documents)
    else:
        assert (sent, listed(desk, me, State.FAILED)) == ([first.id], THREADS - 1)


def test_a_hundred_files_are_taken_in_by_one_write(wired: Wired, desk: Desk, me: Actor) -> None:
    case_id, documents = batch(wired, me, 100)
    assert [
        document.id for document in cases.documents_of(desk, me.reach, cases.get_case(desk, me.reach, case_id))
    ] == [document.id for document in documents]
    assert sorted(messages(wired, me, ProcessDocument)) == sorted(document.id for document in documents)


def test_what_is_deleted_at_once_is_gone_with_its_case(wired: Wired, desk: Desk, me: Actor) -> None:
    case_id, documents = batch(wired, me, 16)
    shared = arriving.process_file(desk, me, Order(documents[0].file_id, project_of(desk, me).id))
    messages(wired, me, ProcessDocument)
    proofs = at_once(lambda document: erasing.delete_document(desk, me, document.id), [*documents, shared])
    with pytest.raises(CaseNotFound):
        cases.get_case(desk, me.reach, case_id)
    for document, proof in zip([*documents, shared], proofs, strict=True):
        with pytest.raises(DocumentNotFound):
            reading.get_document(desk, me.reach, document.id)
        assert erasing.get_erasure(desk, me.reach, document.id) == proof
    erased = [file_id for proof in proofs for file_id in proof.erased_files]
    assert sorted(erased) == sorted(document.file_id for document in documents), "the shared one once, by the last"
    assert sorted(messages(wired, me, DocumentDeleted)) == sorted(proof.document_id for proof in proofs)
    left = {
        name: get_db("documents")[name].count_documents({"companyId": me.company_id}) for name in ("documents", "cases")
    }
    assert (left, listed(desk, me)) == ({"documents": 0, "cases": 0}, 0)


def test_cancelling_and_the_relay_racing_cancel(wired: Wired, desk: Desk, me: Actor) -> None:
    _, documents = batch(wired, me, THREADS)

    def race(document: Document) -> None:
        with ThreadPoolExecutor(2) as pair:
            over = pair.submit(processing.hand_over, desk, system(me.company_id), document.id, 1)
            intents.cancel(desk, me, document.id, None)
            over.result()

    at_once(race, documents)
    assert listed(desk, me, State.REJECTED) == THREADS
