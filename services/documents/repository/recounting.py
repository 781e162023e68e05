"""Setting the counts of documents right, while they go on changing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.documents.models import DocumentRecord
from services.documents.repository.counts import collection, slot_id
from shared.database import timely

# Less than what MongoDB keeps a moment readable for (minSnapshotHistoryWindowInSeconds).
SECONDS = 240.0

Counts = Counter[tuple[str, str]]


def recount(company_id: str | None = None) -> int:
    """Set right the counts of the company, or of all; how many of its projects had a wrong one. Nothing waits for it.

    Documents and counts change in the same transactions, so at any one moment they differ by what is wrong, and by
    nothing else: what one moment shows may be added to the counts at a later one.
    """
    return sum(map(_recount, [company_id] if company_id else _companies()))


@timely(SECONDS)
def _companies() -> list[str]:
    return sorted({*DocumentRecord._get_collection().distinct("companyId"), *collection().distinct("companyId")})


@timely(SECONDS)
def _recount(company_id: str) -> int:
    with collection().database.client.start_session(snapshot=True) as session:
        real = _real(company_id, session)
        kept, repairs = _kept(company_id, session)
        real.subtract(kept)
        wrong = {project_id for (project_id, _), error in real.items() if error}
        for project_id in wrong:
            errors = {f"names.{name}": n for (own, name), n in real.items() if n and own == project_id}
            _repair(company_id, project_id, errors, repairs.get(project_id))
    return len(wrong)


def _real(company_id: str, session: ClientSession) -> Counts:
    """By project and name, how many documents there are."""
    documents = DocumentRecord._get_collection()
    group = {"_id": {"project": "$projectId", "name": "$names"}, "count": {"$sum": 1}}
    stages = [{"$match": {"companyId": company_id}}, {"$unwind": "$names"}, {"$group": group}]
    found = documents.aggregate(stages, session=session)
    return Counter({(each["_id"]["project"], each["_id"]["name"]): each["count"] for each in found})


def _kept(company_id: str, session: ClientSession) -> tuple[Counts, Mapping[str, int]]:
    """The counts by project and name; and by project how often they were repaired."""
    kept: Counts = Counter()
    repairs = {}
    for record in collection().find({"companyId": company_id}, session=session):
        for name, count in record.get("names", {}).items():
            kept[record["projectId"], name] += count
        if "repairs" in record:
            repairs[record["projectId"]] = record["repairs"]
    return kept, repairs


def _repair(company_id: str, project_id: str, errors: Mapping[str, int], repairs: int | None) -> None:
    """Add the errors, unless somebody else repaired these counts since they were read."""
    named = {"companyId": company_id, "projectId": project_id, "repairs": (repairs or 0) + 1}
    try:
        collection().update_one(
            {"_id": slot_id(company_id, project_id), "repairs": repairs},
            {"$inc": errors, "$set": named},
            upsert=True,
        )
    except DuplicateKeyError:  # the slot is there, repaired more often
        return
