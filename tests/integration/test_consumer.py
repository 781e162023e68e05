"""The consumer on a real broker: long reactions, lost connections, deleted queues, stopping; nothing lost, none twice
without need.
"""

from __future__ import annotations

import threading
from typing import Any

from shared.contracts.envelope import Envelope
from shared.messaging.deadletters import redrive
from shared.messaging.topology import retry_queue
from tests.support import eventually
from tests.support.messages import message
from tests.support.rabbit import COMMANDS, DEAD, RETRY_SECONDS, Rabbit, consuming
from tests.support.wire import Wire


class Slow:
    """A reaction that waits for `go`."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.go = threading.Event()

    def __call__(self, envelope: Envelope) -> None:
        self.runs.append(envelope.id)
        assert self.go.wait(30)


def test_a_long_reaction_keeps_its_connection_and_runs_once(rabbit: Rabbit, wire: Wire) -> None:
    slow = Slow()
    with consuming(f"{wire.url}?heartbeat=1", slow):
        rabbit.send("a")
        threading.Timer(4, slow.go.set).start()
        assert slow.go.wait(10)
    assert (slow.runs, wire.accepted) == (["a"], 1)
    assert rabbit.waiting(COMMANDS) == 0


def test_a_verdict_from_a_lost_connection_does_not_count(rabbit: Rabbit, wire: Wire) -> None:
    slow = Slow()
    with consuming(wire.url, slow) as consumer:
        rabbit.send("a")
        eventually(lambda: slow.runs)
        wire.down = True
        wire.cut()
        eventually(lambda: not consumer.ready)
        wire.down = False
        eventually(lambda: consumer.ready)
        slow.go.set()
        rabbit.send("b")
        eventually(lambda: "b" in slow.runs)
    assert slow.runs == ["a", "a", "b"], "delivered again, because its acknowledgement could not be"
    assert rabbit.waiting(COMMANDS) == 0


def test_a_deleted_queue_is_declared_and_consumed_again(rabbit: Rabbit) -> None:
    runs: list[str] = []
    with consuming(rabbit.url, lambda envelope: runs.append(envelope.id)) as consumer:
        with rabbit.session() as session:
            session.channel.queue_delete(COMMANDS)
        eventually(lambda: not consumer.ready)
        eventually(lambda: consumer.ready)
        rabbit.send("a")
        assert eventually(lambda: runs == ["a"])


def test_a_retry_queue_that_is_missing_loses_nothing(rabbit: Rabbit) -> None:
    runs: list[str] = []

    def run(envelope: Envelope) -> None:
        runs.append(envelope.id)
        if len(runs) == 1:
            with rabbit.session() as session:
                session.channel.queue_delete(retry_queue(COMMANDS, RETRY_SECONDS[0]))
            raise OSError("no")

    with consuming(rabbit.url, run):
        rabbit.send("a")
        assert eventually(lambda: runs == ["a", "a"])
    assert rabbit.waiting(DEAD) == 0


def test_a_trace_stays_with_its_message_through_retries_dead_letters_and_back(rabbit: Rabbit) -> None:
    def run(_: Envelope) -> None:
        raise OSError("no")

    with consuming(rabbit.url, run):
        rabbit.send("a")
        eventually(lambda: rabbit.waiting(DEAD) == 1)
    assert headers_in(rabbit, DEAD)["traceparent"] == message().traceparent
    assert redrive(rabbit.url, "extraction") == 1
    assert headers_in(rabbit, COMMANDS) == {"traceparent": message().traceparent}


def headers_in(rabbit: Rabbit, queue: str) -> dict[str, Any]:
    """The headers of the first message in the queue but for the broker's own."""
    with rabbit.session() as session:
        _, properties, _ = session.channel.basic_get(queue)
        session.channel.basic_nack(0, multiple=True)
    return {name: value for name, value in properties.headers.items() if name != "x-delivery-count"}


def test_stopping_leaves_what_was_not_begun(rabbit: Rabbit) -> None:
    slow = Slow()
    with consuming(rabbit.url, slow) as consumer:
        rabbit.send("a", "b", "c")
        eventually(lambda: slow.runs)
        consumer.stop()
        assert not consumer.ready
        slow.go.set()
    assert slow.runs == ["a"]
    assert rabbit.waiting(COMMANDS) == 2


def test_two_consumers_share_the_work(rabbit: Rabbit) -> None:
    runs: list[list[str]] = [[], []]
    names = [f"m{number}" for number in range(50)]
    with (
        consuming(rabbit.url, lambda envelope: runs[0].append(envelope.id)),
        consuming(rabbit.url, lambda envelope: runs[1].append(envelope.id)),
    ):
        rabbit.send(*names)
        eventually(lambda: len(runs[0]) + len(runs[1]) == 50)
    assert sorted(runs[0] + runs[1]) == sorted(names)
    assert all(runs)
