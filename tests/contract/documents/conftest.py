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
from services.documents.repository.routings import MongoRoutings
from shared.ids import new_hex_id
from tests.support.drafts import Plans, Records
from tests.support.fakes.cases import MemoryCases
from tests.support.fakes.documents import MemoryDocuments
from tests.support.fakes.projects import MemoryProjects
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
        return Records(MongoDocuments(), MongoCases(), database.outbox)
    cases = MemoryCases()
    documents = MemoryDocuments(cases)
    return Records(documents, cases, documents)


@pytest.fixture(params=["memory", "mongodb"])
def plans(request: pytest.FixtureRequest) -> Plans:
    if request.param == "mongodb":
        request.getfixturevalue("database")
        return Plans(MongoProjects(), MongoRoutings())
    projects = MemoryProjects()
    return Plans(projects, projects.routings)


@pytest.fixture
def company() -> str:
    """A company of its own for each test, so that none sees another's records."""
    return new_hex_id()
