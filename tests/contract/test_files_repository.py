"""What files needs of its records, asked of the fake and of MongoDB alike."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db
from pymongo.errors import DuplicateKeyError

from services.files.domain.files import File
from services.files.ports import Files
from services.files.repository import MongoFiles
from shared.contracts.envelope import ClaimCheck
from shared.idempotency import KeyReused, Mark
from shared.ids import new_hex_id, new_uuid
from tests.support.fakes.files import MemoryFiles

DATABASE = "files_contract"


@pytest.fixture(scope="module")
def mongo_files(request: pytest.FixtureRequest) -> Iterator[MongoFiles]:
    servers: Any = request.getfixturevalue("servers")
    files = MongoFiles(servers.mongodb_url(DATABASE))
    files.prepare()
    files.prepare()  # safe to repeat
    yield files
    get_db("files").client.drop_database(DATABASE)
    mongoengine.disconnect("files")


@pytest.fixture(params=["memory", "mongodb"])
def files(request: pytest.FixtureRequest) -> Files:
    if request.param == "memory":
        return MemoryFiles()
    mongo: MongoFiles = request.getfixturevalue("mongo_files")
    return mongo


@pytest.fixture
def file() -> File:
    file_id, company_id = new_uuid(), new_hex_id()
    return File(
        id=file_id,
        company_id=company_id,
        number=7,
        name="Rechnung März €.pdf",
        given_name="../Rechnung März €.pdf",
        blob=ClaimCheck(
            "files", f"files/{company_id}/blobs/2026/03/{file_id}", "0" * 64, 40_000_000, "application/pdf"
        ),
        created_at=datetime(2026, 3, 1, 8, 15, 30, 120_000, tzinfo=UTC),
        created_by="client-a",
    )


def test_a_file_is_found_as_it_was_added(files: Files, file: File) -> None:
    files.add(file)
    assert files.find(file.company_id, file.id) == file


def test_a_file_without_a_given_name_has_none_afterwards(files: Files, file: File) -> None:
    nameless = dataclasses.replace(file, given_name=None)
    files.add(nameless)
    assert files.find(file.company_id, file.id) == nameless


def test_nobody_finds_what_is_unknown_or_another_companys(files: Files, file: File) -> None:
    files.add(file)
    assert files.find(file.company_id, new_uuid()) is None
    assert files.find(new_hex_id(), file.id) is None


def test_no_two_files_bear_one_mark(files: Files, file: File) -> None:
    mark = Mark(new_hex_id(), "what was sent")
    assert files.marked(mark) is None
    again = dataclasses.replace(file, id=new_uuid(), number=8)
    assert [files.add(file, mark), files.add(again, mark), files.marked(mark)] == [file.id] * 3
    assert files.find(file.company_id, file.id) == file
    assert files.find(file.company_id, again.id) is None
    other = dataclasses.replace(mark, fingerprint="something else")
    with pytest.raises(KeyReused):
        files.add(again, other)
    with pytest.raises(KeyReused):
        files.marked(other)


def test_of_fifty_with_one_mark_one_is_kept(files: Files, file: File) -> None:
    mark = Mark(new_hex_id(), "what was sent")
    alike = [dataclasses.replace(file, id=new_uuid(), number=number) for number in range(50)]
    with ThreadPoolExecutor(50) as threads:
        (kept,) = set(threads.map(lambda each: files.add(each, mark), alike))
    assert [each.id for each in alike if files.find(each.company_id, each.id)] == [kept]


def test_two_files_of_a_company_never_share_a_number(mongo_files: MongoFiles, file: File) -> None:
    mongo_files.add(file)
    with pytest.raises(DuplicateKeyError):
        mongo_files.add(dataclasses.replace(file, id=new_uuid()))
    mongo_files.add(dataclasses.replace(file, id=new_uuid(), company_id=new_hex_id()))


def test_a_record_shows_what_people_look_for(mongo_files: MongoFiles, file: File) -> None:
    mongo_files.add(file)
    record = get_db("files")["files"].find_one({"_id": file.id})
    assert record == {
        "_id": file.id,
        "company": file.company_id,
        "number": 7,
        "name": file.name,
        "givenName": file.given_name,
        "mediaType": "application/pdf",
        "size": 40_000_000,
        "sha256": "0" * 64,
        "bucket": "files",
        "blob": file.blob.key,
        "createdAt": file.created_at,
        "createdBy": "client-a",
        "marks": [],
    }
