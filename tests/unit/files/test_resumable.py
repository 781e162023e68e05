"""Uploads in several requests: begun, added to in order, checked, and then files like any other."""

import base64
import hashlib
import json
from io import BytesIO

import pytest

from services.files.domain.files import MAX_FILE_BYTES
from tests.support.files import MINE, PDF, code
from tests.support.resumable import ADDITION, TUS, Service, encoded


def test_a_file_that_came_in_parts_is_as_one_that_came_at_once(service: Service) -> None:
    path = service.begin(Upload_Metadata=encoded(filename="März €.pdf", filetype="application/pdf"))
    assert service.offset(path) == 0
    for begin in range(0, len(PDF), 20_000):
        answer = service.add(path, begin, PDF[begin : begin + 20_000])
    file_id = answer.headers["X-Hy-File-Id"]
    assert answer.headers["Location"] == f"/v2/files/{file_id}"
    file = service.files.files[file_id]
    assert (service.store.get(file.blob), file.name, file.created_by) == (PDF, "März €.pdf", "tester")
    assert (file.blob.media_type, file.blob.sha256) == ("application/pdf", hashlib.sha256(PDF).hexdigest())
    head = service.http.head(path, headers=TUS).headers
    assert (head["Upload-Offset"], head["X-Hy-File-Id"]) == (str(len(PDF)), file_id)
    service.work()
    assert service.pieces == []
    assert service.http.get(f"/v2/files/{file_id}", headers=MINE).data == PDF


def test_what_is_told_of_an_upload(service: Service) -> None:
    metadata = encoded(name="a.pdf") + ",private"
    answer = service.post(Upload_Metadata=metadata)
    path = answer.headers["Location"]
    expires = "Mon, 02 Mar 2026 08:15:00 GMT"
    assert (answer.data, answer.headers["Upload-Offset"], answer.headers["Upload-Expires"]) == (b"", "0", expires)
    service.add(path, 0, PDF[:100])
    told = service.http.get(path, headers=MINE)
    body = {"id": path.rpartition("/")[2], "offset": 100, "length": len(PDF), "expiresAt": "2026-03-02T08:15:00.000Z"}
    assert json.loads(told.data) == body
    assert told.headers["Upload-Metadata"] == metadata
    assert (told.headers["Upload-Length"], told.headers["Upload-Expires"]) == (str(len(PDF)), expires)
    assert (told.headers["Cache-Control"], told.headers["Tus-Resumable"]) == ("no-store", "1.0.0")
    service.add(path, 100, PDF[100:])
    assert json.loads(service.http.get(path, headers=MINE).data)["fileId"] in service.files.files


def test_the_server_says_what_it_can(service: Service) -> None:
    answer = service.http.options("/v2/uploads", headers=MINE)
    assert answer.status_code == 204
    told = {name: value for name, value in answer.headers if name.startswith("Tus-")}
    assert told == {
        "Tus-Resumable": "1.0.0",
        "Tus-Version": "1.0.0",
        "Tus-Extension": "creation,termination,checksum,expiration",
        "Tus-Max-Size": "40000000",
        "Tus-Checksum-Algorithm": "sha1,sha256",
    }


@pytest.mark.parametrize(
    ("length", "more", "refusal"),
    [
        ("", {}, (400, "bad_request")),
        ("x", {}, (400, "bad_request")),
        ("-1", {}, (400, "bad_request")),
        ("9" * 16, {}, (400, "bad_request")),
        (0, {}, (400, "empty_file")),
        (MAX_FILE_BYTES + 1, {}, (413, "payload_too_large")),
        (5, {"Upload_Metadata": "filename ?"}, (400, "bad_request")),
        (5, {"Upload_Metadata": "filename /w=="}, (400, "bad_request")),
        (5, {"Upload_Metadata": "filename YQ==,,"}, (400, "bad_request")),
        (5, {"Upload_Metadata": "a" * 4097}, (400, "bad_request")),
        (5, {"Upload_Metadata": encoded(filename="x" * 257)}, (400, "name_too_long")),
        (5, {"Upload_Metadata": encoded(filetype="text/html")}, (400, "unsupported_content_type")),
        (5, {"Tus_Resumable": "0.2.2"}, (412, "wrong_tus_version")),
    ],
)
def test_what_can_never_become_a_file_is_not_begun(
    service: Service, length: object, more: dict[str, str], refusal: tuple[int, str]
) -> None:
    answer = service.post(length, TUS, **more)
    assert code(answer) == refusal
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert service.uploads.uploads == {}
    if refusal[0] == 412:
        assert answer.headers["Tus-Version"] == "1.0.0"


