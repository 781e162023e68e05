"""The extraction worker as a process on the real servers: commands in, facts out, killed and stopped."""

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

import pytest
from pymongo import MongoClient

from shared.contracts.documents import DocumentDeleted
from shared.contracts.envelope import Envelope, read_json, write_json
from shared.contracts.extraction import DocumentExtracted, DocumentRefused, ExtractionResult, extracts_prefix
from shared.contracts.fields import WantedField, WantedFields
from shared.contracts.files import MembersStored
from shared.contracts.pages import PageIndex
from shared.ids import new_hex_id, new_uuid
from shared.messaging.consumer import Consumer
from shared.messaging.publisher import RabbitPublisher
from shared.messaging.reactions import Reaction
from shared.storage import S3Store
from tests.support import eventually
from tests.support.messages import message
from tests.support.rabbit import RETRY_SECONDS, Rabbit
from tests.support.samples import draw_letter, encrypted, english, scan
from tests.support.sandbox import is_gone, readers_of
from tests.support.servers import Servers

DATABASE, EXTRACTS = "extraction_worker", "worker-extracts"


class Setting:
    """The servers, a worker that can be started again, and what documents hears from it."""

    def __init__(self, servers: Servers, rabbit: Rabbit) -> None:
        self._servers, self.rabbit = servers, rabbit
        self.store = S3Store(servers.s3_url, servers.s3_access_key, servers.s3_secret_key, "us-east-1")
        self.store.ensure_bucket("files")
        self.heard: list[Envelope] = []
        hear = Reaction(self.heard.append)
        kinds = {DocumentExtracted: hear, DocumentRefused: hear, MembersStored: hear}
        self.documents = Consumer(rabbit.url, "documents", kinds, RETRY_SECONDS)
        self.documents.start()
        eventually(lambda: self.documents.ready)

    def start(self) -> subprocess.Popen[bytes]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ops = f"127.0.0.1:{free.getsockname()[1]}"
        settings = {
            "OPS_BIND": ops,
            "MONGODB_URL": self._servers.mongodb_url(DATABASE),
            "RABBITMQ_URL": self.rabbit.url,
            "RETRY_SECONDS": "0.1,0.3",
            "S3_URL": self._servers.s3_url,
            "S3_ACCESS_KEY": self._servers.s3_access_key,
            "S3_SECRET_KEY": self._servers.s3_secret_key,
            "EXTRACTS_BUCKET": EXTRACTS,
        }
        environment = {"PATH": os.defpath} | {f"PAPERLANE_{name}": value for name, value in settings.items()}
        worker = subprocess.Popen(
            [sys.executable, "-m", "services.extraction.worker"], env=environment, stderr=subprocess.DEVNULL
        )
        eventually(lambda: is_ready(ops), seconds=60)
        return worker

    def submit(self, document: bytes, wanted: WantedFields | None = None) -> Envelope:
        """Have this PDF read, for these fields or what is built in; the command."""
        claim = self.store.put("files", f"files/{new_uuid()}", document, "application/pdf")
        fields = wanted and self.store.put("files", f"schemas/{new_uuid()}", write_json(wanted), "application/json")
        command = message(id=new_uuid(), company_id=new_hex_id())
        body = dataclasses.replace(command.body, document_id=new_hex_id(), file=claim, fields=fields, nested=False)
        command = dataclasses.replace(command, body=body)
        self.send(command)
        return command

    def send(self, command: Envelope) -> None:
        publisher = RabbitPublisher(self.rabbit.url)
        publisher.publish(command)
        publisher.close()

    def answer_to(self, command: Envelope) -> Envelope:
        return eventually(lambda: [told for told in self.heard if told.cause_id == command.id], seconds=60)[0]

    def close(self) -> None:
        self.documents.stop()
        self.documents.join(10)
        client: MongoClient[dict[str, object]]
        with MongoClient(self._servers.mongodb_url(DATABASE)) as client:
            client.drop_database(DATABASE)


