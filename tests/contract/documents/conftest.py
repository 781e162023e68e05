"""The records of documents, in the fakes and in MongoDB."""

from __future__ import annotations

from collections.abc import Iterator

import mongoengine
import pytest
from mongoengine.connection import get_db

from services.documents.repository.cases import MongoCases
from services.documents.repository.database import Database
from services.documents.repository.documents import MongoDocuments
from services.documents.repository.projects import MongoProjects
from shared.ids import new_hex_id
from tests.support.drafts import Records
from tests.support.fakes.documents import MemoryCases, MemoryDocuments, MemoryProjects
from tests.support.servers import Servers


@pytest.fixture(scope="module")
def database(servers: Servers) -> Iterator[Database]:
    database = Database(servers.mongodb_url("documents_contract"))
    database.prepare()
    yield database
    get_db("documents").client.drop_database("documents_contract")
    mongoengine.disconnect("documents")


@pytest.fixture(params=["memory", "mongodb"])
def records(request: pytest.FixtureRequest) -> Records:
    if request.param == "mongodb":
        database: Database = request.getfixturevalue("database")
        return Records(MongoDocuments(), MongoCases(), MongoProjects(), database.outbox)
    cases = MemoryCases()
    documents = MemoryDocuments(cases)
    return Records(documents, cases, MemoryProjects(), documents)


@pytest.fixture
def company() -> str:
    """A company of its own for each test, so that none sees another's records."""
    return new_hex_id()
