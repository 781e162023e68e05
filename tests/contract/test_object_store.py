"""What services need of object storage, asked of the fake and of a real S3 alike."""

import hashlib
import random
from io import BytesIO
from typing import Any, BinaryIO, cast

import pytest

from shared.contracts.envelope import ClaimCheck
from shared.errors import Refusal, Unavailable
from shared.ids import new_uuid
from shared.storage import PART, Corrupt, Missing, ObjectStore, S3Store
from tests.support.fakes.storage import MemoryStore

BUCKET = "object-store-contract"
MEDIA_TYPE = "application/pdf"


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    made: ObjectStore = MemoryStore()
    if request.param == "s3":
        servers: Any = request.getfixturevalue("servers")
        made = S3Store(servers.s3_url, servers.s3_access_key, servers.s3_secret_key, "us-east-1")
    made.ensure_bucket(BUCKET)
    return made


@pytest.fixture
def key() -> str:
    """A key of its own for each test, below folders and with characters that URLs must escape."""
    return f"tests/{new_uuid()}/März +1 %41.pdf"


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def claim(key: str, data: bytes) -> ClaimCheck:
    return ClaimCheck(BUCKET, key, hashlib.sha256(data).hexdigest(), len(data), MEDIA_TYPE)


class Breaking(BytesIO):
    """A stream that turns out, after its bytes, to be refused."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise Refusal("no more")
        return data


def test_what_is_put_can_be_read_opened_and_got(store: ObjectStore, key: str) -> None:
    data = content(200_000)
    assert store.put(BUCKET, key, data, MEDIA_TYPE) == claim(key, data)
    assert store.read(BUCKET, key) == data
    assert store.get(claim(key, data)) == data
    assert b"".join(store.open(claim(key, data))) == data


@pytest.mark.parametrize("size", [0, 1, 65_536, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 70_000])
def test_a_stream_is_stored_and_measured_on_the_way(store: ObjectStore, key: str, size: int) -> None:
    data = content(size)
    stored = store.put_stream(BUCKET, key, BytesIO(data), MEDIA_TYPE)
    assert stored == claim(key, data)
    assert store.get(stored) == data


class Dribble:
    """A stream that gives fewer bytes than it is asked for."""

    def __init__(self, data: bytes) -> None:
        self._stream = BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(min(size, 1000))


def test_a_stream_may_give_less_than_it_is_asked_for(store: ObjectStore, key: str) -> None:
    data = content(PART + 4_567)
    assert store.get(store.put_stream(BUCKET, key, cast(BinaryIO, Dribble(data)), MEDIA_TYPE)) == data


@pytest.mark.parametrize("size", [10, PART, PART + 10, 2 * PART])
def test_a_stream_that_breaks_leaves_nothing_and_its_reason_is_passed_on(
    store: ObjectStore, key: str, size: int
) -> None:
    with pytest.raises(Refusal, match="no more"):
        store.put_stream(BUCKET, key, Breaking(content(size)), MEDIA_TYPE)
    with pytest.raises(Missing):
        store.read(BUCKET, key)


def test_putting_again_replaces(store: ObjectStore, key: str) -> None:
    store.put(BUCKET, key, b"longer than the next", MEDIA_TYPE)
    store.put(BUCKET, key, b"next", MEDIA_TYPE)
    assert store.read(BUCKET, key) == b"next"


def test_an_absent_object_is_missing(store: ObjectStore, key: str) -> None:
    with pytest.raises(Missing, match="no object"):
        store.read(BUCKET, key)
    with pytest.raises(Missing):
        store.get(claim(key, b"x"))
    with pytest.raises(Missing):
        list(store.open(claim(key, b"x")))


def test_delete_removes_and_may_be_repeated(store: ObjectStore, key: str) -> None:
    store.put(BUCKET, key, b"x", MEDIA_TYPE)
    store.delete(BUCKET, key)
    store.delete(BUCKET, key)
    with pytest.raises(Missing):
        store.read(BUCKET, key)


def test_keys_are_found_by_how_they_begin(store: ObjectStore, key: str) -> None:
    folder, _, name = key.rpartition("/")
    keys = [key, f"{folder}/1/2/result.json", f"{folder}/1/2/pages.json"]
    for each in (*keys, f"{folder}-other/{name}"):
        store.put(BUCKET, each, b"x", MEDIA_TYPE)
    assert sorted(store.keys(BUCKET, f"{folder}/")) == sorted(keys)
    assert sorted(store.keys(BUCKET, f"{folder}/1/")) == sorted(keys[1:])
    assert list(store.keys(BUCKET, f"{folder}/none/")) == []
    for each in store.keys(BUCKET, f"{folder}/"):
        store.delete(BUCKET, each)
    assert list(store.keys(BUCKET, f"{folder}/")) == []


@pytest.mark.parametrize("damage", ["flipped", "shorter", "longer", "empty"])
@pytest.mark.parametrize("size", [100, 200_000])
def test_damaged_bytes_are_never_complete(store: ObjectStore, key: str, damage: str, size: int) -> None:
    data = content(size)
    stored = store.put(BUCKET, key, data, MEDIA_TYPE)
    flipped = data[:-1] + bytes([data[-1] ^ 1])
    damaged = {"flipped": flipped, "shorter": data[:-1], "longer": data + b"x", "empty": b""}[damage]
    store.put(BUCKET, key, damaged, MEDIA_TYPE)
    with pytest.raises(Corrupt):
        store.get(stored)
    given = b""
    with pytest.raises(Corrupt):  # noqa: PT012  # each chunk counts
        for chunk in store.open(stored):
            given += chunk
    assert len(given) < len(data)


@pytest.mark.parametrize(("start", "size"), [(0, 1), (0, 200_000), (199_999, 1), (70_000, 100_000), (65_536, 65_536)])
def test_a_part_is_read_by_itself(store: ObjectStore, key: str, start: int, size: int) -> None:
    data = content(200_000)
    stored = store.put(BUCKET, key, data, MEDIA_TYPE)
    assert b"".join(store.open_part(stored, start, size)) == data[start : start + size]


@pytest.mark.parametrize("left", [0, 50, 100, 150])
def test_a_part_that_is_not_whole_is_corrupt(store: ObjectStore, key: str, left: int) -> None:
    stored = store.put(BUCKET, key, content(200), MEDIA_TYPE)
    store.put(BUCKET, key, content(left), MEDIA_TYPE)
    with pytest.raises(Corrupt):
        list(store.open_part(stored, 100, 60))


def test_a_part_of_an_absent_object_is_missing(store: ObjectStore, key: str) -> None:
    with pytest.raises(Missing):
        list(store.open_part(claim(key, b"x"), 0, 1))


def test_a_bucket_may_be_ensured_again_and_its_absence_shows(store: ObjectStore) -> None:
    store.ensure_bucket(BUCKET)
    assert store.is_up(BUCKET)
    assert not store.is_up("no-such-bucket")


def test_a_store_that_is_away_is_unavailable_and_says_when_to_come_back() -> None:
    away = S3Store("http://127.0.0.1:1", "access-key", "secret-key", "us-east-1")
    claim_check = claim("x", b"x")
    for call in (
        lambda: away.put(BUCKET, "x", b"x", MEDIA_TYPE),
        lambda: away.put_stream(BUCKET, "x", BytesIO(content(PART)), MEDIA_TYPE),
        lambda: away.read(BUCKET, "x"),
        lambda: away.get(claim_check),
        lambda: list(away.open(claim_check)),
        lambda: list(away.open_part(claim_check, 0, 1)),
        lambda: away.delete(BUCKET, "x"),
        lambda: list(away.keys(BUCKET, "x")),
        lambda: away.ensure_bucket(BUCKET),
    ):
        with pytest.raises(Unavailable) as refused:
            call()
        assert refused.value.headers["Retry-After"]
    assert not away.is_up(BUCKET)


def test_wrong_credentials_are_unavailable_not_missing(request: pytest.FixtureRequest) -> None:
    servers: Any = request.getfixturevalue("servers")
    stranger = S3Store(servers.s3_url, servers.s3_access_key, "another-secret", "us-east-1")
    with pytest.raises(Unavailable):
        stranger.read(BUCKET, "x")
    assert not stranger.is_up(BUCKET)
