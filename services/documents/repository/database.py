"""The database as a whole: its connection, its indexes, what goes out of it."""

from __future__ import annotations

from mongoengine.connection import get_db
from pymongo.collection import Collection

from services.documents.domain.states import COMPLETED, State
from services.documents.models import ALIAS, CaseRecord, DocumentRecord, ProjectRecord
from shared import database
from shared.database.marks import ensure_mark_index
from shared.database.numbers import Numbers
from shared.database.outbox import MongoOutbox


class Database:
    """The connection of this process. Nothing is sent to the server before it is used."""

    def __init__(self, mongodb_url: str) -> None:
        database.connect(mongodb_url, ALIAS)
        self.numbers = Numbers(get_db(ALIAS)["numbers"])
        self.outbox = MongoOutbox(DocumentRecord._get_collection())

    def prepare(self) -> None:
        """Make the indexes that queries rely on, on a server that keeps our guarantees."""
        database.refuse_standalone(ALIAS)
        for record in (DocumentRecord, CaseRecord, ProjectRecord):
            record.ensure_indexes()
        self.outbox.ensure_indexes()
        for record in (DocumentRecord, ProjectRecord):
            ensure_mark_index(record._get_collection())
        _name_documented_states(DocumentRecord._get_collection())

    def is_up(self) -> bool:
        return database.is_up(ALIAS)


def _name_documented_states(documents: Collection[database.Record]) -> None:
    """Give the documents that an earlier release kept their state's name in the published contract."""
    completed = {
        "$filter": {"input": "$history.state", "cond": {"$in": ["$$this", [state.value for state in COMPLETED]]}}
    }
    names = {
        State.TRANSFERRED: {"$ifNull": [{"$last": completed}, State.DONE.value]},
        State.TRANSFER_FAILED: State.FAILED.value,
        State.SPLIT: State.DONE.value,
    }
    branches = [{"case": {"$eq": ["$state", state.value]}, "then": name} for state, name in names.items()]
    # By this index, of which each company's part begins with the records that have none, it costs next to nothing.
    by_name = [("companyId", 1), ("documentedState", 1), ("createdAt", 1), ("_id", 1)]
    documents.update_many(
        {"documentedState": None},
        [{"$set": {"documentedState": {"$switch": {"branches": branches, "default": "$state"}}}}],
        hint=by_name,
    )
