"""Marks of requests with an Idempotency-Key, inside the records that these create or change."""

from __future__ import annotations

from typing import Any

from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.database import Record, unavailable
from shared.idempotency import Mark

# Of a record that is changed over and over; each is some 200 bytes.
MAX_MARKS = 200
_MARK_ID = "marks.id"


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
