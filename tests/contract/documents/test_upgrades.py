"""What earlier releases kept is as if this one had kept it, once the database is prepared."""

from collections.abc import Iterator
from typing import Any

import pytest
from mongoengine.connection import get_db
from pymongo.database import Database as Mongo

from services.documents.domain.documents import Document
from services.documents.domain.listing import Selection
from services.documents.domain.states import State
from services.documents.repository.database import Database
from services.documents.repository.documents import MongoDocuments
from shared.listing import Slice
from tests.support.drafts import arrival_of, document
from tests.support.profiling import profiled

S = State
WAYS: list[tuple[State, ...]] = [
    (),
    (S.PROCESSING, S.SPLIT),
    (S.PROCESSING, S.DONE, S.TRANSFER_FAILED),
    (S.PROCESSING, S.DONE, S.REVIEW_REQUIRED, S.DONE_AUTOMATICALLY, S.TRANSFERRED),
    (S.REJECTED,),
]


@pytest.fixture
def mongo(database: Database) -> Iterator[Mongo[dict[str, Any]]]:
    """The database, as this release prepared it."""
    yield get_db("documents")
    database.prepare()


def listed(company: str) -> list[tuple[set[str], int]]:
    """What is found, and how much there is in all, by each state as it is called here and in the published contract."""
    selections = [Selection(), *(Selection((), [state], documented=told) for state in S for told in (False, True))]
    pages = [MongoDocuments().page(company, selection, Slice()) for selection in selections]
    return [({each.id for each in page.items}, page.total) for page in pages]


def kept(company: str) -> list[Document]:
    documents = [document(company, *way) for way in WAYS]
    for each in documents:
        MongoDocuments().add(arrival_of(each))
    return documents


def test_documents_of_before_are_named_and_counted(
    database: Database, mongo: Mongo[dict[str, Any]], company: str
) -> None:
    documents = kept(company)
    expected = listed(company)
    assert expected[0] == ({each.id for each in documents}, len(WAYS))
    mongo["documents"].update_many({"companyId": company}, {"$unset": {"names": 1}, "$set": {"documentedState": "x"}})
    mongo["counts"].delete_many({"companyId": company})
    assert listed(company) == [(set(), 0)] * len(expected)
    for _ in range(2):  # safe to repeat
        database.prepare()
        assert listed(company) == expected
    assert not mongo["documents"].count_documents({"companyId": company, "documentedState": {"$exists": True}})


def test_documents_that_are_named_but_not_counted_yet_are_counted(
    database: Database, mongo: Mongo[dict[str, Any]], company: str
) -> None:
    kept(company)
    expected = listed(company)
    mongo["counts"].delete_many({"companyId": company})
    mongo["upgrades"].delete_many({})  # as if a process had ended between the two
    database.prepare()
    assert listed(company) == expected


def test_a_document_of_before_has_its_file_as_others_have_theirs(
    database: Database, mongo: Mongo[dict[str, Any]], company: str
) -> None:
    (old, *_) = kept(company)
    before = {"$set": {"fileId": old.file_id}, "$unset": {"fileIds": 1, "sha256": 1}}
    mongo["documents"].update_one({"_id": old.id}, before)
    database.prepare()
    assert MongoDocuments().find(company, old.id) == old
    assert MongoDocuments().page(company, Selection(file_id=old.file_id), Slice()).total == 1


def test_a_start_with_nothing_to_do_reads_no_collection(database: Database, mongo: Mongo[dict[str, Any]]) -> None:
    with profiled(mongo, "documents", "cases") as queries:
        database.prepare()
    plans = [query["planSummary"] for query in queries if "planSummary" in query]
    assert len(plans) >= 3
    assert "COLLSCAN" not in plans
