"""MongoDB as every service uses it: its connection and guarantees, short numbers, outbox and marks inside records."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import mongoengine
import pymongo
from mongoengine.errors import OperationError
from pymongo import ASCENDING, MongoClient, ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import (
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    PyMongoError,
    WriteConcernError,
)
from pymongo.uri_parser import parse_uri

from shared.clock import Clock, utc_now
from shared.contracts.envelope import Envelope, envelope_from_plain, to_plain
from shared.contracts.registry import body_of
from shared.errors import Unavailable
from shared.idempotency import Mark
from shared.listing import Slice

# What an acknowledged write must survive: the loss of the primary and a power cut. Timeouts turn an outage into a 503.
_GUARANTEES: dict[str, Any] = {
    "w": "majority",
    "journal": True,
    "retryWrites": True,
    "readConcernLevel": "majority",
    "serverSelectionTimeoutMS": 4_000,
    "connectTimeoutMS": 4_000,
    "socketTimeoutMS": 20_000,
    "tz_aware": True,
}
NUMBER_BLOCK = 50
# For one use of the database: a client gets its 503 in time, and a slow query ends on the server too (maxTimeMS).
CALL_SECONDS = 4.0
Record = dict[str, Any]
# Of a record that is changed over and over; each is some 200 bytes.
MAX_MARKS = 200
_MARK_ID = "marks.id"

# What PyMongo raises when the server is away or too slow, or its followers are: the client may try again.
OUTAGES = (ConnectionFailure, ExecutionTimeout, WriteConcernError)


def connect(url: str, alias: str) -> None:
    """Register the connection that models with `db_alias: alias` use. It is opened by the first query, so after a fork.

    The database is the one in the path of `url`, else `alias`.
    """
    mongoengine.disconnect(alias)
    database = parse_uri(url)["database"] or alias
    mongoengine.connect(db=database, host=url, alias=alias, connect=False, uuidRepresentation="standard", **_GUARANTEES)


def refuse_standalone(alias: str) -> None:
    """Raise RuntimeError when the server is no member of a replica set: retryable writes and transactions need one."""
    hello = _client(alias).admin.command("hello")
    if "setName" not in hello:
        raise RuntimeError(
            f"The MongoDB server of {alias} is standalone. Start it with --replSet and run rs.initiate() once."
        )


def is_up(alias: str) -> bool:
    """Does the server answer within a second or so?"""
    try:
        with pymongo.timeout(1):
            _client(alias).admin.command("ping")
    except PyMongoError:
        return False
    return True


def unavailable() -> Unavailable:
    """What a door answers when one of `OUTAGES` was raised. A write whose answer is missing may have been done."""
    return Unavailable("The database does not answer. Send the request again.")


@contextmanager
def timely(seconds: float = CALL_SECONDS) -> Iterator[None]:
    """So many seconds for all that is asked of the server; an outage, or the end of that time, is Unavailable.

    Also a decorator: `@timely()`.
    """
    try:
        with pymongo.timeout(seconds):
            yield
    except OperationError as wrapped:  # mongoengine's updates wrap what the driver raises, outages too
        if isinstance(wrapped.__context__, OUTAGES):
            raise unavailable() from wrapped
        raise
    except OUTAGES as outage:
        raise unavailable() from outage


def cut(found: Any, part: Slice) -> tuple[Sequence[Any], int]:
    """The records of the slice, and how many there are in all."""
    sign = "-" if part.descending else "+"
    total = found.count()
    if part.limit == 0:  # to MongoDB that would mean: no limit
        return [], total
    ordered = found.order_by(f"{sign}{part.key}", f"{sign}id")
    return list(ordered.skip(part.offset).limit(part.limit)), total


class Numbers:
    """Short integers, unique per company and kind, growing with gaps: each process takes blocks of 50.

    `collection` holds one record per company and kind: `{_id: "company/kind", next}`.
    """

    def __init__(self, collection: Collection[Record]) -> None:
        self._collection = collection
        self._blocks: dict[str, Iterator[int]] = {}
        self._taking = threading.Lock()

    def next(self, company_id: str, kind: str) -> int:
        """Unavailable when the database does not answer; that takes no longer for many who ask at once."""
        key = f"{company_id}/{kind}"
        began = time.monotonic()
        number = self._at_hand(key)
        if number is not None:
            return number
        if not self._taking.acquire(timeout=CALL_SECONDS):
            raise unavailable()
        try:
            number = self._at_hand(key)  # of a block that another thread has just taken
            return self._take(key, began + CALL_SECONDS - time.monotonic()) if number is None else number
        finally:
            self._taking.release()

    def _at_hand(self, key: str) -> int | None:
        """The next number of the block at hand. One step of a range's iterator, so no two threads get the same."""
        return next(self._blocks.get(key, iter(())), None)

    def _take(self, key: str, seconds: float) -> int:
        if seconds <= 0:
            raise unavailable()
        with timely(seconds):
            counter: Record = self._collection.find_one_and_update(  # type: ignore[assignment]  # upsert: never None
                {"_id": key}, {"$inc": {"next": NUMBER_BLOCK}}, upsert=True, return_document=ReturnDocument.AFTER
            )
        block = iter(range(counter["next"] - NUMBER_BLOCK + 1, counter["next"] + 1))
        first = next(block)
        self._blocks[key] = block
        return first


