"""The worker of files as a process on the real servers: what a deleted document leaves, and what was left half done."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import httpx
import mongoengine
import pytest
from minio import Minio
from mongoengine.connection import get_db

from paperlane.local.ports import assign
from services.files.adapters.storage import StoredFiles
from services.files.app import create_app
from services.files.domain.actors import Actor
from services.files.ports import Desk
from services.files.repository.database import Database
from services.files.repository.erasures import MongoErasures
from services.files.repository.files import MongoFiles
from services.files.repository.uploads import MongoUploads
from services.files.usecases import deleting
from shared.contracts.documents import DocumentDeleted
from shared.contracts.envelope import write_json
from shared.contracts.extraction import DocumentSplit, Split, SplitMember
from shared.ids import new_hex_id, new_uuid
from shared.media import PDF
from shared.messaging.publisher import RabbitPublisher
from shared.storage import S3Store
from tests.support import eventually
from tests.support.fakes.files import desk_over
from tests.support.messages import message
from tests.support.rabbit import Rabbit
from tests.support.servers import Servers
from tests.support.tokens import authorization, bearer

DATABASE, BUCKET = "files_worker", "files-worker"


class Setting:
    """The servers, a desk over them as the HTTP process has it, and a worker that can be started."""

    def __init__(self, servers: Servers, rabbit: Rabbit) -> None:
        self._servers, self._rabbit = servers, rabbit
        self.company = new_hex_id()
        database, store = Database(servers.mongodb_url(DATABASE)), self._store()
        database.prepare()
        store.ensure_bucket(BUCKET)
        desk = replace(desk_over(store), storage=StoredFiles(store, BUCKET), numbers=database.numbers)
        self.desk: Desk = replace(desk, files=MongoFiles(), uploads=MongoUploads(BUCKET), erasures=MongoErasures())
        self._client = create_app(self.desk, bearer()).test_client()
        keys = servers.s3_access_key, servers.s3_secret_key
        self._s3 = Minio(servers.s3_url.removeprefix("http://"), *keys, secure=False, region="us-east-1")

    def _store(self) -> S3Store:
        return S3Store(self._servers.s3_url, self._servers.s3_access_key, self._servers.s3_secret_key, "us-east-1")

    def start(self) -> subprocess.Popen[bytes]:
        ops = f"127.0.0.1:{assign(['ops'], {})['ops']}"
        settings = {
            "OPS_BIND": ops,
            "MONGODB_URL": self._servers.mongodb_url(DATABASE),
            "RABBITMQ_URL": self._rabbit.url,
            "S3_URL": self._servers.s3_url,
            "S3_ACCESS_KEY": self._servers.s3_access_key,
            "S3_SECRET_KEY": self._servers.s3_secret_key,
            "FILES_BUCKET": BUCKET,
            "AUDIT_KEY": secrets.token_urlsafe(36),
        }
        environment = {"PATH": os.defpath} | {f"PAPERLANE_{name}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "services.files.worker"]
        worker = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        eventually(lambda: is_ready(ops), seconds=60)
        return worker

    def upload(self) -> str:
        answer = self._client.post("/v2/files", data=b"%PDF-1.7", headers=authorization(self.company))
        return str(json.loads(answer.data)["id"])

    def status(self, file_id: str) -> int:
        return self._client.get(f"/v2/files/{file_id}", headers=authorization(self.company)).status_code

    def tell_deleted(self, *file_ids: str) -> None:
        fact = replace(message(DocumentDeleted), id=new_uuid(), company_id=self.company)
        with closing(RabbitPublisher(self._rabbit.url)) as publisher:
            publisher.publish(replace(fact, body=DocumentDeleted("d" * 24, file_ids)))

    def tell_split(self, count: int) -> None:
        """That so many documents were found in one."""
        store, prefix = self._store(), f"extracts/{self.company}"
        members = tuple(
            SplitMember(f"{n}.pdf", store.put(BUCKET, f"{prefix}/members/{n}", b"%PDF-1.7 " + bytes(300_000), PDF))
            for n in range(count)
        )
        split = store.put(BUCKET, f"{prefix}/split.json", write_json(Split(members)), "application/json")
        fact = replace(message(DocumentSplit), id=new_uuid(), company_id=self.company)
        with closing(RabbitPublisher(self._rabbit.url)) as publisher:
            publisher.publish(replace(fact, body=replace(fact.body, split=split)))

    def stored(self) -> list[str]:
        found = self._s3.list_objects(BUCKET, f"files/{self.company}/", recursive=True)
        return [str(each.object_name) for each in found]


def is_ready(ops: str) -> bool:
    try:
        return httpx.get(f"http://{ops}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def setting(servers: Servers, rabbit: Rabbit) -> Iterator[Setting]:
    yield Setting(servers, rabbit)
    get_db("files").client.drop_database(DATABASE)
    mongoengine.disconnect("files")


@pytest.fixture
def worker(setting: Setting) -> Iterator[subprocess.Popen[bytes]]:
    with setting.start() as worker:
        yield worker
        worker.terminate()
        assert worker.wait(30) == 0


@pytest.mark.usefixtures("worker")
def test_the_files_of_a_deleted_document_go_with_it(setting: Setting) -> None:
    kept, gone = setting.upload(), setting.upload()
    setting.tell_deleted(gone)
    eventually(lambda: not any(gone in key for key in setting.stored()), seconds=20)
    assert (setting.status(gone), setting.status(kept), len(setting.stored())) == (404, 200, 2)
    entries: Any = get_db("files")["audit"]
    eventually(lambda: entries.find_one({"action": "file.deleted", "subject": gone, "actor": "system"}))
    assert get_db("files")["erasures"].count_documents({}) == 0


def test_what_a_process_left_half_done_is_finished_by_the_worker(
    setting: Setting, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = setting.upload()
    monkeypatch.setattr(setting.desk.storage, "withdraw", lambda *_: None)  # it died before
    deleting.delete_file(setting.desk, Actor(setting.company, "tester"), file_id)
    assert (setting.status(file_id), len(setting.stored())) == (404, 2)
    request.getfixturevalue("worker")
    eventually(lambda: not setting.stored(), seconds=20)


def test_what_was_found_in_a_document_is_kept_once_whoever_dies(setting: Setting) -> None:
    count, files = 60, get_db("files")["files"]
    worker = setting.start()
    setting.tell_split(count)
    eventually(lambda: files.count_documents({"company": setting.company}) > 2, seconds=20)
    worker.kill()
    worker.wait()
    assert files.count_documents({"company": setting.company}) < count
    with setting.start() as worker:
        takeovers = get_db("files")["takeovers"]
        eventually(lambda: takeovers.find_one({"company": setting.company}), seconds=60)
        assert files.count_documents({"company": setting.company}) == count
        assert len(setting.stored()) == 2 * count
        worker.terminate()
        assert worker.wait(30) == 0
