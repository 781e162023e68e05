"""How many documents each project has under each name: counted with every change, so that no list counts records."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

from mongoengine.connection import get_db
from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.documents.domain.documents import Document
from services.documents.domain.listing import Selection
from services.documents.models import ALIAS
from services.documents.repository.names import names_of, names_sought
from shared.database import Record

# A project's counts are spread over so many records, lest all that changes at once wait for one of them.
SLOTS = 8


def collection() -> Collection[Record]:
    """Records `{_id, companyId, projectId, names: {name: count}}`; only the sum over a project's records has a meaning.

    One has `repairs`, how often they were (`services.documents.repository.recounting`).
    """
    counts: Collection[Record] = get_db(ALIAS)["counts"]
    return counts


def ensure_index() -> None:
    collection().create_index([("companyId", ASCENDING), ("projectId", ASCENDING)], name="projects")


def slot_id(company_id: str, project_id: str, slot: int = 0) -> str:
    return f"{company_id}/{project_id}/{slot}"


def count(gone: Iterable[Document], come: Iterable[Document], session: ClientSession) -> None:
    """Take the one from the counts and add the other, in the transaction of `session`."""
    changes: Counter[tuple[str, str, str]] = Counter()
    for documents, sign in ((gone, -1), (come, 1)):
        for document in documents:
            for name in names_of(document):
                changes[document.company_id, document.project_id, name] += sign
    slot = random.randrange(SLOTS)  # noqa: S311  # any will do
    for company_id, project_id in {key[:2] for key in changes if changes[key]}:
        own = {f"names.{key[2]}": n for key, n in changes.items() if n and key[:2] == (company_id, project_id)}
        collection().update_one(
            {"_id": slot_id(company_id, project_id, slot)},
            {"$inc": own, "$setOnInsert": {"companyId": company_id, "projectId": project_id}},
            upsert=True,
            session=session,
        )


def counted(company_id: str, selection: Selection) -> int:
    """How many documents are selected by project and state."""
    within = {"projectId": {"$in": list(selection.project_ids)}} if selection.project_ids else {}
    summed = {"$add": [{"$ifNull": [f"$names.{name}", 0]} for name in names_sought(selection)]}
    found = collection().aggregate(
        [{"$match": {"companyId": company_id, **within}}, {"$group": {"_id": None, "count": {"$sum": summed}}}]
    )
    return next((int(record["count"]) for record in found), 0)
