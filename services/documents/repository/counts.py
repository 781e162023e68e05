"""How many documents each project has in each state: counted with every change, so that no list counts records."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

from mongoengine.connection import get_db
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.documents.domain.documents import Document
from services.documents.models import ALIAS
from shared.database import Record

# A project's counts are spread over so many records, lest all that changes at once wait for one of them.
SLOTS = 8
STATES, DOCUMENTED = "states", "documented"


def collection() -> Collection[Record]:
    """Records `{_id, companyId, projectId, states: {name: count}, documented: {name: count}}`."""
    counts: Collection[Record] = get_db(ALIAS)["counts"]
    return counts


def count(gone: Iterable[Document], come: Iterable[Document], session: ClientSession) -> None:
    """Take the one from the counts and add the other, in the transaction of `session`."""
    changes: Counter[tuple[str, str, str]] = Counter()
    for documents, sign in ((gone, -1), (come, 1)):
        for document in documents:
            for key in _counted(document):
                changes[key] += sign
    slot = random.randrange(SLOTS)  # noqa: S311  # any will do
    for company_id, project_id in {key[:2] for key in changes if changes[key]}:
        own = {key[2]: n for key, n in changes.items() if n and key[:2] == (company_id, project_id)}
        collection().update_one(
            {"_id": f"{company_id}/{project_id}/{slot}"},
            {"$inc": own, "$setOnInsert": {"companyId": company_id, "projectId": project_id}},
            upsert=True,
            session=session,
        )


def _counted(document: Document) -> tuple[tuple[str, str, str], ...]:
    place = document.company_id, document.project_id
    return (
        (*place, f"{STATES}.{document.state.value}"),
        (*place, f"{DOCUMENTED}.{document.documented_state.value}"),
    )
