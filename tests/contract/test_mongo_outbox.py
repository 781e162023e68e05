"""The outbox inside records on a real MongoDB: leased by one relay, emptied in order, never lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db
from pymongo.collection import Collection

from shared import database
from shared.contracts.envelope import Envelope
from shared.database.outbox import MongoOutbox, outbox_fields, outbox_update
from shared.ids import new_uuid
from tests.support.messages import message

DATABASE = ALIAS = "outbox_contract"
START = datetime(2026, 3, 1, 8, 15, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def connected(request: pytest.FixtureRequest) -> Iterator[None]:
    servers: Any = request.getfixturevalue("servers")
    database.connect(servers.mongodb_url(DATABASE), ALIAS)
    yield
    get_db(ALIAS).client.drop_database(DATABASE)
    mongoengine.disconnect(ALIAS)


@pytest.fixture
def records(connected: None) -> Collection[dict[str, Any]]:
    """A collection of its own for each test."""
    collection: Collection[dict[str, Any]] = get_db(ALIAS)[f"records_{new_uuid()}"]
    MongoOutbox(collection).ensure_indexes()
    return collection


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(records: Collection[dict[str, Any]], clock: Clock) -> MongoOutbox:
    return MongoOutbox(records, lease_seconds=30, clock=clock)


@pytest.fixture
def other_relay(records: Collection[dict[str, Any]], clock: Clock) -> MongoOutbox:
    return MongoOutbox(records, lease_seconds=30, clock=clock)


def keep(records: Collection[dict[str, Any]], *names: str, at: datetime = START) -> str:
    """A record with messages of these ids; its own id."""
    messages = [message(id=name) for name in names]
    return str(records.insert_one({"_id": new_uuid(), **outbox_fields(messages, at)}).inserted_id)


def ids(envelopes: Any) -> list[str]:
    return [envelope.id for envelope in envelopes]


def send(outbox: MongoOutbox) -> list[str]:
    """Everything that is due, in the order of sending."""
    done: list[str] = []
    while envelopes := outbox.lease():
        for envelope in envelopes:
            outbox.sent(envelope)
        done += ids(envelopes)
    return done


def test_a_message_comes_out_as_it_went_in(records: Collection[dict[str, Any]], outbox: MongoOutbox) -> None:
    envelope: Envelope = message(id="a")
    records.insert_one({"_id": 1, **outbox_fields([envelope], START)})
    assert outbox.lease() == [envelope]


def test_a_record_without_messages_is_never_due(records: Collection[dict[str, Any]], outbox: MongoOutbox) -> None:
    records.insert_one({"_id": 1, **outbox_fields([], START)})
    assert records.find_one() == {"_id": 1, "outbox": []}
    assert outbox_update([], START) == {}
    assert list(outbox.lease()) == []


def test_a_lease_holds_the_messages_of_one_record_oldest_first(
    records: Collection[dict[str, Any]], outbox: MongoOutbox
) -> None:
    record = keep(records, "a", "b")
    keep(records, "later", at=START + timedelta(seconds=1))
    records.update_one({"_id": record}, outbox_update([message(id="c")], START))
    assert ids(outbox.lease()) == ["a", "b", "c"]


def test_records_leave_in_the_order_in_which_they_fell_due(
    records: Collection[dict[str, Any]], outbox: MongoOutbox, clock: Clock
) -> None:
    keep(records, "second", at=START + timedelta(seconds=2))
    keep(records, "first", at=START + timedelta(seconds=1))
    keep(records, "future", at=START + timedelta(seconds=9))
    clock.forward(5)
    assert send(outbox) == ["first", "second"]


def test_what_is_sent_is_forgotten_and_an_empty_record_is_no_longer_looked_at(
    records: Collection[dict[str, Any]], outbox: MongoOutbox, clock: Clock
) -> None:
    record = keep(records, "a", "b")
    first, second = outbox.lease()
    outbox.sent(first)
    assert [plain["id"] for plain in records.find_one({"_id": record})["outbox"]] == ["b"]  # type: ignore[index]
    outbox.sent(second)
    outbox.sent(second)  # safe to repeat
    assert records.find_one({"_id": record}) == {"_id": record, "outbox": []}
    clock.forward(3600)
    assert list(outbox.lease()) == []


def test_a_leased_record_is_kept_from_other_relays_until_the_lease_expires(
    records: Collection[dict[str, Any]], outbox: MongoOutbox, other_relay: MongoOutbox, clock: Clock
) -> None:
    keep(records, "a", "b")
    outbox.sent(outbox.lease()[0])
    clock.forward(29.9)
    assert list(other_relay.lease()) == []
    clock.forward(0.1)
    assert ids(other_relay.lease()) == ["b"]
    assert list(outbox.lease()) == []


def test_what_is_released_is_due_at_once_behind_what_was_due_already(
    records: Collection[dict[str, Any]], outbox: MongoOutbox, other_relay: MongoOutbox, clock: Clock
) -> None:
    keep(records, "a", "b")
    keep(records, "c", at=START + timedelta(seconds=1))
    clock.forward(2)
    envelopes = outbox.lease()
    outbox.sent(envelopes[0])
    outbox.release(envelopes[1:])
    assert send(other_relay) == ["c", "b"]


def test_a_message_that_is_added_during_a_lease_is_not_lost(
    records: Collection[dict[str, Any]], outbox: MongoOutbox, clock: Clock
) -> None:
    record = keep(records, "a")
    leased = outbox.lease()
    records.update_one({"_id": record}, outbox_update([message(id="b")], clock()))
    for envelope in leased:
        outbox.sent(envelope)
    assert send(outbox) == ["b"]


def test_two_relays_at_once_send_every_message_once_and_each_record_in_order(
    records: Collection[dict[str, Any]], outbox: MongoOutbox, other_relay: MongoOutbox
) -> None:
    for number in range(40):
        keep(records, f"{number}-0", f"{number}-1")
    with ThreadPoolExecutor(4) as threads:
        relays = [threads.submit(send, relay) for relay in (outbox, other_relay, outbox, other_relay)]
        sent = [name for relay in relays for name in relay.result()]
    assert sorted(sent) == sorted(f"{number}-{n}" for number in range(40) for n in (0, 1))
    assert all(sent.index(f"{number}-0") < sent.index(f"{number}-1") for number in range(40))


def test_the_queries_of_a_relay_use_indexes(records: Collection[dict[str, Any]], outbox: MongoOutbox) -> None:
    keep(records, "a")
    for query in ({"outboxDue": {"$lte": START}}, {"outbox.id": "a"}, {"outbox.id": {"$in": ["a"]}}):
        plan = str(records.find(query).explain()["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in plan
        assert "COLLSCAN" not in plan
