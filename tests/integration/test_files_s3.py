"""Files on a real MongoDB and object store: with damage, and with each of them away."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import mongoengine
import pytest
from flask.testing import FlaskClient
from minio import Minio
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from services.files.adapters.storage import StoredFiles
from services.files.app import create_app
from services.files.ports import Desk
from services.files.repository.database import Database
from services.files.repository.erasures import MongoErasures
from services.files.repository.files import MongoFiles
from services.files.repository.uploads import MongoUploads
from shared.contracts.envelope import read_json
from shared.contracts.files import Manifest, manifest_key
from shared.ids import new_hex_id
from shared.storage import PART, S3Store
from tests.support.fakes.documents import MemoryNumbers
from tests.support.fakes.files import desk_over
from tests.support.tokens import authorization, bearer
from tests.support.wire import Wire

DATABASE, BUCKET = "files_integration", "files-integration"
PDF = b"%PDF-1.7\n" + bytes(PART + 100_000)
Listing = Callable[[], list[str]]


@dataclass(frozen=True)
class Place:
    """A desk over the real servers, and the way to its store."""

    desk: Desk
    client: FlaskClient
    store: S3Store
    s3: Minio


def store_at(servers: Any, url: str) -> S3Store:
    return S3Store(url, servers.s3_access_key, servers.s3_secret_key, "us-east-1")


def client_of(desk: Desk) -> FlaskClient:
    return create_app(desk, bearer()).test_client()


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    servers: Any = request.getfixturevalue("servers")
    database, store = Database(servers.mongodb_url(DATABASE)), store_at(servers, servers.s3_url)
    database.prepare()
    store.ensure_bucket(BUCKET)
    desk = replace(desk_over(store), storage=StoredFiles(store, BUCKET), numbers=database.numbers)
    desk = replace(desk, files=MongoFiles(), uploads=MongoUploads(BUCKET), erasures=MongoErasures())
    host = servers.s3_url.removeprefix("http://")
    s3 = Minio(host, servers.s3_access_key, servers.s3_secret_key, secure=False, region="us-east-1")
    yield Place(desk, client_of(desk), store, s3)
    get_db("files").client.drop_database(DATABASE)
    mongoengine.disconnect("files")


@pytest.fixture
def company() -> str:
    return new_hex_id()


@pytest.fixture
def stored(place: Place, company: str) -> Listing:
    """The keys of all that lies in the bucket for the company."""
    return lambda: [found.object_name for found in place.s3.list_objects(BUCKET, f"files/{company}/", recursive=True)]


def upload(client: FlaskClient, company: str, data: bytes = PDF) -> TestResponse:
    return client.post("/v2/files", data=data, headers=authorization(company), content_type="application/pdf")


def download(client: FlaskClient, company: str, file_id: str) -> TestResponse:
    return client.get(f"/v2/files/{file_id}", headers=authorization(company))


def refused(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, json.loads(answer.data)["code"]


def manifest_of(place: Place, company: str, answer: TestResponse) -> Manifest:
    assert answer.status_code == 201, answer.text
    data = place.store.read(BUCKET, manifest_key(company, json.loads(answer.data)["id"]))
    return read_json(Manifest, data, "manifest")


def test_a_file_of_several_parts_is_stored_with_its_manifest_and_comes_back(
    place: Place, company: str, stored: Listing
) -> None:
    manifest = manifest_of(place, company, upload(place.client, company))
    assert sorted(stored()) == sorted([manifest.blob.key, manifest_key(company, manifest.file_id)])
    assert (manifest.company_id, manifest.blob.size, manifest.number) == (company, len(PDF), 1)
    assert download(place.client, company, manifest.file_id).data == PDF
    assert refused(download(place.client, new_hex_id(), manifest.file_id)) == (404, "not_found")


def test_parts_and_heads_of_a_stored_file(place: Place, company: str) -> None:
    manifest = manifest_of(place, company, upload(place.client, company))
    path, mine = f"/v2/files/{manifest.file_id}", authorization(company)
    part = place.client.get(path, headers={**mine, "Range": f"bytes={PART - 10}-{PART + 9}"})
    assert (part.status_code, part.data) == (206, PDF[PART - 10 : PART + 10])
    assert place.client.get(path, headers={**mine, "Range": "bytes=-7"}).data == PDF[-7:]
    place.store.delete(BUCKET, manifest.blob.key)
    head = place.client.head(path, headers=mine)
    assert (head.status_code, head.content_length) == (200, len(PDF))
    assert refused(place.client.get(path, headers={**mine, "Range": "bytes=0-1"})) == (503, "file_missing")
    place.store.put(BUCKET, manifest.blob.key, b"short", manifest.blob.media_type)
    assert refused(place.client.get(path, headers={**mine, "Range": "bytes=100-"})) == (500, "file_corrupt")


class Cut:
    """A body that ends after a part and a half."""

    def __init__(self) -> None:
        self._rest = PDF[: PART * 3 // 2]

    def read(self, size: int) -> bytes:
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


def test_what_is_refused_leaves_nothing(place: Place, company: str, stored: Listing) -> None:
    assert refused(upload(place.client, company, b"MZ" + bytes(PART)))[1] == "content_type_mismatch"
    environ = {"wsgi.input": Cut(), "wsgi.input_terminated": True, "CONTENT_LENGTH": str(2 * PART)}
    headers = {"Content-Type": "application/pdf", **authorization(company)}
    answer = place.client.post("/v2/files", headers=headers, environ_overrides=environ)
    assert refused(answer) == (400, "incomplete_body")
    assert stored() == []


def test_missing_and_damaged_bytes_are_told_apart_and_never_given(place: Place, company: str) -> None:
    small = b"%PDF-1.7\n"
    manifest = manifest_of(place, company, upload(place.client, company, small))
    place.store.put(BUCKET, manifest.blob.key, small[::-1], manifest.blob.media_type)
    assert refused(download(place.client, company, manifest.file_id)) == (500, "file_corrupt")
    place.store.delete(BUCKET, manifest.blob.key)
    assert refused(download(place.client, company, manifest.file_id)) == (503, "file_missing")


def test_with_the_store_away_uploads_and_downloads_are_503_until_it_is_back(
    request: pytest.FixtureRequest, place: Place, company: str, stored: Listing
) -> None:
    servers: Any = request.getfixturevalue("servers")
    with Wire(servers.s3_url) as wire:
        client = client_of(replace(place.desk, storage=StoredFiles(store_at(servers, wire.url), BUCKET)))
        file_id = manifest_of(place, company, upload(client, company)).file_id
        wire.down = True
        wire.cut()
        for answer in (upload(client, company), download(client, company, file_id)):
            assert refused(answer) == (503, "service_unavailable")
            assert answer.headers["Retry-After"]
        assert len(stored()) == 2
        wire.down = False
        assert download(client, company, file_id).data == PDF


@pytest.mark.usefixtures("impatient")
def test_with_the_database_away_nothing_is_left_behind(
    request: pytest.FixtureRequest, place: Place, company: str, stored: Listing
) -> None:
    servers: Any = request.getfixturevalue("servers")
    away = Database("mongodb://127.0.0.1:1/files")
    try:
        answer = upload(client_of(replace(place.desk, numbers=MemoryNumbers())), company)
        assert refused(answer) == (503, "service_unavailable")
        assert answer.headers["Retry-After"]
        assert stored() == []
        assert not away.is_up()
    finally:
        Database(servers.mongodb_url(DATABASE))
