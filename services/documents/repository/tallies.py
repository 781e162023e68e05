"""The tally that a case keeps of its documents, and the state that follows from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession

from services.documents.domain.cases import CaseState, Tally
from services.documents.models import CaseRecord

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


def follow(company_id: str, case_id: str, change: Tally, at: datetime, by: str, session: ClientSession) -> None:
    """Have the case follow a change of its documents, in the transaction of `session`; the last one takes it along."""
    if change == Tally():
        return
    sums = {name: {"$add": [f"${name}", number]} for name, number in tally_fields(change).items()}
    moved: list[dict[str, Any]] = [{"$set": {**sums, "updatedAt": at, "updatedBy": by}}, {"$set": {"state": _STATE}}]
    own = {"_id": case_id, "companyId": company_id}
    cases = CaseRecord._get_collection()
    cases.update_one(own, moved, session=session)
    if change.documents < 0:
        cases.delete_one({**own, "documents": 0}, session=session)
