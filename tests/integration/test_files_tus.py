"""Uploads in several requests against the process of files, by a tus client that is not ours."""

import base64
import hashlib
import random
import socket
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusUploadFailed

from services.files.domain.resumable import PIECE_BYTES
from shared.ids import new_hex_id
from tests.support import eventually
from tests.support.files_process import BUCKET, FilesProcess, running_files
from tests.support.tokens import authorization

DATA = b"%PDF-1.7\n" + random.Random(3).randbytes(2 * PIECE_BYTES + 123_456)


@pytest.fixture(scope="module")
def process(request: pytest.FixtureRequest) -> Iterator[FilesProcess]:
    with running_files(request.getfixturevalue("servers"), "files_tus") as running:
        yield running


@pytest.fixture
def company() -> str:
    return new_hex_id()


@pytest.fixture
def client(process: FilesProcess, company: str) -> TusClient:
    return TusClient(f"{process.url}/v2/uploads", headers=authorization(company))


def uploader(client: TusClient, data: bytes = DATA, **more: Any) -> Any:
    return client.uploader(file_stream=BytesIO(data), metadata={"filename": "März €.pdf"}, **more)


def stored(process: FilesProcess, company: str, file_id: str) -> bytes:
    return httpx.get(f"{process.url}/v2/files/{file_id}", headers=authorization(company)).content


def test_a_file_in_chunks_with_checksums(process: FilesProcess, company: str, client: TusClient) -> None:
    up = uploader(client, chunk_size=3_000_000, upload_checksum=True)
    up.upload()
    file_id = up.request.response_headers["x-hy-file-id"]
    assert stored(process, company, file_id) == DATA
    told = httpx.get(f"{process.url}/v2/files/{file_id}/metadata", headers=authorization(company)).json()
    assert (told["name"], told["sha256"]) == ("März €.pdf", hashlib.sha256(DATA).hexdigest())


def test_an_upload_that_stopped_is_resumed_by_another_client(
    process: FilesProcess, company: str, client: TusClient
) -> None:
    first = uploader(client, chunk_size=1_000_000)
    first.upload(stop_at=5_000_000)
    second = uploader(client, url=first.url, chunk_size=700_000)
    assert second.offset == 5_000_000
    second.upload()
    assert stored(process, company, second.request.response_headers["x-hy-file-id"]) == DATA


def test_what_arrived_before_the_connection_was_lost_stays(
    process: FilesProcess, company: str, client: TusClient
) -> None:
    up = uploader(client)
    url = up.create_url()
    headers = authorization(company) | {
        "Host": "files",
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(len(DATA)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", urlsplit(process.url).port or 0)) as lost:
        lost.sendall(f"PATCH {urlsplit(url).path} HTTP/1.1\r\n{head}\r\n".encode() + DATA[:5_000_000])
    resumed = eventually(lambda: offset_of(url, company, 5_000_000), seconds=20)
    assert resumed == 5_000_000
    again = uploader(client, url=url, retries=5, retry_delay=0.2)
    assert again.offset == 5_000_000
    again.upload()
    assert stored(process, company, again.request.response_headers["x-hy-file-id"]) == DATA


def offset_of(url: str, company: str, at_least: int) -> int | None:
    """How far the upload is; None before that byte, or while the lost request still has it."""
    answer = httpx.head(url, headers=authorization(company))
    offset = int(answer.headers["Upload-Offset"])
    return offset if offset >= at_least else None


def test_pieces_are_erased_once_the_file_is_there(process: FilesProcess, company: str, client: TusClient) -> None:
    up = uploader(client, chunk_size=PIECE_BYTES)
    up.upload()
    pieces = list(process.store.keys(BUCKET, f"files/{company}/uploads/"))
    assert len(pieces) == 3
    assert len(process.stored(company)) == 3 + 2


def test_a_damaged_chunk_is_refused_and_sent_again(process: FilesProcess, company: str, client: TusClient) -> None:
    url = uploader(client).create_url()
    wrong = base64.b64encode(hashlib.sha1(b"x", usedforsecurity=False).digest()).decode()
    headers = authorization(company) | {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Upload-Checksum": f"sha1 {wrong}",
    }
    refused = httpx.patch(url, content=DATA, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (460, "checksum_mismatch")
    assert refused.headers["Tus-Resumable"] == "1.0.0"
    assert process.stored(company) == []
    up = uploader(client, url=url, upload_checksum=True)
    up.upload()
    assert stored(process, company, up.request.response_headers["x-hy-file-id"]) == DATA


def test_what_is_no_file_fails_with_the_first_chunk(process: FilesProcess, company: str, client: TusClient) -> None:
    up = uploader(client, b"MZ" + bytes(1_000_000), chunk_size=100_000)
    with pytest.raises(TusUploadFailed) as failed:
        up.upload()
    assert failed.value.status_code == 400
    assert (up.offset, process.stored(company)) == (0, [])
