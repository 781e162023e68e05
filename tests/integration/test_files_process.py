"""The process of files over real sockets: bodies that break off, the limit to the byte, damage in the middle."""

import json
import os
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from services.files.domain.files import MAX_FILE_BYTES
from shared.contracts.envelope import read_json
from shared.contracts.files import Manifest, manifest_key
from shared.ids import new_hex_id
from tests.support.files_process import BUCKET, FilesProcess, running_files
from tests.support.forms import TYPE, form, part
from tests.support.tokens import authorization

HEAD = b"%PDF-1.7\n"


@pytest.fixture(scope="module")
def process(request: pytest.FixtureRequest) -> Iterator[FilesProcess]:
    with running_files(request.getfixturevalue("servers"), "files_process") as running:
        yield running


@pytest.fixture
def company() -> str:
    return new_hex_id()


def post(process: FilesProcess, company: str, content: bytes | Iterator[bytes]) -> httpx.Response:
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


def test_it_is_ready_with_its_parts_by_name(process: FilesProcess) -> None:
    parts = httpx.get(f"{process.ops_url}/health/ready").json()["parts"]
    assert parts == {"prepared": True, "mongodb": True, "s3": True, "trust": True}


@pytest.mark.parametrize("size", [MAX_FILE_BYTES - 1, MAX_FILE_BYTES])
def test_a_file_up_to_the_limit_comes_back_byte_for_byte(process: FilesProcess, company: str, size: int) -> None:
    data = HEAD + os.urandom(size - len(HEAD))
    stored = post(process, company, data if size == MAX_FILE_BYTES else iter([data[:1000], data[1000:]]))
    assert stored.status_code == 201
    answer = httpx.get(f"{process.url}/v2/files/{stored.json()['id']}", headers=authorization(company), timeout=30)
    assert answer.status_code == 200
    assert answer.content == data


def test_a_form_of_any_length_holds_a_file_up_to_the_limit(process: FilesProcess, company: str) -> None:
    def send(size: int, chunked: bool) -> httpx.Response:
        body = form(part(HEAD + bytes(size - len(HEAD))))
        content = iter([body[:70_000], body[70_000:]]) if chunked else body
        headers = {"Content-Type": TYPE, **authorization(company)}
        return httpx.post(f"{process.url}/v2/files", content=content, headers=headers, timeout=30)

    for chunked in (True, False):
        assert send(MAX_FILE_BYTES, chunked).status_code == 201
        assert refused(send(MAX_FILE_BYTES + 1, chunked)) == (413, "payload_too_large")
    assert len(process.stored(company)) == 4


def test_one_byte_more_is_too_large_and_leaves_nothing(process: FilesProcess, company: str) -> None:
    assert refused(post(process, company, in_chunks(MAX_FILE_BYTES + 1))) == (413, "payload_too_large")
    assert refused(post(process, company, HEAD + bytes(MAX_FILE_BYTES))) == (413, "payload_too_large")
    assert process.stored(company) == []


def test_a_latin_1_name_comes_back_as_it_was_sent(process: FilesProcess, company: str) -> None:
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
def test_a_body_that_breaks_off_is_refused_and_leaves_nothing(process: FilesProcess, company: str, body: bytes) -> None:
    token = authorization(company)["Authorization"].encode()
    head = b"POST /v2/files HTTP/1.1\r\nHost: files\r\nAuthorization: " + token + b"\r\n"
    with socket.create_connection(("127.0.0.1", urlsplit(process.url).port or 0), timeout=10) as client:
        client.sendall(head + body)
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "incomplete_body"
    assert process.stored(company) == []


def test_a_file_damaged_in_the_middle_is_never_complete(process: FilesProcess, company: str) -> None:
    data = HEAD + bytes(500_000)
    file_id = post(process, company, data).json()["id"]
    manifest = read_json(Manifest, process.store.read(BUCKET, manifest_key(company, file_id)), "manifest")
    process.store.put(BUCKET, manifest.blob.key, data[:250_000] + b"\1" + data[250_001:], manifest.blob.media_type)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        httpx.get(f"{process.url}/v2/files/{file_id}", headers=authorization(company))
