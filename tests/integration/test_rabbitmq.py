"""RabbitMQ as it really behaves: topology, confirms, lost connections, lost workers, dead letters and their return."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope, encode
from shared.errors import Conflict
from shared.messaging import deadletters, topology
from shared.messaging.connection import FAULTS, Session, open_session
from shared.messaging.consumer import Consumer
from shared.messaging.publisher import PublishFailed, RabbitPublisher, Unroutable
from shared.messaging.reactions import Reaction
from tests.support import eventually
from tests.support.messages import forget_queues, message
from tests.support.wire import Wire

RETRY_SECONDS = (0.1, 0.3)
COMMANDS, DEAD = "extraction.commands", "extraction.dead"


@pytest.fixture
def url(servers: Any) -> str:
    """A broker without queues of ours."""
    forget_queues(servers.rabbitmq_url, RETRY_SECONDS)
    return str(servers.rabbitmq_url)


@pytest.fixture
def wire(url: str) -> Iterator[Wire]:
    with Wire(url) as wire:
        yield wire


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    with closing(open_session(url, "test")) as session:
        yield session


@pytest.fixture
def publisher(url: str) -> Iterator[RabbitPublisher]:
    with closing(RabbitPublisher(url)) as publisher:
        yield publisher


@contextmanager
def consuming(url: str, run: Callable[[Envelope], None]) -> Iterator[Consumer]:
    """An extraction consumer that is ready, and stops at the end."""
    consumer = Consumer(url, "extraction", {ProcessDocument: Reaction(run)}, RETRY_SECONDS)
    consumer.start()
    eventually(lambda: consumer.ready)
    yield consumer
    consumer.stop()
    assert consumer.join(10)
    assert not consumer.ready


class Slow:
    """A reaction that waits for `go`."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.go = threading.Event()

    def __call__(self, envelope: Envelope) -> None:
        self.runs.append(envelope.id)
        assert self.go.wait(30)


def declare(url: str) -> None:
    with closing(open_session(url, "test")) as session:
        topology.declare(session.channel, topology.queues_of("extraction", RETRY_SECONDS))


def rested(publisher: RabbitPublisher) -> bool:
    publisher.idle()
    return True


def waiting(url: str, queue: str) -> int:
    """Messages in the queue that nobody holds."""
    with closing(open_session(url, "test")) as session:
        return int(session.channel.queue_declare(queue, passive=True).method.message_count)


def test_declaring_again_changes_nothing(url: str, publisher: RabbitPublisher) -> None:
    declare(url)
    publisher.publish(message())
    declare(url)
    assert waiting(url, COMMANDS) == 1