def outbox_fields(envelopes: Sequence[Envelope], now: datetime) -> Record:
    """What an insert adds to a record so that these messages go out with it; empty when there are none."""
    return {"outbox": [to_plain(envelope) for envelope in envelopes], "outboxDue": now} if envelopes else {"outbox": []}


def outbox_update(envelopes: Sequence[Envelope], now: datetime) -> Record:
    """What an update adds (`$push`, `$set`) so that these messages go out with it; empty when there are none."""
    if not envelopes:
        return {}
    return {"$push": {"outbox": {"$each": [to_plain(envelope) for envelope in envelopes]}}, "$set": {"outboxDue": now}}


def ensure_mark_index(collection: Collection[Record]) -> None:
    """Have no mark stand on two records of the collection."""
    collection.create_index(
        [(_MARK_ID, ASCENDING)],
        name="marks",
        unique=True,
        partialFilterExpression={_MARK_ID: {"$exists": True}},
    )


def mark_fields(mark: Mark | None) -> Record:
    """What an insert adds to a record so that the mark stays on it. The insert fails when the mark is taken."""
    return {"marks": [_kept(mark)]} if mark else {}


def mark_update(mark: Mark | None) -> Record:
    """What an update adds (`$push`) so that the mark stays on the record; the oldest of too many is forgotten.

    It must have `unmarked` among its conditions, since a unique index does not look inside one record.
    """
    return {"$push": {"marks": {"$each": [_kept(mark)], "$slice": -MAX_MARKS}}} if mark else {}


def _kept(mark: Mark) -> Record:
    return {"id": mark.id, "fingerprint": mark.fingerprint} | ({"answer": mark.answer} if mark.answer else {})


def unmarked(mark: Mark | None) -> Record:
    """The condition of an update that the record does not bear the mark yet."""
    return {_MARK_ID: {"$ne": mark.id}} if mark else {}


def find_marked(collection: Collection[Record], mark: Mark) -> Any:
    """The `_id` of the record that bears the mark, None when none does; KeyReused when it was another request's."""
    record = _marked(collection, mark)
    return record and record["_id"]


def find_answer(collection: Collection[Record], mark: Mark) -> bytes | None:
    """The answer that was kept with the mark, None when no record bears it; KeyReused as above."""
    record = _marked(collection, mark)
    return None if record is None else bytes(record["marks"][0].get("answer", b""))


def _marked(collection: Collection[Record], mark: Mark) -> Record | None:
    record = collection.find_one({_MARK_ID: mark.id}, {"marks.$": True})
    if record is not None:
        mark.refuse_other(record["marks"][0]["fingerprint"])
    return record


def is_mark_taken(fault: DuplicateKeyError) -> bool:
    """Was the write refused because another record bears the mark?"""
    return _MARK_ID in (fault.details or {}).get("keyPattern", {})


def taken_by(collection: Collection[Record], mark: Mark | None, fault: DuplicateKeyError) -> Any:
    """The `_id` of the record whose mark made an insert fail; `fault` again when it failed for another reason."""
    if mark is None or not is_mark_taken(fault):
        raise fault
    found = find_marked(collection, mark)
    if found is None:  # it is not safe on a majority of servers yet
        raise unavailable()
    return found


def merged(*updates: Record) -> Record:
    """One update made of several that touch different members."""
    whole: Record = {}
    for update in updates:
        for operator, members in update.items():
            whole.setdefault(operator, {}).update(members)
    return whole


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


def _client(alias: str) -> MongoClient[Record]:
    client: MongoClient[Record] = mongoengine.get_connection(alias)
    return client
