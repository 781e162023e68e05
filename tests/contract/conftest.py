"""The directory of auth, in the fake and in MongoDB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db

from services.auth.ports.directory import Directory
from services.auth.repository.directory import MongoDirectory
from tests.support.fakes.auth import MemoryDirectory

DATABASE = "auth_contract"


@pytest.fixture(scope="module")
def mongo_directory(request: pytest.FixtureRequest) -> Iterator[MongoDirectory]:
    servers: Any = request.getfixturevalue("servers")
    directory = MongoDirectory(servers.mongodb_url(DATABASE))
    directory.prepare()
    directory.prepare()  # safe to repeat
    yield directory
    get_db("auth").client.drop_database(DATABASE)
    mongoengine.disconnect("auth")


@pytest.fixture(params=["memory", "mongodb"])
def directory(request: pytest.FixtureRequest) -> Directory:
    if request.param == "memory":
        return MemoryDirectory()
    mongo: MongoDirectory = request.getfixturevalue("mongo_directory")
    return mongo