def test_other_arguments_keep_the_service_away_with_the_cure(
    url: str, session: Session, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    session.channel.queue_declare(COMMANDS, durable=True, arguments={"x-queue-type": "quorum"})
    with pytest.raises(topology.TopologyConflict, match=rf"rabbitmqctl delete_queue {COMMANDS}"):
        declare(url)
    consumer = Consumer(url, "extraction", {ProcessDocument: Reaction(lambda _: None)}, RETRY_SECONDS)
    consumer.start()
    told = ""

    def cure() -> bool:
        nonlocal told
        told += capsys.readouterr().out + caplog.text
        return f"rabbitmqctl delete_queue {COMMANDS}" in told

    assert eventually(cure)
    assert not consumer.ready
    assert consumer.alive
    session.channel.queue_delete(COMMANDS)
    assert eventually(lambda: consumer.ready), "it goes on by itself once the queue is away"
    consumer.stop()
    assert consumer.join(10)


def test_a_message_is_persistent_and_says_what_it_is(url: str, session: Session, publisher: RabbitPublisher) -> None:
    declare(url)
    publisher.publish(message())
    _, properties, body = session.channel.basic_get(COMMANDS, auto_ack=True)
    assert body == encode(message())
    assert (properties.message_id, properties.correlation_id) == (message().id, message().correlation_id)
    assert (properties.type, properties.content_type) == ("process-document", "application/json")
    assert properties.delivery_mode == 2


def test_a_full_queue_refuses_and_loses_nothing(
    url: str, publisher: RabbitPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topology, "MAX_QUEUE_BYTES", 2000)
    declare(url)
    confirmed = []

    def publish() -> bool:
        publisher.publish(message())
        confirmed.append(1)
        return len(confirmed) > 1000

    with pytest.raises(PublishFailed, match="NackError"):
        eventually(publish, every=0)
    assert confirmed
    assert waiting(url, COMMANDS) == len(confirmed)


def test_a_broker_that_goes_and_comes_back_is_found_again(url: str, wire: Wire) -> None:
    declare(url)
    with closing(RabbitPublisher(wire.url)) as publisher:
        wire.down = True
        with pytest.raises(PublishFailed):
            publisher.publish(message(id="a"))
        wire.down = False
        publisher.publish(message(id="b"))
        wire.cut()
        with pytest.raises(PublishFailed):
            publisher.publish(message(id="c"))
        publisher.publish(message(id="c"))
        wire.cut()
        assert eventually(lambda: rested(publisher) and publisher._session is None)
        publisher.publish(message(id="d"))
    assert waiting(url, COMMANDS) == 3


def test_a_quiet_publisher_keeps_its_connection(url: str, wire: Wire) -> None:
    declare(url)
    with closing(RabbitPublisher(f"{wire.url}?heartbeat=1")) as publisher:
        publisher.publish(message())
        passed = threading.Event()
        threading.Timer(4, passed.set).start()
        assert eventually(lambda: rested(publisher) and passed.is_set(), every=0.05)
        publisher.publish(message())
        assert wire.accepted == 1


def test_a_long_reaction_keeps_its_connection_and_runs_once(url: str, wire: Wire, publisher: RabbitPublisher) -> None:
    slow = Slow()
    with consuming(f"{wire.url}?heartbeat=1", slow):
        publisher.publish(message())
        threading.Timer(4, slow.go.set).start()
        assert slow.go.wait(10)
    assert (slow.runs, wire.accepted) == ([message().id], 1)
    assert waiting(url, COMMANDS) == 0


def test_a_verdict_from_a_lost_connection_does_not_count(wire: Wire, publisher: RabbitPublisher) -> None:
    slow = Slow()
    with consuming(wire.url, slow) as consumer:
        publisher.publish(message(id="a"))
        eventually(lambda: slow.runs)
        wire.down = True
        wire.cut()
        eventually(lambda: not consumer.ready)
        wire.down = False
        eventually(lambda: consumer.ready)
        slow.go.set()
        publisher.publish(message(id="b"))
        eventually(lambda: "b" in slow.runs)
    assert slow.runs == ["a", "a", "b"], "delivered again, because its acknowledgement could not be"


def test_a_deleted_queue_is_declared_and_consumed_again(session: Session, url: str, publisher: RabbitPublisher) -> None:
    runs: list[str] = []
    with consuming(url, lambda envelope: runs.append(envelope.id)) as consumer:
        session.channel.queue_delete(COMMANDS)
        eventually(lambda: not consumer.ready)
        eventually(lambda: consumer.ready)
        publisher.publish(message())
        eventually(lambda: runs)


def test_a_retry_queue_that_is_missing_loses_nothing(session: Session, url: str, publisher: RabbitPublisher) -> None:
    runs: list[str] = []

    def run(envelope: Envelope) -> None:
        runs.append(envelope.id)
        if len(runs) == 1:
            session.channel.queue_delete(topology.retry_queue(COMMANDS, RETRY_SECONDS[0]))
            raise OSError("no")

    with consuming(url, run):
        publisher.publish(message())
        eventually(lambda: len(runs) == 2)
    assert waiting(url, DEAD) == 0


def test_stopping_leaves_what_was_not_begun(url: str, publisher: RabbitPublisher) -> None:
    slow = Slow()
    with consuming(url, slow) as consumer:
        for name in ("a", "b", "c"):
            publisher.publish(message(id=name))
        eventually(lambda: slow.runs)
        consumer.stop()
        assert not consumer.ready
        slow.go.set()
    assert slow.runs == ["a"]
    assert waiting(url, COMMANDS) == 2


def test_two_consumers_share_the_work(url: str, publisher: RabbitPublisher) -> None:
    runs: list[list[str]] = [[], []]
    with (
        consuming(url, lambda envelope: runs[0].append(envelope.id)),
        consuming(url, lambda envelope: runs[1].append(envelope.id)),
    ):
        names = [f"m{number}" for number in range(50)]
        for name in names:
            publisher.publish(message(id=name))
        eventually(lambda: len(runs[0]) + len(runs[1]) == 50)
    assert sorted(runs[0] + runs[1]) == sorted(names)
    assert all(runs)


def test_dead_letters_say_why_and_go_back_when_they_are_redriven(
    url: str, session: Session, publisher: RabbitPublisher
) -> None:
    refusing, runs = True, []

    def run(envelope: Envelope) -> None:
        runs.append(envelope.id)
        if refusing:
            raise Conflict("not now")

    with consuming(url, run):
        publisher.publish(message())
        eventually(lambda: waiting(url, DEAD) == 1)
        for _ in range(30):  # more often than a broker's own limit would let it be returned
            (letter,) = deadletters.list_dead(url, "extraction")
        assert letter | {"time": ""} == {
            "id": message().id,
            "type": "process-document",
            "reason": "conflict_status: not now",
            "attempts": 1,
            "time": "",
            "queue": COMMANDS,
        }
        assert letter["time"].endswith("Z")
        refusing = False
        assert deadletters.redrive(url, "extraction") == 1
        eventually(lambda: len(runs) == 2)
    assert (waiting(url, DEAD), waiting(url, COMMANDS)) == (0, 0)


def test_the_brokers_own_limit_keeps_what_we_never_decided(url: str, publisher: RabbitPublisher) -> None:
    declare(url)
    publisher.publish(message())
    with closing(open_session(url, "test")) as session:
        for _ in range(topology.DELIVERY_LIMIT + 1):
            method, _, _ = eventually(lambda: session.channel.basic_get(COMMANDS))
            assert method
            session.channel.basic_reject(method.delivery_tag, requeue=True)
    eventually(lambda: waiting(url, DEAD) == 1)
    (letter,) = deadletters.list_dead(url, "extraction")
    assert (letter["id"], letter["reason"], letter["queue"]) == (message().id, "delivery_limit", COMMANDS)
    assert deadletters.redrive(url, "extraction") == 1
    assert waiting(url, COMMANDS) == 1


def test_the_dead_letters_can_be_listed_and_redriven_by_command(
    url: str, publisher: RabbitPublisher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(action: str) -> str:
        monkeypatch.setattr("sys.argv", ["deadletters", action, "extraction"])
        deadletters.main()
        return capsys.readouterr().out

    def run(_: Envelope) -> None:
        raise Conflict("not now")

    monkeypatch.setenv("PAPERLANE_RABBITMQ_URL", url)
    assert command("list") == ""
    with consuming(url, run):
        publisher.publish(message())
        eventually(lambda: waiting(url, DEAD) == 1)
    capsys.readouterr()
    assert f"{message().id}  process-document  conflict_status: not now  1  " in command("list")
    assert command("redrive") == "1 sent again\n"
    monkeypatch.setenv("PAPERLANE_RABBITMQ_URL", "amqp://127.0.0.1:1")
    with pytest.raises(SystemExit, match="broker"):
        command("list")


def test_unroutable_leaves_the_connection_good(url: str, wire: Wire) -> None:
    with closing(RabbitPublisher(wire.url)) as publisher:
        for _ in range(3):
            with pytest.raises(Unroutable):
                publisher.publish(message())
        declare(url)
        publisher.publish(message())
    assert wire.accepted == 1
    assert waiting(url, COMMANDS) == 1


def test_a_broker_that_is_not_there_is_one_of_the_known_faults() -> None:
    with pytest.raises(FAULTS):
        open_session("amqp://127.0.0.1:1", "test")
