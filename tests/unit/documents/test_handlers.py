"""The bus door on the in-memory broker: the outbox is emptied, answers arrive twice and late, with one effect."""

import dataclasses
from functools import partial

import pytest

from services.documents.domain.actors import Actor
from services.documents.domain.documents import Document, Order
from services.documents.domain.projects import Completion, Plan
from services.documents.handlers import message_sent, reactions
from services.documents.ports import Desk
from services.documents.usecases import arriving
from services.documents.usecases.projects import create_project
from shared.contracts.envelope import Envelope, encode
from shared.contracts.extraction import DocumentExtracted, DocumentRefused
from shared.contracts.registry import received_by
from shared.ids import new_uuid
from shared.messaging.memory import MemoryBroker
from shared.messaging.outbox import Relay
from shared.messaging.reactions import MAX_LOSSES, Delivery, Reaction, react
from tests.support.fakes.documents import Office, result_with
from tests.support.messages import message

ME = Actor("a" * 24, "client-a", "req-1")


class Bus:
    """Documents on a broker, with an extraction that only notes its commands."""

    def __init__(self) -> None:
        self.office = Office()
        self.desk: Desk = self.office.desk()
        self.broker = MemoryBroker(retry_seconds=(1, 2))
        self.commands: list[Envelope] = []
        self.broker.consume("documents", reactions(self.desk))
        self.broker.consume(
            "extraction", {kind.body: Reaction(self.commands.append) for kind in received_by("extraction")}
        )
        self.relay = Relay(self.office.documents, self.broker.publisher(), partial(message_sent, self.desk))

    def arrive(self) -> Document:
        project = create_project(self.desk, ME, Plan("Invoices", completion=Completion.AUTOMATIC))
        file_id = new_uuid()
        self.office.upload(ME.company_id, file_id)
        return arriving.process_file(self.desk, ME, Order(file_id, project.id))

    def tell(self, body: DocumentExtracted | DocumentRefused) -> None:
        envelope = dataclasses.replace(message(type(body)), company_id=ME.company_id, body=body)
        self.broker.publisher().publish(envelope)

    def states(self, document: Document) -> list[str]:
        return [step.state.value for step in self.office.documents.documents[document.id].history]


@pytest.fixture
def bus() -> Bus:
    return Bus()


def test_the_relay_hands_over_and_extraction_gets_the_command_once(bus: Bus) -> None:
    document = bus.arrive()
    bus.relay.step()
    bus.relay.step()
    bus.broker.deliver_all()
    assert [command.body.document_id for command in bus.commands] == [document.id]
    assert bus.states(document) == ["new", "processing"]
    assert not bus.office.documents.outbox[document.id]


def test_a_broker_that_is_down_keeps_the_document_new(bus: Bus) -> None:
    document = bus.arrive()
    bus.broker.down = True
    bus.relay.step()
    assert bus.states(document) == ["new"]
    bus.broker.down = False
    bus.relay.step()
    assert bus.states(document) == ["new", "processing"]


def test_duplicates_in_any_order_have_one_effect(bus: Bus) -> None:
    document = bus.arrive()
    extracted = bus.office.read(document, result_with(number="R-1"))
    refused = DocumentRefused(document.id, 1, "failed", "encrypted_file", "Remove the password.")
    for body in (extracted, extracted, refused, extracted, refused):
        bus.tell(body)
    bus.broker.deliver_all()
    bus.relay.step()
    assert bus.states(document) == ["new", "processing", "doneAutomatically"]
    assert bus.broker.dead["documents"] == []


def test_a_result_given_up_fails_the_document_and_lies_with_the_dead(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> bytes:
        raise OSError("a bug")

    document = bus.arrive()
    extracted = bus.office.read(document, result_with())
    monkeypatch.setattr(bus.office.store, "get", down)
    bus.tell(extracted)
    bus.broker.deliver_all()
    [dead] = bus.broker.dead["documents"]
    assert "OSError" in dead.reason
    assert bus.states(document) == ["new", "processing", "failed"]
    assert bus.office.documents.documents[document.id].history[-1].reason == "processing_failed"


def test_a_refusal_given_up_fails_the_document_all_the_same(bus: Bus) -> None:
    document = bus.arrive()
    refused = DocumentRefused(document.id, 1, "failed", "encrypted", "Remove the password.")
    envelope = dataclasses.replace(message(DocumentRefused), company_id=ME.company_id, body=refused)
    react(reactions(bus.desk), Delivery(encode(envelope), losses=MAX_LOSSES), tiers=2)
    assert bus.states(document) == ["new", "processing", "failed"]
    assert bus.office.documents.documents[document.id].history[-1].reason == "encrypted"
