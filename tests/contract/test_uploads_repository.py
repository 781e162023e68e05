"""What uploads in several requests need of their records, asked of the fake and of MongoDB alike."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db

from services.files.domain.actors import Reach
from services.files.domain.files import Erasure
from services.files.domain.resumable import HOLD, LIFETIME, OCTETS, Resumable
from services.files.ports import Erasures, Uploads
from services.files.repository.database import Database
from services.files.repository.erasures import MongoErasures
from services.files.repository.uploads import MongoUploads
from shared.contracts.envelope import ClaimCheck
from shared.idempotency import KeyReused, Mark
from shared.ids import new_hex_id, new_uuid
from tests.support.fakes.files import BUCKET, MemoryErasures, MemoryUploads
from tests.support.profiling import check_queries, profiled

DATABASE = "uploads_contract"
NOW = datetime(2026, 3, 1, 8, 15, 30, 120_000, tzinfo=UTC)
Pair = tuple[Uploads, Erasures]


@pytest.fixture(scope="module")
def mongo(request: pytest.FixtureRequest) -> Iterator[Pair]:
    servers: Any = request.getfixturevalue("servers")
    Database(servers.mongodb_url(DATABASE)).prepare()
    yield MongoUploads(BUCKET), MongoErasures()
    get_db("files").client.drop_database(DATABASE)
    mongoengine.disconnect("files")


@pytest.fixture(params=["memory", "mongodb"])
def pair(request: pytest.FixtureRequest) -> Pair:
    if request.param == "memory":
        erasures = MemoryErasures()
        return MemoryUploads(erasures), erasures
    both: Pair = request.getfixturevalue("mongo")
    get_db("files")["uploads"].delete_many({})
    get_db("files")["erasures"].delete_many({})
    return both


@pytest.fixture
def uploads(pair: Pair) -> Uploads:
    return pair[0]


@pytest.fixture
def erasures(pair: Pair) -> Erasures:
    return pair[1]


@pytest.fixture
def upload(uploads: Uploads) -> Resumable:
    made = Resumable(
        id=new_uuid(),
        company_id=new_hex_id(),
        length=1000,
        metadata="filename YS5wZGY=",
        created_by="client-a",
        expires_at=NOW + LIFETIME,
    )
    assert uploads.add(made) == made.id
    return made


def found(uploads: Uploads, upload: Resumable) -> Resumable:
    kept = uploads.find(Reach(upload.company_id), upload.id)
    assert kept
    return kept


def held(uploads: Uploads, upload: Resumable, now: datetime = NOW) -> Resumable:
    holder = new_uuid()
    assert uploads.hold(upload, holder, now)
    return dataclasses.replace(upload, holder=holder)


def piece(size: int) -> ClaimCheck:
    return ClaimCheck(BUCKET, new_uuid(), "0" * 64, size, OCTETS)


def test_an_upload_is_found_as_it_was_begun_by_whom_it_is_for(uploads: Uploads, upload: Resumable) -> None:
    assert found(uploads, upload) == upload
    assert uploads.find(Reach(upload.company_id, "client-a"), upload.id) == upload
    assert uploads.find(Reach(upload.company_id, "client-b"), upload.id) is None
    assert uploads.find(Reach(new_hex_id()), upload.id) is None
    assert uploads.find(Reach(upload.company_id), new_uuid()) is None


def test_no_two_uploads_bear_one_mark(uploads: Uploads, upload: Resumable) -> None:
    mark = Mark(new_hex_id(), "what was sent")
    one, other = (dataclasses.replace(upload, id=new_uuid()) for _ in range(2))
    assert [uploads.add(one, mark), uploads.add(other, mark)] == [one.id] * 2
    with pytest.raises(KeyReused):
        uploads.add(other, dataclasses.replace(mark, fingerprint="something else"))


def test_of_many_who_want_to_add_one_may(uploads: Uploads, upload: Resumable) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda each: uploads.hold(upload, str(each), NOW), range(8))) == 1
    assert not uploads.hold(upload, "another", NOW + HOLD - timedelta(seconds=1))
    assert uploads.hold(upload, "another", NOW + HOLD)


def test_what_is_added_counts_and_holds_the_upload_on(uploads: Uploads, upload: Resumable) -> None:
    mine, pieces = held(uploads, upload), [piece(300), piece(200)]
    assert uploads.advance(mine, pieces, NOW + HOLD)
    kept = found(uploads, upload)
    assert (kept.offset, list(kept.pieces), kept.holder) == (500, pieces, mine.holder)
    assert not uploads.hold(kept, "another", NOW + HOLD)
    uploads.release(mine)
    assert found(uploads, upload).holder is None
    assert not uploads.hold(upload, "another", NOW), "it is not at that byte any more"
    assert uploads.hold(kept, "another", NOW)


def test_whoever_lost_it_changes_nothing(uploads: Uploads, erasures: Erasures, upload: Resumable) -> None:
    mine = held(uploads, upload)
    other = held(uploads, upload, NOW + HOLD)
    assert not uploads.advance(mine, [piece(300)], NOW)
    assert not uploads.finish(mine, new_uuid(), NOW)
    uploads.release(mine)
    assert found(uploads, upload) == other
    assert erasures.next(NOW + LIFETIME) is None


def test_a_finished_upload_says_what_it_became_and_its_pieces_go(
    uploads: Uploads, erasures: Erasures, upload: Resumable
) -> None:
    mine, file_id = held(uploads, upload), new_uuid()
    uploads.advance(mine, [piece(600)], NOW)
    assert uploads.finish(dataclasses.replace(mine, pieces=(piece(600), piece(400))), file_id, NOW)
    uploads.release(mine)
    kept = found(uploads, upload)
    assert (kept.file_id, kept.offset, kept.pieces) == (file_id, 1000, ())
    assert not uploads.hold(kept, "another", NOW + LIFETIME)
    assert erasures.next(NOW + HOLD - timedelta(seconds=1)) is None, "somebody may still be writing a piece"
    assert erasures.next(NOW + HOLD) == Erasure(upload.id, BUCKET, prefix=upload.prefix)


def test_a_removed_upload_is_gone_and_its_pieces_go(uploads: Uploads, erasures: Erasures, upload: Resumable) -> None:
    mine = held(uploads, upload)
    uploads.finish(mine, new_uuid(), NOW)
    assert uploads.remove(mine, NOW + timedelta(seconds=5))
    assert uploads.find(Reach(upload.company_id), upload.id) is None
    assert not uploads.remove(mine, NOW)
    assert not uploads.advance(mine, [], NOW)
    assert erasures.next(NOW + HOLD) is None
    assert erasures.next(NOW + HOLD + timedelta(seconds=5)) == Erasure(upload.id, BUCKET, prefix=upload.prefix)
    assert erasures.next(NOW + HOLD + timedelta(seconds=5)) is None


def test_another_companys_upload_is_not_removed(uploads: Uploads, upload: Resumable) -> None:
    assert not uploads.remove(dataclasses.replace(upload, company_id=new_hex_id()), NOW)
    assert found(uploads, upload)


def test_what_has_expired_is_found_unless_somebody_has_it(uploads: Uploads, upload: Resumable) -> None:
    end = NOW + LIFETIME
    assert uploads.expired(end - timedelta(seconds=1)) is None
    assert uploads.expired(end) == upload
    mine = held(uploads, upload, end)
    assert uploads.expired(end) is None
    assert uploads.expired(end + HOLD) == mine
    uploads.release(mine)
    assert uploads.expired(end) == upload


def test_every_question_is_answered_from_an_index(mongo: Pair) -> None:
    uploads, _ = mongo
    many = [
        Resumable(new_uuid(), "a" * 24, 1000, "", "client-a", NOW + timedelta(seconds=second)) for second in range(50)
    ]
    for each in many:
        uploads.add(each)
    with profiled(get_db("files"), "uploads") as queries:
        mine = held(uploads, many[0])
        uploads.advance(mine, [piece(1)], NOW)
        uploads.finish(mine, new_uuid(), NOW)
        uploads.release(mine)
        uploads.find(Reach("a" * 24, "client-a"), mine.id)
        assert uploads.expired(NOW + LIFETIME)
        uploads.remove(many[1], NOW)
    check_queries(queries)
    assert not [query for query in queries if query.get("hasSortStage")]
