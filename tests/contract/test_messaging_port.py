"""What a service may expect of its broker; the in-memory twin and RabbitMQ both keep it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal, Protocol

import pytest

from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope, encode
from shared.contracts.extraction import DocumentExtracted, DocumentRefused
from shared.contracts.files import MembersStored
from shared.contracts.registry import kind_for
from shared.errors import Conflict, Unavailable
from shared.messaging.consumer import Consumer
from shared.messaging.deadletters import list_dead
from shared.messaging.memory import MemoryBroker
from shared.messaging.publisher import Publisher, RabbitPublisher, Unroutable
from shared.messaging.reactions import Reaction, Reactions
from shared.messaging.topology import exchange_of, routing_key
from tests.support import eventually
from tests.support.messages import message, reacting
from tests.support.rabbit import RETRY_SECONDS, Rabbit


class Port(Protocol):
    """A broker as the tests below see it."""

    publisher: Publisher

    def consume(self, service: str, reactions: Reactions) -> None:
        """Returns once the service gets its messages."""

    def send(self, body: bytes) -> None:
        """Send raw bytes to extraction."""

    def until(self, probe: Callable[[], object]) -> None:
        """Let messages move until the probe holds."""

    def dead(self, service: str) -> list[tuple[str, int, str]]:
        """Reason, attempts and queue of each dead letter."""

    def close(self) -> None: ...


class MemoryPort:
    def __init__(self, redelivery: Literal["3.10", "4.x"]) -> None:
        self._broker = MemoryBroker(RETRY_SECONDS, redelivery)
        self.publisher: Publisher = self._broker.publisher()
        self.consume = self._broker.consume

    def send(self, body: bytes) -> None:
        self._broker.send("paperlane.commands", "process-document.v1", body)

    def until(self, probe: Callable[[], object]) -> None:
        self._broker.deliver_all()
        assert probe()

    def dead(self, service: str) -> list[tuple[str, int, str]]:
        return [(letter.reason, letter.attempts, letter.queue) for letter in self._broker.dead[service]]

    def close(self) -> None:
        self.publisher.close()


class RabbitPort:
    def __init__(self, url: str) -> None:
        self._rabbit = Rabbit(url)
        self._consumers: list[Consumer] = []
        self.publisher: Publisher = RabbitPublisher(url)

    def consume(self, service: str, reactions: Reactions) -> None:
        consumer = Consumer(self._rabbit.url, service, reactions, RETRY_SECONDS)
        self._consumers.append(consumer)
        consumer.start()
        eventually(lambda: consumer.ready)

    def send(self, body: bytes) -> None:
        kind = kind_for(ProcessDocument)
        with self._rabbit.session() as session:
            session.channel.basic_publish(exchange_of(kind), routing_key(kind), body, mandatory=True)

    def until(self, probe: Callable[[], object]) -> None:
        eventually(probe)

    def dead(self, service: str) -> list[tuple[str, int, str]]:
        return [
            (letter["reason"], letter["attempts"], letter["queue"]) for letter in list_dead(self._rabbit.url, service)
        ]

    def close(self) -> None:
        for consumer in self._consumers:
            consumer.stop()
        assert all(consumer.join(10) for consumer in self._consumers)
        self.publisher.close()


@pytest.fixture(params=["memory 3.10", "memory 4.x", "rabbitmq"])
def port(request: pytest.FixtureRequest) -> Iterator[Port]:
    port: Port
    if request.param == "rabbitmq":
        port = RabbitPort(request.getfixturevalue("servers").rabbitmq_url)
    else:
        port = MemoryPort(request.param.removeprefix("memory "))
    yield port
    port.close()


class Extraction:
    """Reads documents; `fault(envelope)` may return what to raise. Remembers runs and what it was told at the end."""

    def __init__(self, fault: Callable[[Envelope], Exception | None] = lambda _: None) -> None:
        self.runs: list[str] = []
        self.done: list[Envelope] = []
        self.given_up: list[tuple[str, str]] = []
        self.reactions = reacting("extraction", {ProcessDocument: Reaction(self._run, self._exhausted)})
        self._fault = fault

    def _run(self, envelope: Envelope) -> None:
        self.runs.append(envelope.id)
        if fault := self._fault(envelope):
            raise fault
        self.done.append(envelope)

    def _exhausted(self, envelope: Envelope, reason: str) -> None:
        self.given_up.append((envelope.id, reason))


def only(name: str, fault: Exception) -> Callable[[Envelope], Exception | None]:
    return lambda envelope: fault if envelope.id == name else None


def test_a_command_reaches_its_receiver_as_it_was_sent(port: Port) -> None:
    extraction = Extraction()
    port.consume("extraction", extraction.reactions)
    port.publisher.publish(message())
    port.until(lambda: extraction.done)
    assert extraction.done == [message()]
    assert port.dead("extraction") == []


def test_each_fact_reaches_its_own_reaction(port: Port) -> None:
    extracted: list[Any] = []
    refused: list[Any] = []
    port.consume(
        "documents",
        {
            DocumentExtracted: Reaction(lambda envelope: extracted.append(envelope.body)),
            DocumentRefused: Reaction(lambda envelope: refused.append(envelope.body)),
            MembersStored: Reaction(lambda _: None),
        },
    )
    for body in (DocumentRefused, DocumentExtracted):
        port.publisher.publish(message(body))
    port.until(lambda: extracted and refused)
    assert extracted == [message(DocumentExtracted).body]
    assert refused == [message(DocumentRefused).body]


def test_without_a_receiver_a_message_is_refused_and_can_be_sent_later(port: Port) -> None:
    with pytest.raises(Unroutable, match=r"process-document\.v1"):
        port.publisher.publish(message())
    extraction = Extraction()
    port.consume("extraction", extraction.reactions)
    port.publisher.publish(message())
    port.until(lambda: extraction.done)
    assert extraction.runs == [message().id]


def test_messages_arrive_in_the_order_they_were_sent(port: Port) -> None:
    extraction = Extraction()
    port.consume("extraction", extraction.reactions)
    names = [f"m{number}" for number in range(20)]
    for name in names:
        port.publisher.publish(message(id=name))
    port.until(lambda: len(extraction.done) == 20)
    assert extraction.runs == names


def test_a_failure_is_tried_again_and_holds_up_nobody(port: Port) -> None:
    extraction = Extraction()
    extraction._fault = lambda envelope: (
        Unavailable("S3 is away") if envelope.id == "a" and extraction.runs.count("a") < 3 else None
    )
    port.consume("extraction", extraction.reactions)
    for name in ("a", "b", "c"):
        port.publisher.publish(message(id=name))
    port.until(lambda: len(extraction.done) == 3)
    assert extraction.runs == ["a", "b", "c", "a", "a"]
    assert extraction.given_up == []
    assert port.dead("extraction") == []


def test_after_the_last_delay_the_owner_is_told_and_the_message_kept(port: Port) -> None:
    extraction = Extraction(only("a", OSError("no")))
    port.consume("extraction", extraction.reactions)
    port.publisher.publish(message(id="a"))
    port.until(lambda: port.dead("extraction"))
    assert extraction.runs == ["a"] * 3
    assert extraction.given_up == [("a", "OSError: no")]
    assert port.dead("extraction") == [("OSError: no", 3, "extraction.commands")]


def test_what_is_away_is_waited_for_as_long_as_it_takes(port: Port) -> None:
    extraction = Extraction()
    extraction._fault = lambda _: Unavailable("S3 is away") if len(extraction.runs) < 6 else None
    port.consume("extraction", extraction.reactions)
    port.publisher.publish(message(id="a"))
    port.until(lambda: extraction.done)
    assert extraction.runs == ["a"] * 6
    assert extraction.given_up == []
    assert port.dead("extraction") == []


def test_what_is_refused_for_good_is_kept_at_first_sight(port: Port) -> None:
    extraction = Extraction(only("a", Conflict("it is done")))
    port.consume("extraction", extraction.reactions)
    for name in ("a", "b"):
        port.publisher.publish(message(id=name))
    port.until(lambda: extraction.done and port.dead("extraction"))
    assert extraction.runs == ["a", "b"]
    assert extraction.given_up == [("a", "conflict_status: it is done")]
    assert port.dead("extraction") == [("conflict_status: it is done", 1, "extraction.commands")]


def test_poison_is_kept_at_first_sight_and_the_next_hundred_go_on(port: Port) -> None:
    extraction = Extraction()
    port.consume("extraction", extraction.reactions)
    unknown = {**json.loads(encode(message())), "version": 9}
    for poison in (b"\x00 no JSON", b"{}", json.dumps(unknown).encode()):
        port.send(poison)
    for number in range(100):
        port.publisher.publish(message(id=f"m{number}"))
    port.until(lambda: len(extraction.done) == 100)
    reasons = [reason for reason, _, _ in port.dead("extraction")]
    assert len(reasons) == 3
    assert all(reason.startswith("Malformed: ") for reason in reasons)
    assert "process-document.v9" in reasons[2]


def test_the_owner_is_asked_until_it_has_heard(port: Port) -> None:
    told: list[str] = []

    def run(_: Envelope) -> None:
        raise ValueError("a bug")

    def exhausted(_: Envelope, reason: str) -> None:
        told.append(reason)
        if len(told) < 3:
            raise Unavailable("MongoDB is away")

    port.consume("extraction", reacting("extraction", {ProcessDocument: Reaction(run, exhausted)}))
    port.publisher.publish(message())
    port.until(lambda: port.dead("extraction"))
    assert told == ["ValueError: a bug"] * 3
    assert port.dead("extraction") == [("ValueError: a bug", 3, "extraction.commands")]


def test_a_quiet_publisher_may_rest_and_close_at_any_time(port: Port) -> None:
    extraction = Extraction()
    port.consume("extraction", extraction.reactions)
    port.publisher.idle()
    port.publisher.close()
    port.publisher.publish(message(id="a"))
    port.publisher.idle()
    port.publisher.close()
    port.publisher.publish(message(id="b"))
    port.until(lambda: len(extraction.done) == 2)
    assert extraction.runs == ["a", "b"]
