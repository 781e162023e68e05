"""The counters that all gateway processes share, in a small database of the gateway's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from limits.storage import MongoDBStorage
from prometheus_client import Gauge
from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from shared.logs import get_logger
from shared.plans import WINDOW_SECONDS

DATABASE = "gateway"
# A request waits for its slice; a store that takes longer is away.
CALL_MILLISECONDS = 500
# How long a store that was away is left alone before one request tries it again.
PAUSE_SECONDS = 2.0

_DOWN = Gauge("paperlane_limits_store_down", "1 while each gateway process counts for itself.")

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the store says of a key: `count` is all that was taken in its window, this included; the window ends
    `seconds` after the store said so.
    """

    count: int
    seconds: float


class Away(Exception):
    """The store does not answer."""


class Counters(Protocol):
    """Counts for all processes together."""

    def take(self, key: str, amount: int) -> Taken:
        """Add `amount` to the key's count, in a new window if its last one is over. Away when that cannot be done."""
        ...


class MongoCounters:
    """Counters in the collection that the storage of `limits` keeps, as fixed windows that begin with their first hit.

    One update of our own beside those of `limits`, whose `incr` tells the count but not when the window ends: a second
    question might be answered for the next window. The end comes as a duration by the server's clock, so that the
    clocks of the gateways need not agree.
    """

    def __init__(self, url: str) -> None:
        database = parse_uri(url)["database"] or DATABASE
        self._storage = MongoDBStorage(
            url,
            database_name=database,
            w=1,  # lost counts cost less than waiting for a majority at each slice
            timeoutMS=CALL_MILLISECONDS,
            serverSelectionTimeoutMS=CALL_MILLISECONDS,
        )
        self._opening = threading.Lock()

    def prepare(self) -> None:
        """Make the index by which records go when their window is over: the storage does it too, but tries only once.
        For the background, at the start.
        """
        self._collection().create_index("expireAt", expireAfterSeconds=0)

    def take(self, key: str, amount: int) -> Taken:
        try:
            found: Any = self._collection().find_one_and_update(
                {"_id": key}, _count(amount), upsert=True, return_document=ReturnDocument.AFTER
            )
        except PyMongoError as fault:
            raise Away(str(fault)) from fault
        return Taken(found["count"], (found["expireAt"] - found["at"]).total_seconds())

    def _collection(self) -> Collection[dict[str, Any]]:
        with self._opening:  # the storage makes its client when it is first asked
            return self._storage.counters


def _count(amount: int) -> list[dict[str, Any]]:
    """An update that adds to a running window or begins a new one."""
    begins = {"$lte": ["$expireAt", "$$NOW"]}  # also where there is no record yet
    return [
        {
            "$set": {
                "count": {"$cond": [begins, amount, {"$add": ["$count", amount]}]},
                "expireAt": {"$cond": [begins, {"$add": ["$$NOW", WINDOW_SECONDS * 1000]}, "$expireAt"]},
                "at": "$$NOW",
            }
        }
    ]


class Guarded:
    """Counters that are left alone for a while after they were away; who asks meanwhile is told at once."""

    def __init__(self, counters: Counters, now: Callable[[], float] = time.monotonic) -> None:
        self._counters = counters
        self._now = now
        self._try_at = 0.0
        self._deciding = threading.Lock()
        self.down = False

    def take(self, key: str, amount: int) -> Taken:
        if self.down and not self._my_turn():
            raise Away("it was away a moment ago")
        try:
            taken = self._counters.take(key, amount)
        except Away as fault:
            self._try_at = self._now() + PAUSE_SECONDS
            self._tell(down=True, reason=str(fault))
            raise
        if self.down:
            self._tell(down=False, reason="")
        return taken

    def _my_turn(self) -> bool:
        """Whether this request is the one that tries again."""
        with self._deciding:
            if self._now() < self._try_at:
                return False
            self._try_at = self._now() + PAUSE_SECONDS
            return True

    def _tell(self, down: bool, reason: str) -> None:
        if down != self.down:
            self.down = down
            _DOWN.set(int(down))
            say = log.warning if down else log.info
            say("limits_store_away" if down else "limits_store_back", reason=reason)
