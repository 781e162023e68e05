"""Short integers for records, unique in a company."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from pymongo import ReturnDocument
from pymongo.collection import Collection

from shared.database import CALL_SECONDS, Record, timely, unavailable

NUMBER_BLOCK = 50


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
