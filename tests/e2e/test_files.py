"""Files through the gateway: in forms, in parts, by their headers, in several requests, and gone."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from tusclient.client import TusClient

from shared.ids import new_uuid
from tests.support import eventually
from tests.support.forms import TYPE, form, part
from tests.support.lane import Lane
from tests.support.stack import Stack

MAX_BYTES = 40_000_000
PDF = b"%PDF-1.7\n"
DATA = PDF + random.Random(5).randbytes(300_000)


@pytest.fixture
def http(stack: Stack) -> Iterator[httpx.Client]:
    with stack.http() as client:
        yield client


def upload(http: httpx.Client, data: bytes = DATA) -> str:
    answer = http.post("/v2/files", content=data)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_form_may_be_as_much_longer_as_it_needs_than_the_largest_file(http: httpx.Client) -> None:
    whole = form(part(PDF + bytes(MAX_BYTES - len(PDF)), "März.pdf"))
    stored = http.post("/v2/files", content=whole, headers={"Content-Type": TYPE})
    assert stored.status_code == 201, stored.text
    told = http.get(f"{stored.headers['Location']}/metadata").json()
    assert (told["size"], told["name"]) == (MAX_BYTES, "März.pdf")
    larger = form(part(PDF + bytes(MAX_BYTES + 1 - len(PDF))))
    for content in (larger, iter([larger[:100_000], larger[100_000:]])):
        refused = http.post("/v2/files", content=content, headers={"Content-Type": TYPE})
        assert (refused.status_code, refused.json()["code"]) == (413, "payload_too_large")
    assert http.post("/v2/files", content=whole).status_code == 413, "no form, no room"
    assert http.delete(stored.headers["Location"]).status_code == 204


def test_parts_and_headers_come_through_as_files_gives_them(http: httpx.Client) -> None:
    path, digest = f"/v2/files/{upload(http)}", hashlib.sha256(DATA)
    told = f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    whole, head = http.get(path), http.head(path)
    assert (whole.content, head.content) == (DATA, b"")
    for answer in (whole, head):
        assert answer.headers["Content-Length"] == str(len(DATA))
        assert (answer.headers["ETag"], answer.headers["Content-Digest"]) == (f'"{digest.hexdigest()}"', told)
    some = http.get(path, headers={"Range": "bytes=100000-199999", "If-Range": whole.headers["ETag"]})
    assert (some.status_code, some.content) == (206, DATA[100_000:200_000])
    assert some.headers["Content-Range"] == f"bytes 100000-199999/{len(DATA)}"
    none = http.get(path, headers={"Range": "bytes=999999-"})
    assert (none.status_code, none.headers["Content-Range"]) == (416, f"bytes */{len(DATA)}")
    known = http.get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_a_body_that_was_changed_on_its_way_is_not_stored(http: httpx.Client) -> None:
    headers = {"Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(PDF).digest()).decode()}:"}
    refused = http.post("/v2/files", content=DATA, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "digest_mismatch")
    assert http.post("/v2/files", content=PDF, headers=headers).status_code == 201


def test_a_deleted_file_is_gone_for_everybody(stack: Stack, http: httpx.Client) -> None:
    data = PDF + new_uuid().encode()
    first, second = upload(http, data), upload(http, data)
    sha256 = hashlib.sha256(data).hexdigest()
    assert http.get(f"/v2/files/{second}/metadata").json()["duplicateOf"] == first
    assert http.delete(f"/v2/files/{first}").status_code == 204
    assert [file["id"] for file in http.get(f"/v2/files?sha256={sha256}").json()["data"]] == [second]
    order = {"fileId": first, "projectId": stack.local["project_id"]}
    assert http.post("/v2/documents/process-file", json=order).status_code == 404
    assert http.delete(f"/v2/files/{first}").status_code == 404


def test_an_xml_is_kept_and_its_document_says_that_it_is_not_read_yet(lane: Lane) -> None:
    document = lane.process(b'<?xml version="1.0"?><Invoice/>', name="invoice.xml", media_type="text/xml")
    assert (document["state"], document["reason"]["code"]) == ("failed", "unsupported_media_type")
    assert "XML" in document["reason"]["message"]
    kept = lane.client.request("GET", f"/v2/files/{document['fileId']}")
    assert (kept.content, kept.headers["Content-Type"]) == (b'<?xml version="1.0"?><Invoice/>', "application/xml")


def test_the_files_of_a_deleted_document_go_with_it(lane: Lane) -> None:
    document = lane.process(PDF + new_uuid().encode())
    lane.client.request("DELETE", f"/v2/documents/{document['id']}")

    def is_gone() -> bool:
        with httpx.Client(base_url=lane.local["base_url"], trust_env=False) as http:
            headers = {"Authorization": f"Bearer {lane.client.token()}"}
            return http.get(f"/v2/files/{document['fileId']}/metadata", headers=headers).status_code == 404

    assert eventually(is_gone, seconds=30)


@pytest.mark.parametrize("checksums", [False, True], ids=["plain", "checksums"])
def test_a_tus_client_that_is_not_ours_stops_and_goes_on(stack: Stack, http: httpx.Client, checksums: bool) -> None:
    data = PDF + random.Random(9).randbytes(6_000_000)
    client = TusClient(
        f"{stack.local['base_url']}/v2/uploads", headers={"Authorization": http.headers["Authorization"]}
    )
    named = {"filename": "März €.pdf", "filetype": "application/pdf"}
    first = client.uploader(file_stream=BytesIO(data), metadata=named, chunk_size=900_000, upload_checksum=checksums)
    first.upload(stop_at=3_000_000)
    second = client.uploader(file_stream=BytesIO(data), url=first.url, upload_checksum=checksums)
    assert second.offset == 3_000_000
    second.upload()
    assert second.request
    file_id = second.request.response_headers["x-hy-file-id"]
    assert http.get(f"/v2/files/{file_id}").content == data
    assert http.get(f"/v2/files/{file_id}/metadata").json()["name"] == "März €.pdf"
    assert http.delete(str(first.url)).status_code == 204


def test_tus_is_spoken_through_the_gateway(http: httpx.Client) -> None:
    told = http.options("/v2/uploads")
    assert (told.status_code, told.headers["Tus-Version"]) == (204, "1.0.0")
    begun = http.post("/v2/uploads", headers={"Upload-Length": str(len(DATA))})
    path = begun.headers["Location"]
    headers = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    wrong = base64.b64encode(bytes(20)).decode()
    refused = http.patch(path, content=DATA, headers=headers | {"Upload-Checksum": f"sha1 {wrong}"})
    assert (refused.status_code, refused.headers["Tus-Resumable"]) == (460, "1.0.0")
    elsewhere = http.patch(path, content=DATA, headers=headers | {"Upload-Offset": "5"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "offset_mismatch")
    head = http.head(path)
    assert (head.status_code, head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (
        200,
        "0",
        str(len(DATA)),
    )

    def broken() -> Iterator[bytes]:
        yield DATA[:150_000]
        raise OSError("the client is gone")

    with pytest.raises(OSError, match="gone"):
        http.patch(path, content=broken(), headers=headers)
    there = eventually(lambda: int(http.head(path).headers["Upload-Offset"]), seconds=20)
    assert there > 64 * 1024, "what the gateway had not passed on yet is lost"

    def go_on() -> httpx.Response | None:
        """The answer, once the broken request is over at files too."""
        answer = http.patch(path, content=DATA[there:], headers=headers | {"Upload-Offset": str(there)})
        return None if answer.status_code == 423 else answer

    added = eventually(go_on)
    assert (added.status_code, added.headers["Location"]) == (204, f"/v2/files/{added.headers['X-Hy-File-Id']}")
    assert http.get(added.headers["Location"]).content == DATA
