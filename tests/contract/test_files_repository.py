"""What files needs of its records, asked of the fake and of MongoDB alike."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db
from pymongo.errors import DuplicateKeyError

from services.files.domain.actors import Reach
from services.files.domain.files import File, Selection, erasure_of
from services.files.ports import Erasures, Files
from services.files.repository.database import Database
from services.files.repository.erasures import MongoErasures
from services.files.repository.files import MongoFiles
from shared.clock import utc_now
from shared.contracts.envelope import ClaimCheck
from shared.contracts.files import FileDeleted, manifest_key
from shared.database.outbox import MongoOutbox
from shared.idempotency import KeyReused, Mark
from shared.ids import new_hex_id, new_uuid
from shared.listing import Cursor, Slice
from tests.support.fakes.files import MemoryFiles
from tests.support.messages import message
from tests.support.profiling import check_queries, profiled

DATABASE = "files_contract"


@pytest.fixture(scope="module")
def mongo_files(request: pytest.FixtureRequest) -> Iterator[MongoFiles]:
    servers: Any = request.getfixturevalue("servers")
    database = Database(servers.mongodb_url(DATABASE))
    database.prepare()
    database.prepare()  # safe to repeat
    yield MongoFiles()
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
    assert files.find(Reach(file.company_id), file.id) == file


def test_a_file_without_a_given_name_has_none_afterwards(files: Files, file: File) -> None:
    nameless = dataclasses.replace(file, given_name=None)
    files.add(nameless)
    assert files.find(Reach(file.company_id), file.id) == nameless


def test_nobody_finds_what_is_unknown_or_another_companys(files: Files, file: File) -> None:
    files.add(file)
    assert files.find(Reach(file.company_id), new_uuid()) is None
    assert files.find(Reach(new_hex_id()), file.id) is None


def test_no_two_files_bear_one_mark(files: Files, file: File) -> None:
    mark = Mark(new_hex_id(), "what was sent")
    assert files.marked(mark) is None
    again = dataclasses.replace(file, id=new_uuid(), number=8)
    assert [files.add(file, mark), files.add(again, mark), files.marked(mark)] == [file.id] * 3
    assert files.find(Reach(file.company_id), file.id) == file
    assert files.find(Reach(file.company_id), again.id) is None
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
    assert [each.id for each in alike if files.find(Reach(each.company_id), each.id)] == [kept]


@pytest.fixture
def family(files: Files, file: File) -> list[File]:
    """Files of a company, oldest first: the bytes a, b, a, a, b in turns of the clients x and y."""
    made = []
    for index, letter in enumerate("abaab"):
        made.append(
            dataclasses.replace(
                file,
                id=new_uuid(),
                number=index + 1,
                blob=dataclasses.replace(file.blob, sha256=letter * 64),
                created_at=file.created_at + timedelta(seconds=index // 2),
                created_by="xy"[index % 2],
            )
        )
        files.add(made[-1])
    files.add(dataclasses.replace(made[0], id=new_uuid(), company_id=new_hex_id()))
    return sorted(made, key=lambda each: (each.created_at, each.id))


def test_a_page_is_a_part_of_what_is_within_reach(files: Files, family: list[File]) -> None:
    company = Reach(family[0].company_id)
    page = files.page(company, Selection(), Slice(offset=1, limit=3))
    assert (list(page.items), page.total, page.more) == (family[::-1][1:4], 5, True)
    own = Reach(family[0].company_id, "y")
    assert list(files.page(own, Selection(), Slice()).items) == [one for one in family[::-1] if one.created_by == "y"]
    assert files.page(Reach(new_hex_id()), Selection(), Slice()).total == 0


def test_files_are_found_by_their_bytes_and_by_their_number(files: Files, family: list[File]) -> None:
    company = Reach(family[0].company_id)
    alike = files.page(company, Selection(sha256="a" * 64), Slice(descending=False))
    assert list(alike.items) == [one for one in family if one.blob.sha256 == "a" * 64]
    (fourth,) = files.page(company, Selection(number=4), Slice()).items
    assert (fourth.number, fourth.created_by) == (4, "y")
    assert files.page(company, Selection("b" * 64, 4), Slice()).total == 0
    assert files.page(company, Selection("c" * 64), Slice()).total == 0


def test_a_page_goes_on_behind_a_place(files: Files, family: list[File]) -> None:
    place = Cursor(family[1].created_at, family[1].id)
    rest = files.page(Reach(family[0].company_id), Selection(), Slice(descending=False, after=place))
    assert list(rest.items) == family[2:]


def test_the_oldest_with_the_same_bytes_are_told_as_far_as_one_sees(files: Files, family: list[File]) -> None:
    def first(letter: str, clients: str = "xy") -> str:
        return next(one.id for one in family if one.blob.sha256 == letter * 64 and one.created_by in clients)

    company, hashes = family[0].company_id, ["a" * 64, "b" * 64, "c" * 64]
    assert files.oldest(Reach(company), hashes) == {"a" * 64: first("a"), "b" * 64: first("b")}
    assert files.oldest(Reach(company), ["b" * 64]) == {"b" * 64: first("b")}
    assert files.oldest(Reach(company, "y"), hashes) == {"a" * 64: first("a", "y"), "b" * 64: first("b", "y")}
    assert files.oldest(Reach(company, "z"), hashes) == files.oldest(Reach(company), []) == {}


def test_nobody_reaches_further_than_his_own(files: Files, file: File) -> None:
    files.add(file)
    assert files.find(Reach(file.company_id, file.created_by), file.id) == file
    assert files.find(Reach(file.company_id, "another"), file.id) is None


def test_every_question_is_answered_from_an_index(mongo_files: MongoFiles, file: File) -> None:
    many = [dataclasses.replace(file, id=new_uuid(), number=number) for number in range(100)]
    for each in many:
        mongo_files.add(each)
    mongo_files.remove(many[0], (), file.created_at)
    with profiled(get_db("files"), "files", "erasures") as queries:
        erasure = MongoErasures().next(file.created_at)
        assert erasure
        MongoErasures().done(erasure)
        for reach in (Reach(file.company_id), Reach(file.company_id, file.created_by)):
            for sha256 in (None, file.blob.sha256):
                for after in (None, Cursor(file.created_at, many[5].id)):
                    mongo_files.page(reach, Selection(sha256), Slice(descending=sha256 is None, after=after))
            mongo_files.page(reach, Selection(number=7), Slice())
            mongo_files.oldest(reach, [file.blob.sha256])
            mongo_files.find(reach, file.id)
    check_queries(queries)
    sorted_in_memory = [query["command"] for query in queries if query.get("hasSortStage")]
    assert all("number" in command["filter"] for command in sorted_in_memory), "at most one record"


def test_what_it_is_a_duplicate_of_is_not_kept(files: Files, file: File) -> None:
    files.add(dataclasses.replace(file, duplicate_of=new_uuid()))
    assert files.find(Reach(file.company_id), file.id) == file


@pytest.fixture
def erasures(files: Files) -> Any:
    """What the deletions from `files` leave to be erased."""
    return files.erasures if isinstance(files, MemoryFiles) else MongoErasures()


def test_a_file_that_is_removed_is_to_be_erased(files: Files, erasures: Erasures, file: File) -> None:
    files.add(file, Mark(file.id, "what was sent"))
    now = utc_now()
    while erasures.next(now):  # of other tests
        pass
    assert files.remove(file, (), now)
    assert files.find(Reach(file.company_id), file.id) is None
    assert files.marked(Mark(file.id, "what was sent")) is None
    assert not files.remove(file, (), now)
    found = erasures.next(now)
    assert found == erasure_of(file.company_id, file.id, file.blob)
    assert found.keys == (manifest_key(file.company_id, file.id), file.blob.key)
    assert erasures.next(now) is None, "kept from others for a minute"
    again = now + timedelta(seconds=61)
    assert erasures.next(again) == found
    erasures.done(found)
    erasures.done(found)
    assert erasures.next(again + timedelta(days=1)) is None


def test_another_companys_file_is_not_removed(files: Files, file: File) -> None:
    files.add(file)
    assert not files.remove(dataclasses.replace(file, company_id=new_hex_id()), (), utc_now())
    assert files.find(Reach(file.company_id), file.id) == file


def test_of_many_who_remove_a_file_one_does(files: Files, file: File) -> None:
    files.add(file)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: files.remove(file, (), utc_now()), range(8))) == 1


def test_messages_leave_before_an_erasure_is_forgotten(mongo_files: MongoFiles, file: File) -> None:
    outbox = MongoOutbox(get_db("files")["erasures"])
    mongo_files.add(file)
    now, told = utc_now(), message(FileDeleted)
    mongo_files.remove(file, [told], now)
    erasure = erasure_of(file.company_id, file.id, file.blob)
    MongoErasures().done(erasure)
    assert outbox.lease() == [told]
    outbox.sent(told)
    MongoErasures().done(erasure)
    assert get_db("files")["erasures"].find_one({"_id": file.id}) is None


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