def is_ready(ops: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{ops}/health/ready") as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


@pytest.fixture
def setting(servers: Servers, rabbit: Rabbit) -> Iterator[Setting]:
    setting = Setting(servers, rabbit)
    yield setting
    setting.close()


@pytest.fixture
def worker(setting: Setting) -> Iterator[subprocess.Popen[bytes]]:
    with setting.start() as worker:
        yield worker
        worker.kill()


def children_of(pid: int) -> list[int]:
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread may end at any time
            children += map(int, (task / "children").read_text().split())
    return children


def test_a_command_is_answered_with_what_was_read(setting: Setting, worker: subprocess.Popen[bytes]) -> None:
    command = setting.submit(draw_letter(english()))
    told = setting.answer_to(command)
    assert isinstance(told.body, DocumentExtracted)
    assert (told.body.document_id, told.correlation_id) == (command.body.document_id, command.correlation_id)
    result = read_json(ExtractionResult, setting.store.get(told.body.result), "result")
    assert result.entities["number"] == english().number
    assert told.body.pages
    (page,) = read_json(PageIndex, setting.store.get(told.body.pages.index), "index").pages
    assert (page.source, len(page.pictures)) == ("textLayer", 2)
    last_part = page.pictures[-1].part
    assert last_part.offset + last_part.size == told.body.pages.parts.size

    wanted = WantedFields((WantedField("ourNumber", "string", "Invoice no."),))
    own = setting.answer_to(setting.submit(draw_letter(english()), wanted))
    assert read_json(ExtractionResult, setting.store.get(own.body.result), "result").entities == {
        "ourNumber": english().number
    }

    refused = setting.answer_to(setting.submit(encrypted(draw_letter(english()))))
    assert refused.body.code == "encrypted"

    setting.send(dataclasses.replace(command, id=new_uuid()))
    last = setting.answer_to(setting.submit(draw_letter(english())))
    assert [told.cause_id for told in setting.heard].count(command.id) == 1
    assert setting.heard == [told, own, refused, last]


@pytest.mark.usefixtures("worker")
def test_what_was_read_from_a_document_goes_with_it(setting: Setting) -> None:
    gone, stays = (setting.submit(draw_letter(english())) for _ in range(2))
    keys = {command.id: setting.answer_to(command).body.result.key for command in (gone, stays)}

    def left(command: Envelope) -> list[str]:
        return list(setting.store.keys(EXTRACTS, extracts_prefix(command.company_id, command.body.document_id)))

    assert len(left(gone)) == 3
    deleted = message(DocumentDeleted, id=new_uuid(), company_id=gone.company_id)
    setting.send(dataclasses.replace(deleted, body=DocumentDeleted(gone.body.document_id, ())))
    eventually(lambda: left(gone) == [])
    assert keys[stays.id] in left(stays)
    assert len(left(stays)) == 3
    setting.send(dataclasses.replace(gone, id=new_uuid()))
    last = setting.submit(draw_letter(english()))
    setting.answer_to(last)
    assert left(gone) == [], "a command that comes late has no effect"
    assert [told.body.document_id for told in setting.heard].count(gone.body.document_id) == 1


def test_what_a_killed_worker_was_reading_is_read_by_the_next(
    setting: Setting, worker: subprocess.Popen[bytes]
) -> None:
    command = setting.submit(scan(draw_letter(english())))
    (server,) = children_of(worker.pid)
    (reader,) = eventually(lambda: readers_of(server))
    worker.kill()
    assert eventually(lambda: is_gone(reader) and is_gone(server))
    with setting.start() as successor:
        told = setting.answer_to(command)
        successor.kill()
    assert isinstance(told.body, DocumentExtracted)
    assert setting.heard == [told]


def test_a_worker_that_is_told_to_stop_leaves_no_process(setting: Setting, worker: subprocess.Popen[bytes]) -> None:
    (server,) = children_of(worker.pid)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert eventually(lambda: is_gone(server))
