"""Documents on a real MongoDB and object store: as wired, under races, and with the database away."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from mongoengine.connection import get_db
from pymongo.collection import Collection
from pymongo.errors import ExecutionTimeout, WriteConcernError

from services.documents import worker
from services.documents.app import create_app
from services.documents.domain.actors import Actor, Reach
from services.documents.domain.documents import Document, Order
from services.documents.domain.projects import Completion, Plan
from services.documents.errors import StateConflict
from services.documents.repository.database import Database
from services.documents.usecases import arriving, intents, processing, reading
from services.documents.usecases.projects import create_project
from services.documents.usecases.stepping import system
from services.documents.wiring import Built
from shared.contracts.extraction import DocumentExtracted
from shared.ids import new_hex_id
from tests.support import eventually
from tests.support.fakes.documents import result_with
from tests.support.servers import Servers
from tests.support.tokens import authorization, bearer
from tests.support.wired import Wired, wired_documents

DATABASE = "documents_integration"
AWAY = "mongodb://127.0.0.1:1/documents"


@pytest.fixture(scope="module")
def wired(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    with wired_documents(servers, DATABASE, tmp_path_factory.mktemp("audit")) as wired:
        yield wired


@pytest.fixture(scope="module")
def built(wired: Wired) -> Built:
    return wired.built


@pytest.fixture
def me() -> Actor:
    return Actor(new_hex_id(), "client-a", "req-1")


@pytest.fixture
def document(wired: Wired, me: Actor) -> Document:
    project = create_project(wired.built.desk, me, Plan("Invoices", completion=Completion.AUTOMATIC))
    order = Order(wired.upload(me.company_id, me.client_id), project.id)
    return arriving.process_file(wired.built.desk, me, order)


@pytest.fixture
def extracted(wired: Wired, document: Document) -> DocumentExtracted:
    return wired.read(document, result_with(number="R-1"))


def states(built: Built, document: Document) -> list[str]:
    found = reading.get_document(built.desk, Reach(document.company_id), document.id)
    return [step.state.value for step in found.history]


def test_results_and_the_relay_racing_leave_one_history(
    built: Built, document: Document, extracted: DocumentExtracted
) -> None:
    company = document.company_id
    acts = [
        lambda: processing.hand_over(built.desk, system(company), document.id, 1),
        lambda: processing.accept_result(built.desk, system(company), extracted),
    ] * 4
    with ThreadPoolExecutor(8) as threads:
        for act in [threads.submit(act) for act in acts]:
            act.result()
    assert states(built, document) == ["new", "processing", "doneAutomatically"]


def test_of_eight_transfers_one_is_accepted(
    built: Built, me: Actor, document: Document, extracted: DocumentExtracted
) -> None:
    def transfer(_: int) -> bool:
        try:
            intents.report_transfer(built.desk, me, document.id, True, None)
        except StateConflict:
            return False
        return True

    processing.accept_result(built.desk, system(me.company_id), extracted)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(transfer, range(8))).count(True) == 1
    assert states(built, document) == ["new", "processing", "doneAutomatically", "transferred"]


def test_numbers_and_the_outbox_are_kept(built: Built, me: Actor, document: Document) -> None:
    second = create_project(built.desk, me, Plan("Second"))
    assert (document.number, second.number) == (1, 2)
    sent = eventually(lambda: [m for m in built.outbox.lease() if m.company_id == me.company_id])
    assert [message.body.document_id for message in sent] == [document.id]


@pytest.mark.parametrize(
    "outage", [ExecutionTimeout("too slow"), WriteConcernError("its followers are away")], ids=repr
)
def test_an_update_that_meets_an_outage_is_503(
    built: Built, document: Document, monkeypatch: pytest.MonkeyPatch, outage: Exception
) -> None:
    def update_one(*_: object, **__: object) -> None:
        raise outage

    monkeypatch.setattr(Collection, "update_one", update_one)
    client = create_app(built.desk, bearer()).test_client()
    path, headers = f"/v2/documents/{document.id}/title", authorization(document.company_id)
    assert client.post(path, data="Chairs", content_type="text/plain", headers=headers).status_code == 503


def test_a_command_sets_the_counts_right(
    servers: Servers, document: Document, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAPERLANE_MONGODB_URL", servers.mongodb_url(DATABASE))
    get_db("documents")["counts"].delete_many({"companyId": document.company_id})
    for company, wrong in ((new_hex_id(), 0), (document.company_id, 1), (document.company_id, 0)):
        monkeypatch.setattr("sys.argv", ["worker", "recount", company])
        worker.main()
        assert capsys.readouterr().out == f"Projects whose counts were wrong, and are right now: {wrong}\n"
    monkeypatch.setattr("sys.argv", ["worker", "recount"])
    worker.main()


# The last ones: they leave the rest of what is built with a closed connection.
def test_a_database_that_is_away_is_503_in_time(built: Built, servers: Servers) -> None:
    client = create_app(built.desk, bearer()).test_client()
    Database(AWAY)
    try:
        began = time.monotonic()
        answer = client.get("/v2/documents", headers=authorization())
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert time.monotonic() - began < 6
    finally:
        Database(servers.mongodb_url(DATABASE))
    assert client.get("/v2/documents", headers=authorization()).status_code == 200


def test_a_command_says_that_the_database_is_away(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERLANE_MONGODB_URL", AWAY)
    monkeypatch.setattr("sys.argv", ["worker", "recount"])
    try:
        with pytest.raises(SystemExit, match="database does not answer"):
            worker.main()
    finally:
        Database(servers.mongodb_url(DATABASE))
