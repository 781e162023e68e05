"""The relay: each message reaches the broker at least once, in order, and no fault of one holds up the others."""

from collections.abc import Sequence

import pytest

from shared.contracts.envelope import Envelope
from shared.messaging.outbox import IDLE_SECONDS, Relay
from shared.messaging.publisher import PublishFailed, Unroutable
from tests.support import eventually
from tests.support.messages import message


class Records:
    """An outbox of records, each a list of messages; a leased record stays away until released or emptied."""

    def __init__(self, *records: Sequence[str]) -> None:
        self.due = [[message(id=name) for name in record] for record in records]
        self.leased: list[list[Envelope]] = []
        self.fault: Exception | None = None

    def lease(self) -> Sequence[Envelope]:
        if self.fault:
            raise self.fault
        if not self.due:
            return []
        self.leased.append(self.due.pop(0))
        return tuple(self.leased[-1])

    def sent(self, envelope: Envelope) -> None:
        for record in self.leased:
            if envelope in record:
                record.remove(envelope)
        self.leased = [record for record in self.leased if record]

    def release(self, envelopes: Sequence[Envelope]) -> None:
        self.leased = [record for record in self.leased if envelopes[0] not in record]
        self.due.append(list(envelopes))


class Broker:
    """A Publisher that refuses the messages whose ids are in `faults`."""

    def __init__(self, **faults: Exception) -> None:
        self.faults = faults
        self.tried: list[str] = []
        self.got: list[str] = []
        self.idles = 0
        self.closed = False

    def publish(self, envelope: Envelope) -> None:
        self.tried.append(envelope.id)
        if fault := self.faults.get(envelope.id):
            raise fault
        self.got.append(envelope.id)

    def idle(self) -> None:
        self.idles += 1

    def close(self) -> None:
        self.closed = True


def drain(relay: Relay) -> float:
    """Step until the relay wants to rest; for how long."""
    while not (rest := relay.step()):
        pass
    return rest


def test_messages_leave_in_order_and_are_settled_one_by_one() -> None:
    records, broker, events = Records(["a1", "a2"], ["b1"]), Broker(), []
    relay = Relay(records, broker, lambda envelope: events.append((envelope.id, envelope.id in broker.got)))
    assert drain(relay) == IDLE_SECONDS
    assert broker.got == ["a1", "a2", "b1"]
    assert events == [("a1", True), ("a2", True), ("b1", True)]
    assert (records.due, records.leased) == ([], [])
    assert broker.idles == 1


def test_a_broker_that_is_away_gets_growing_rests_and_then_everything() -> None:
    records = Records(["a1", "a2"])
    broker = Broker(a1=PublishFailed("away"))
    relay = Relay(records, broker)
    rests = [relay.step() for _ in range(8)]
    assert all(0 < rest <= 5 for rest in rests)
    assert rests[0] <= 0.1
    assert rests[-1] >= 2.5
    assert broker.got == []
    broker.faults.clear()
    drain(relay)
    assert broker.got == ["a1", "a2"]


def test_a_fault_in_the_middle_keeps_the_order_within_the_record() -> None:
    records, broker = Records(["a1", "a2", "a3"]), Broker(a2=PublishFailed("away"))
    relay = Relay(records, broker)
    assert relay.step() > 0
    assert broker.tried == ["a1", "a2"]
    broker.faults.clear()
    drain(relay)
    assert broker.got == ["a1", "a2", "a3"]


def test_what_no_queue_takes_does_not_hold_up_other_records() -> None:
    records = Records(["a1", "a2"], ["b1"], ["c1"], ["d1"])
    broker = Broker(a1=Unroutable("no queue"), c1=Unroutable("no queue"))
    relay = Relay(records, broker)
    assert drain(relay) > IDLE_SECONDS
    assert broker.got == ["b1", "d1"]
    assert broker.tried == ["a1", "b1", "c1", "d1", "a1"], "it rests once every record had its turn"
    broker.faults.clear()
    drain(relay)
    assert sorted(broker.got) == ["a1", "a2", "b1", "c1", "d1"]


def test_an_outbox_that_is_away_is_asked_again_after_a_rest() -> None:
    records, broker = Records(["a1"]), Broker()
    records.fault = OSError("MongoDB is away")
    relay = Relay(records, broker)
    assert relay.step() > 0
    records.fault = None
    drain(relay)
    assert broker.got == ["a1"]


def test_a_message_that_cannot_be_settled_stays_leased_and_is_not_lost() -> None:
    records, broker = Records(["a1"], ["b1"]), Broker()

    def after(envelope: Envelope) -> None:
        if envelope.id == "a1":
            raise OSError("MongoDB is away")

    relay = Relay(records, broker, after)
    assert relay.step() > 0
    drain(relay)
    assert broker.got == ["a1", "b1"]
    assert [[envelope.id for envelope in record] for record in records.leased] == [["a1"]]


def test_a_message_without_a_readable_time_is_settled_all_the_same() -> None:
    records, broker = Records(), Broker()
    records.due = [[message(id="a1", time="yesterday")]]
    assert drain(Relay(records, broker)) == IDLE_SECONDS
    assert records.leased == []


@pytest.mark.parametrize("count", [1, 50])
def test_its_thread_sends_until_it_is_stopped_and_then_closes_the_connection(count: int) -> None:
    records, broker = Records(*([f"m{number}"] for number in range(count))), Broker()
    relay = Relay(records, broker)
    relay.start()
    assert eventually(lambda: len(broker.got) == count and broker.idles)
    assert relay.alive
    relay.stop()
    assert relay.join(5)
    assert broker.closed
    assert not relay.alive
