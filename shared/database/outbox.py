"""The outbox inside records: what leaves with a change, and how a relay takes it from there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pymongo import ASCENDING
from pymongo.collection import Collection

from shared.clock import Clock, utc_now
from shared.contracts.envelope import Envelope, envelope_from_plain, to_plain
from shared.contracts.registry import body_of
from shared.database import Record


def outbox_fields(envelopes: Sequence[Envelope], now: datetime) -> Record:
    """What an insert adds to a record so that these messages go out with it; empty when there are none."""
    return {"outbox": [to_plain(envelope) for envelope in envelopes], "outboxDue": now} if envelopes else {"outbox": []}


def outbox_update(envelopes: Sequence[Envelope], now: datetime) -> Record:
    """What an update adds (`$push`, `$set`) so that these messages go out with it; empty when there are none."""
    if not envelopes:
        return {}
    return {"$push": {"outbox": {"$each": [to_plain(envelope) for envelope in envelopes]}}, "$set": {"outboxDue": now}}


class MongoOutbox:
    """The outbox embedded in the records of one collection: `outbox` holds envelopes, `outboxDue` when to send them.

    A relay leases a whole record by moving `outboxDue` into the future; a relay that dies thus delays, never loses.
    """

    def __init__(self, collection: Collection[Record], lease_seconds: float = 30, clock: Clock = utc_now) -> None:
        self._collection = collection
        self._lease = timedelta(seconds=lease_seconds)
        self._clock = clock

    def ensure_indexes(self) -> None:
        self._collection.create_index([("outboxDue", ASCENDING)], sparse=True, name="outbox_due")
        self._collection.create_index([("outbox.id", ASCENDING)], sparse=True, name="outbox_message")

    def lease(self) -> Sequence[Envelope]:
        now = self._clock()
        record = self._collection.find_one_and_update(
            {"outboxDue": {"$lte": now}},
            {"$set": {"outboxDue": now + self._lease}},
            projection={"outbox": True},
            sort=[("outboxDue", ASCENDING)],
        )
        return [envelope_from_plain(plain, body_of) for plain in record["outbox"]] if record else []

    def sent(self, envelope: Envelope) -> None:
        remaining = {"$filter": {"input": "$outbox", "cond": {"$ne": ["$$this.id", envelope.id]}}}
        due = {"$cond": [{"$eq": ["$outbox", []]}, "$$REMOVE", "$outboxDue"]}
        self._collection.update_one(
            {"outbox.id": envelope.id}, [{"$set": {"outbox": remaining}}, {"$set": {"outboxDue": due}}]
        )

    def release(self, envelopes: Sequence[Envelope]) -> None:
        ids = [envelope.id for envelope in envelopes]
        self._collection.update_one({"outbox.id": {"$in": ids}}, {"$set": {"outboxDue": self._clock()}})
