"""The tally that a case keeps of its documents, and the state that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from pymongo.client_session import ClientSession

from services.documents.domain.cases import CaseState, Tally, tally
from services.documents.domain.documents import Document
from services.documents.models import CaseRecord
from shared.database import CALL_SECONDS, together, unavailable

_STATE = {
    "$switch": {
        "branches": [
            {"case": {"$gt": ["$unsettled", 0]}, "then": CaseState.PROCESSING.value},
            {"case": {"$eq": ["$failed", "$documents"]}, "then": CaseState.FAILED.value},
        ],
        "default": CaseState.COMPLETED.value,
    }
}
"""`Tally.state`, for MongoDB."""


def tally_fields(tally: Tally) -> dict[str, int]:
    return {"documents": tally.documents, "unsettled": tally.unsettled, "failed": tally.failed}


class Changed(Exception):
    """Something is not what it was, so that nothing may be written."""


class Trace(NamedTuple):
    """When a case was moved last, and by whom."""

    at: datetime
    by: str


def moved(before: Document, after: Sequence[Document], trace: Trace, write: Callable[[ClientSession], None]) -> bool:
    """Do what `write` does, and have the case follow, as a whole, in which there is now `after` for the document; when
    nothing is, the last one takes its case along. False when `write` raises Changed.

    MongoDB lets one of those win who are at the same case at once, and the others begin anew; with many, some never get
    through. So those of one process take turns, and those of others meet first of all, before they did much in vain.
    """
    change = tally(*after) - tally(before)

    def whole(session: ClientSession) -> None:
        _follow(before, change, trace, session)
        write(session)

    try:
        with nullcontext() if change == Tally() else _turn(before.case_id):
            together(CaseRecord._get_collection(), whole)
    except Changed:
        return False
    return True


def _follow(document: Document, change: Tally, trace: Trace, session: ClientSession) -> None:
    if change == Tally():
        return
    sums = {name: {"$add": [f"${name}", number]} for name, number in tally_fields(change).items()}
    last = {"updatedAt": trace.at, "updatedBy": trace.by}
    own = {"_id": document.case_id, "companyId": document.company_id}
    cases = CaseRecord._get_collection()
    cases.update_one(own, [{"$set": {**sums, **last}}, {"$set": {"state": _STATE}}], session=session)
    if change.documents < 0:
        cases.delete_one({**own, "documents": 0}, session=session)


_TURNS = [Lock() for _ in range(64)]


@contextmanager
def _turn(case_id: str) -> Iterator[None]:
    """One at a time in this process; Unavailable when that takes too long."""
    lock = _TURNS[hash(case_id) % len(_TURNS)]
    if not lock.acquire(timeout=CALL_SECONDS):
        raise unavailable()
    try:
        yield
    finally:
        lock.release()
