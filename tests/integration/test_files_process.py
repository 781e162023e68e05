"""The process of files over real sockets: bodies that break off, the limit to the byte, damage in the middle."""

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from minio import Minio

from services.files.domain.files import MAX_FILE_BYTES
from shared.contracts.envelope import read_json
from shared.contracts.files import Manifest, manifest_key
from shared.ids import new_hex_id
from shared.storage import S3Store
from tests.support import eventually
from tests.support.tokens import authorization, serving_trust

BUCKET = "files-process"
HEAD = b"%PDF-1.7\n"


@dataclass(frozen=True)
class Process:
    """The service at `url`, its operators' door at `ops_url`, and the way to its store."""

    url: str
    ops_url: str
    store: S3Store
    s3: Minio

    def stored(self, company: str) -> list[str]:
        return [found.object_name for found in self.s3.list_objects(BUCKET, f"files/{company}/", recursive=True)]


def ready(ops_url: str) -> bool:
    try:
        return httpx.get(f"{ops_url}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def process(request: pytest.FixtureRequest) -> Iterator[Process]:
    servers: Any = request.getfixturevalue("servers")
    with serving_trust() as auth_url, socket.create_server(("127.0.0.1", 0)) as door:
        with socket.create_server(("127.0.0.1", 0)) as free:
            ops = f"127.0.0.1:{free.getsockname()[1]}"
        settings = {
            "BIND": "fd://0",
            "OPS_BIND": ops,
            "MONGODB_URL": servers.mongodb_url("files_process"),
            "S3_URL": servers.s3_url,
            "S3_ACCESS_KEY": servers.s3_access_key,
            "S3_SECRET_KEY": servers.s3_secret_key,
            "FILES_BUCKET": BUCKET,
            "AUTH_URL": auth_url,
            "AUDIT_KEY": secrets.token_urlsafe(36),
        }
        environment = {"PATH": os.defpath, **{f"PAPERLANE_{name}": value for name, value in settings.items()}}
        command = [sys.executable, "-m", "services.files.app"]
        running = subprocess.Popen(command, env=environment, stdin=door.fileno(), stderr=subprocess.DEVNULL)
        try:
            eventually(lambda: ready(f"http://{ops}"), seconds=30)
            keys = servers.s3_access_key, servers.s3_secret_key
            s3 = Minio(urlsplit(servers.s3_url).netloc, *keys, secure=False, region="us-east-1")
            url = f"http://127.0.0.1:{door.getsockname()[1]}"
            yield Process(url, f"http://{ops}", S3Store(servers.s3_url, *keys, "us-east-1"), s3)
        finally:
            running.terminate()
            assert running.wait(timeout=40) == 0


@pytest.fixture
def company() -> str:
    return new_hex_id()


def post(process: Process, company: str, content: bytes | Iterator[bytes]) -> httpx.Response:
    headers = {"Content-Type": "application/pdf", **authorization(company)}
    return httpx.post(f"{process.url}/v2/files", content=content, headers=headers, timeout=30)


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def in_chunks(size: int) -> Iterator[bytes]:
    yield HEAD
    rest = size - len(HEAD)
    while rest:
        yield bytes(min(rest, 1 << 20))
        rest -= min(rest, 1 << 20)


def test_it_is_ready_with_its_parts_by_name(process: Process) -> None:
    parts = httpx.get(f"{process.ops_url}/health/ready").json()["parts"]
    assert parts == {"prepared": True, "mongodb": True, "s3": True, "trust": True}


@pytest.mark.parametrize("size", [MAX_FILE_BYTES - 1, MAX_FILE_BYTES])
def test_a_file_up_to_the_limit_comes_back_byte_for_byte(process: Process, company: str, size: int) -> None:
    data = HEAD + os.urandom(size - len(HEAD))
    stored = post(process, company, data if size == MAX_FILE_BYTES else iter([data[:1000], data[1000:]]))
    assert stored.status_code == 201
    answer = httpx.get(f"{process.url}/v2/files/{stored.json()['id']}", headers=authorization(company), timeout=30)
    assert answer.status_code == 200
    assert answer.content == data


def test_one_byte_more_is_too_large_and_leaves_nothing(process: Process, company: str) -> None:
    assert refused(post(process, company, in_chunks(MAX_FILE_BYTES + 1))) == (413, "payload_too_large")
    assert refused(post(process, company, HEAD + bytes(MAX_FILE_BYTES))) == (413, "payload_too_large")
    assert process.stored(company) == []


def test_a_latin_1_name_comes_back_as_it_was_sent(process: Process, company: str) -> None:
    name = "Rechnung März.pdf".encode("latin-1")
    headers = httpx.Headers([*authorization(company).items(), ("X-Hy-Filename", name.decode("latin-1"))], "latin-1")
    stored = httpx.post(f"{process.url}/v2/files", content=HEAD, headers=headers)
    answer = httpx.get(f"{process.url}/v2/files/{stored.json()['id']}", headers=authorization(company))
    assert dict(answer.headers.raw)[b"X-Hy-Filename"] == name
    assert answer.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Length: 20000\r\n\r\n" + HEAD,
        b"Content-Length: 20000\r\n\r\n" + HEAD + bytes(15_000),
        b"Content-Length: 20000\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n4000\r\n" + HEAD,
        b"Transfer-Encoding: chunked\r\n\r\n9\r\n" + HEAD + b"\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n9\r\n" + HEAD + b"\r\nnot a size\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n9\r\n" + HEAD + b"no line end",
    ],
)
def test_a_body_that_breaks_off_is_refused_and_leaves_nothing(process: Process, company: str, body: bytes) -> None:
    token = authorization(company)["Authorization"].encode()
    head = b"POST /v2/files HTTP/1.1\r\nHost: files\r\nAuthorization: " + token + b"\r\n"
    with socket.create_connection(("127.0.0.1", urlsplit(process.url).port or 0), timeout=10) as client:
        client.sendall(head + body)
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "incomplete_body"
    assert process.stored(company) == []


def test_a_file_damaged_in_the_middle_is_never_complete(process: Process, company: str) -> None:
    data = HEAD + bytes(500_000)
    file_id = post(process, company, data).json()["id"]
    manifest = read_json(Manifest, process.store.read(BUCKET, manifest_key(company, file_id)), "manifest")
    process.store.put(BUCKET, manifest.blob.key, data[:250_000] + b"\1" + data[250_001:], manifest.blob.media_type)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        httpx.get(f"{process.url}/v2/files/{file_id}", headers=authorization(company))
