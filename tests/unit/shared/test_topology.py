"""Names and arguments of exchanges and queues, and what is said when the broker has others."""

from typing import Any

import pytest
from pika.exceptions import ChannelClosedByBroker

from shared.contracts.registry import KINDS, Family
from shared.messaging import topology
from shared.messaging.reactions import MAX_LOSSES

CONSUMERS = sorted({consumer for kind in KINDS for consumer in kind.consumers})


class Channel:
    """Remembers what was asked of it; refuses the queue called `refused` as a broker with other arguments does."""

    def __init__(self, refused: str = "", code: int = 406) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self._refused, self._code = refused, code

    def exchange_declare(self, name: str, exchange_type: str, durable: bool) -> None:
        self.calls.append(("exchange", name, exchange_type, durable))

    def queue_declare(self, name: str, durable: bool, arguments: dict[str, Any]) -> None:
        if name == self._refused:
            raise ChannelClosedByBroker(self._code, "PRECONDITION_FAILED - inequivalent arg 'x-overflow'")
        self.calls.append(("queue", name, durable, arguments["x-queue-type"]))

    def queue_bind(self, *binding: str) -> None:
        self.calls.append(("bind", *binding))


def test_names_come_from_the_registry() -> None:
    names = [queue.name for queue in topology.queues_of("documents", (5, 0.25))]
    assert names == ["documents.dead", "documents.facts", "documents.facts.retry.5000", "documents.facts.retry.250"]
    (facts,) = topology.work_queues("documents")
    assert facts.bindings == (
        ("paperlane.facts", "document-extracted.v1"),
        ("paperlane.facts", "document-refused.v1"),
        ("paperlane.facts", "members-stored.v1"),
    )
    facts, commands = topology.work_queues("extraction")
    assert facts.name == "extraction.facts"
    assert facts.bindings == (("paperlane.facts", "members-stored.v1"), ("paperlane.facts", "document-deleted.v1"))
    assert (commands.name, commands.bindings) == (
        "extraction.commands",
        (("paperlane.commands", "process-document.v1"),),
    )
    assert topology.work_queue("extraction", Family.COMMAND) == commands.name


@pytest.mark.parametrize("service", CONSUMERS)
def test_no_queue_can_lose_a_message(service: str) -> None:
    queues = {queue.name: queue for queue in topology.queues_of(service, (5, 60))}
    for queue in queues.values():
        assert queue.arguments["x-queue-type"] == "quorum"
        assert queue.arguments["x-overflow"] == "reject-publish"
        assert queue.arguments["x-max-length-bytes"] > 0
        if queue.name != topology.dead_letter_queue(service):
            assert queue.arguments["x-dead-letter-strategy"] == "at-least-once"
            assert queue.arguments["x-dead-letter-exchange"] == ""
            assert queue.arguments["x-dead-letter-routing-key"] in queues
    for work in topology.work_queues(service):
        assert work.arguments["x-delivery-limit"] > MAX_LOSSES
        assert work.arguments["x-dead-letter-routing-key"] == topology.dead_letter_queue(service)
        retry = queues[topology.retry_queue(work.name, 60)]
        assert retry.arguments["x-message-ttl"] == 60_000
        assert retry.arguments["x-dead-letter-routing-key"] == work.name


def test_every_kind_has_a_queue_in_each_service_that_receives_it() -> None:
    bound = {binding for service in CONSUMERS for queue in topology.work_queues(service) for binding in queue.bindings}
    assert bound == {(topology.exchange_of(kind), topology.routing_key(kind)) for kind in KINDS if kind.consumers}


def test_targets_are_declared_before_what_leads_to_them() -> None:
    channel = Channel()
    topology.declare(channel, topology.queues_of("extraction", (5,)))
    assert channel.calls == [
        ("exchange", "paperlane.facts", "topic", True),
        ("exchange", "paperlane.commands", "direct", True),
        ("queue", "extraction.dead", True, "quorum"),
        ("queue", "extraction.facts", True, "quorum"),
        ("bind", "extraction.facts", "paperlane.facts", "members-stored.v1"),
        ("bind", "extraction.facts", "paperlane.facts", "document-deleted.v1"),
        ("queue", "extraction.commands", True, "quorum"),
        ("bind", "extraction.commands", "paperlane.commands", "process-document.v1"),
        ("queue", "extraction.facts.retry.5000", True, "quorum"),
        ("queue", "extraction.commands.retry.5000", True, "quorum"),
    ]


def test_other_arguments_on_the_broker_are_told_with_the_cure() -> None:
    with pytest.raises(topology.TopologyConflict, match=r"x-overflow.*rabbitmqctl delete_queue extraction\.commands"):
        topology.declare(Channel("extraction.commands"), topology.queues_of("extraction", (5,)))


def test_any_other_refusal_stays_itself() -> None:
    with pytest.raises(ChannelClosedByBroker):
        topology.declare(Channel("extraction.dead", code=403), topology.queues_of("extraction", (5,)))
