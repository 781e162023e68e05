"""The whole lane in one process: every service on fakes, messages over the broker's twin, no socket and no thread."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from flask.testing import FlaskClient

import services.documents.app
import services.documents.handlers
import services.extraction.handlers
import services.files.app
from services.extraction.errors import Encrypted, ReaderDown
from services.extraction.ports import Reading
from shared.contracts.extraction import Check, ExtractionResult
from shared.messaging.memory import MemoryBroker
from shared.messaging.outbox import Relay
from tests.support.fakes import extraction
from tests.support.fakes.documents import Office
from tests.support.fakes.files import desk_over
from tests.support.tokens import authorization, bearer

PDF = b"%PDF-1.7 anything"
READING = Reading(ExtractionResult("invoice", 1, {"number": "R-1"}, {}, ()), b"{}")


class Lane:
    """All services over one object store and one broker; `run` lets everything that waits happen."""

    def __init__(self, redelivery: Literal["3.10", "4.x"] = "4.x") -> None:
        self.office, self.jobs = Office(), extraction.MemoryJobs()
        self.reader = extraction.ScriptedReader(READING)
        self.broker = MemoryBroker(redelivery=redelivery)
        documents = self.office.desk()
        reading = extraction.desk(self.office.store, self.jobs, self.reader)
        self.broker.consume("documents", services.documents.handlers.reactions(documents))
        self.broker.consume("extraction", services.extraction.handlers.reactions(reading))
        self._relays = [
            Relay(
                self.office.documents,
                self.broker.publisher(),
                lambda envelope: services.documents.handlers.message_sent(documents, envelope),
            ),
            Relay(self.jobs, self.broker.publisher()),
        ]
        self.files = services.files.app.create_app(desk_over(self.office.store), bearer()).test_client()
        self.documents = services.documents.app.create_app(documents, bearer()).test_client()

    def run(self) -> None:
        while any([relay.step() == 0 for relay in self._relays] + [self.broker.deliver_all() > 0]):
            pass

    def hand_over(self) -> None:
        """Send what documents has to send, and no more."""
        self._relays[0].step()

    def submit(self, completion: str = "automatic") -> str:
        project = self._post(self.documents, "/v2/projects", {"name": "Invoices", "completion": completion})
        headers = authorization() | {"Content-Type": "application/pdf"}
        uploaded = self.files.post("/v2/files", data=PDF, headers=headers).json
        assert uploaded
        order = {"fileId": uploaded["id"], "projectId": project["id"]}
        return str(self._post(self.documents, "/v2/documents/process-file", order)["documentId"])

    def document(self, document_id: str) -> dict[str, Any]:
        answer = self.documents.get(f"/v2/documents/{document_id}", headers=authorization())
        assert answer.json
        return dict(answer.json)

    def states(self, document_id: str) -> list[str]:
        answer = self.documents.get(f"/v2/documents/{document_id}/states", headers=authorization())
        return [entry["state"] for entry in answer.json or []]

    def transfer(self, document_id: str) -> int:
        path = f"/v2/documents/{document_id}/transfer"
        return self.documents.post(path, json={"successful": True}, headers=authorization()).status_code

    def _post(self, client: FlaskClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(path, json=body, headers=authorization())
        assert answer.status_code in (201, 202), answer.text
        return dict(answer.json or {})


@pytest.fixture(params=["3.10", "4.x"])
def lane(request: pytest.FixtureRequest) -> Lane:
    return Lane(request.param)


def test_a_document_goes_from_upload_to_transfer(lane: Lane) -> None:
    document_id = lane.submit()
    assert lane.states(document_id) == ["new"]
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "doneAutomatically"]
    assert lane.document(document_id)["entities"] == {"number": "R-1"}
    assert lane.reader.asked == [(PDF, "application/pdf", ("en", "de"))]
    assert [lane.transfer(document_id), lane.transfer(document_id)] == [202, 409]


def test_a_manual_project_leaves_it_to_a_person(lane: Lane) -> None:
    document_id = lane.submit(completion="manual")
    lane.run()
    assert lane.document(document_id)["state"] == "extracted"


def test_a_check_that_does_not_pass_asks_for_review(lane: Lane) -> None:
    check = Check("totals_add_up", passed=False, blocking=True, message="The totals do not add up.")
    lane.reader.outcome = Reading(ExtractionResult("invoice", 1, {}, {}, (check,)), b"{}")
    document_id = lane.submit()
    lane.run()
    document = lane.document(document_id)
    assert (document["state"], document["reason"]["message"]) == ("reviewRequired", "The totals do not add up.")


def test_what_cannot_be_read_fails_with_its_reason(lane: Lane) -> None:
    lane.reader.outcome = Encrypted()
    document_id = lane.submit()
    lane.run()
    document = lane.document(document_id)
    assert (document["state"], document["reason"]["code"]) == ("failed", "encrypted")


def test_a_reader_that_stays_down_fails_the_document_and_keeps_the_command(lane: Lane) -> None:
    lane.reader.outcome = ReaderDown("no child")
    document_id = lane.submit()
    lane.run()
    assert lane.document(document_id)["reason"]["code"] == "processing_failed"
    assert len(lane.broker.dead["extraction"]) == 1
    assert len(lane.reader.asked) == 4


def test_a_broker_that_is_away_stops_no_request(lane: Lane) -> None:
    lane.broker.down = True
    document_id = lane.submit()
    lane.run()
    assert lane.states(document_id) == ["new"]
    lane.broker.down = False
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "doneAutomatically"]


def test_every_message_may_come_twice(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    once = lane.broker.send

    def twice(exchange: str, key: str, body: bytes) -> None:
        once(exchange, key, body)
        once(exchange, key, body)

    monkeypatch.setattr(lane.broker, "send", twice)
    document_id = lane.submit()
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "doneAutomatically"]
    assert len(lane.reader.asked) == 1


def test_a_rejected_document_stays_rejected_when_its_result_comes_late(lane: Lane) -> None:
    document_id = lane.submit()
    lane.hand_over()
    lane.documents.post(f"/v2/documents/{document_id}/reject", headers=authorization())
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "rejected"]
    assert len(lane.reader.asked) == 1
