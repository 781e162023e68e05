"""Members of documents that were made files, noted in the fake and in MongoDB alike."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db

from services.files.domain.actors import Reach
from services.files.domain.files import File
from services.files.ports import Files, Takeovers
from services.files.repository.database import Database
from services.files.repository.files import MongoFiles
from services.files.repository.takeovers import MongoTakeovers
from shared.clock import utc_now
from shared.contracts.envelope import ClaimCheck
from shared.contracts.files import MembersStored
from shared.ids import new_hex_id, new_uuid
from shared.messaging.outbox import Outbox
from tests.support.fakes.files import MemoryFiles, MemoryTakeovers
from tests.support.messages import message

DATABASE = "takeovers_contract"


@dataclasses.dataclass(frozen=True)
class Room:
    takeovers: Takeovers
    files: Files
    outbox: Outbox


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    servers: Any = request.getfixturevalue("servers")
    database = Database(servers.mongodb_url(DATABASE))
    database.prepare()
    yield database
    get_db("files").client.drop_database(DATABASE)
    mongoengine.disconnect("files")


@pytest.fixture(params=["memory", "mongodb"])
def room(request: pytest.FixtureRequest) -> Room:
    if request.param == "memory":
        memory = MemoryTakeovers()
        return Room(memory, MemoryFiles(), memory)
    database: Database = request.getfixturevalue("database")
    return Room(MongoTakeovers(), MongoFiles(), database.outbox)


def test_what_is_finished_is_done_and_told(room: Room) -> None:
    company, document = new_hex_id(), new_hex_id()
    told = dataclasses.replace(message(MembersStored), id=new_uuid())
    assert not room.takeovers.is_done(company, document, 1)
    room.takeovers.finish(company, document, 1, [told], utc_now())
    assert room.takeovers.is_done(company, document, 1)
    assert not room.takeovers.is_done(company, document, 2)
    assert not room.takeovers.is_done(new_hex_id(), document, 1)
    assert list(room.outbox.lease()) == [told]
    room.outbox.sent(told)
    assert list(room.outbox.lease()) == []


def test_who_finishes_it_again_tells_again(room: Room) -> None:
    company, document = new_hex_id(), new_hex_id()
    for _ in range(2):
        told = dataclasses.replace(message(MembersStored), id=new_uuid())
        room.takeovers.finish(company, document, 1, [told], utc_now())
        assert list(room.outbox.lease()) == [told]
        room.outbox.sent(told)
    assert room.takeovers.is_done(company, document, 1)


def test_of_many_who_keep_a_file_under_one_id_one_does(room: Room) -> None:
    file_id, company = new_uuid(), new_hex_id()
    blob = ClaimCheck("files", "key", "0" * 64, 7, "application/pdf")
    files = [File(file_id, company, number, "a.pdf", None, blob, utc_now(), "client-a") for number in range(1, 9)]
    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(room.files.ensure, files))
    (number,) = {file.number for file in kept}
    found = room.files.find(Reach(company), file_id)
    assert found
    assert found.number == number