def test_the_largest_file_may_be_begun(service: Service) -> None:
    assert service.begin(MAX_FILE_BYTES)


def test_bytes_come_in_their_order_or_not_at_all(service: Service) -> None:
    path = service.begin()
    service.add(path, 0, PDF[:1000])
    for elsewhere in (0, 999, 1001, len(PDF)):
        refused = service.patch(path, elsewhere, PDF[elsewhere:])
        assert code(refused) == (409, "offset_mismatch")
        assert "1000" in refused.text
    for offset in ("", "x", "-1"):
        assert code(service.patch(path, offset, b"x")) == (400, "bad_request")
    assert service.offset(path) == 1000


def test_an_addition_has_a_type_a_version_and_an_end(service: Service) -> None:
    path = service.begin()
    assert code(service.patch(path, 0, PDF, Content_Type="application/pdf")) == (415, "unsupported_media_type")
    assert code(service.patch(path, 0, PDF, Tus_Resumable="2.0.0")) == (412, "wrong_tus_version")
    assert code(service.patch(path, 0, PDF + b"x")) == (413, "payload_too_large")
    chunked = {"wsgi.input": BytesIO(PDF + b"x"), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    headers = {**TUS, "Upload-Offset": "0", "Content-Type": ADDITION}
    assert code(service.http.patch(path, headers=headers, environ_overrides=chunked)) == (413, "payload_too_large")
    assert (service.offset(path), service.pieces) == (0, [])
    service.add(path, 0, b"")
    assert service.add(path, 0, PDF).headers["X-Hy-File-Id"]


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_checksum_is_checked_before_anything_counts(service: Service, algorithm: str) -> None:
    path, data = service.begin(), PDF[:5000]
    right = base64.b64encode(hashlib.new(algorithm, data).digest()).decode()
    wrong = base64.b64encode(hashlib.new(algorithm, b"x").digest()).decode()
    refused = service.patch(path, 0, data, Upload_Checksum=f"{algorithm} {wrong}")
    assert code(refused) == (460, "checksum_mismatch")
    assert (service.offset(path), service.pieces) == (0, [])
    service.add(path, 0, data, Upload_Checksum=f"{algorithm} {right}")
    for checksum in ("md5 AAAA", algorithm, f"{algorithm} ?", ""):
        assert code(service.patch(path, 5000, b"x", Upload_Checksum=checksum)) == (400, "bad_request")
    rest = PDF[5000:]
    last = base64.b64encode(hashlib.new(algorithm, rest).digest()).decode()
    assert code(service.patch(path, 5000, rest, Upload_Checksum=f"{algorithm} {wrong}"))[0] == 460
    assert service.files.files == {}
    file_id = service.add(path, 5000, rest, Upload_Checksum=f"{algorithm} {last}").headers["X-Hy-File-Id"]
    assert service.store.get(service.files.files[file_id].blob) == PDF


def test_what_is_no_acceptable_file_is_refused_with_its_first_bytes_or_with_its_last(service: Service) -> None:
    path = service.begin(20_000)
    assert code(service.patch(path, 0, b"MZ" + bytes(9000))) == (400, "unsupported_content_type")
    typed = service.begin(20_000, Upload_Metadata=encoded(filetype="image/png"))
    assert code(service.patch(typed, 0, PDF[:9000])) == (400, "content_type_mismatch")
    tiny = service.begin(20)
    service.add(tiny, 0, b"MZ")
    assert code(service.patch(tiny, 2, bytes(18))) == (400, "unsupported_content_type")
    assert [service.offset(one) for one in (path, typed, tiny)] == [0, 0, 2]
    assert service.files.files == {}
