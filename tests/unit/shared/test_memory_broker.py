"""The in-memory twin: order, delays on its own clock, returns as 3.10 and 4.x count them. See also the port tests."""

from typing import Literal

import pytest

from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope
from shared.contracts.extraction import DocumentExtracted, DocumentRefused
from shared.contracts.files import MembersStored
from shared.messaging.memory import MemoryBroker, TakenBack, WorkerLost
from shared.messaging.publisher import PublishFailed
from shared.messaging.reactions import MAX_LOSSES, Reaction
from shared.messaging.topology import DELIVERY_LIMIT
from tests.support.messages import message, reacting


def test_services_answer_each_other_in_one_call() -> None:
    broker = MemoryBroker()
    publisher, answers = broker.publisher(), []
    answering = Reaction(lambda _: publisher.publish(message(DocumentExtracted)))
    broker.consume("extraction", reacting("extraction", {ProcessDocument: answering}))
    noted = Reaction(lambda envelope: answers.append(envelope.type))
    broker.consume("documents", {DocumentExtracted: noted, DocumentRefused: noted, MembersStored: noted})
    publisher.publish(message())
    assert broker.deliver_all() == 2
    assert answers == ["document-extracted"]
    assert not broker.deliver_next()


def test_delays_pass_on_its_own_clock_and_in_their_order() -> None:
    broker, runs = MemoryBroker(retry_seconds=(5, 60)), []

    def run(envelope: Envelope) -> None:
        runs.append((envelope.id, broker.now))
        if envelope.id == "a":
            raise OSError("no")

    broker.consume("extraction", reacting("extraction", {ProcessDocument: Reaction(run)}))
    for name in ("a", "b"):
        broker.publisher().publish(message(id=name))
    broker.deliver_all()
    assert runs == [("a", 0), ("b", 0), ("a", 5), ("a", 65)]
    (dead,) = broker.dead["extraction"]
    assert (dead.attempts, dead.reason, dead.queue) == (3, "OSError: no", "extraction.commands")


def test_a_lost_worker_leaves_its_message_at_the_head_of_the_queue() -> None:
    broker, runs = MemoryBroker(), []

    def run(envelope: Envelope) -> None:
        runs.append(envelope.id)
        if runs == ["a"]:
            raise WorkerLost

    broker.consume("extraction", reacting("extraction", {ProcessDocument: Reaction(run)}))
    for name in ("a", "b"):
        broker.publisher().publish(message(id=name))
    broker.deliver_all()
    assert runs == ["a", "a", "b"]


@pytest.mark.parametrize(("redelivery", "dead"), [("3.10", 1), ("4.x", 0)])
def test_returns_count_as_in_the_chosen_release(redelivery: Literal["3.10", "4.x"], dead: int) -> None:
    broker, runs = MemoryBroker(redelivery=redelivery), []

    def run(_: Envelope) -> None:
        runs.append(1)
        raise TakenBack

    broker.consume("extraction", reacting("extraction", {ProcessDocument: Reaction(run)}))
    broker.publisher().publish(message())
    for _ in range(DELIVERY_LIMIT * 2):
        broker.deliver_next()
    assert len(broker.dead["extraction"]) == dead
    assert len(runs) == (MAX_LOSSES if dead else DELIVERY_LIMIT * 2)


def test_the_brokers_own_limit_is_there_for_what_we_never_decide() -> None:
    broker = MemoryBroker()

    def die(*_: object) -> None:
        raise WorkerLost

    broker.consume("extraction", reacting("extraction", {ProcessDocument: Reaction(die, die)}))
    broker.publisher().publish(message())
    assert broker.deliver_all() == DELIVERY_LIMIT + 1
    assert [dead.reason for dead in broker.dead["extraction"]] == ["delivery_limit"]


def test_a_broker_that_is_down_takes_nothing() -> None:
    broker = MemoryBroker()
    broker.consume("extraction", reacting("extraction", {ProcessDocument: Reaction(lambda _: None)}))
    broker.down = True
    with pytest.raises(PublishFailed):
        broker.publisher().publish(message())
    broker.down = False
    assert broker.deliver_all() == 0
