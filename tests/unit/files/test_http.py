"""The HTTP door of files over fakes: what is stored, what is given back, and what is turned down."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.files.api import routes
from services.files.domain.files import MAX_FILE_BYTES, File
from shared.contracts.envelope import ClaimCheck, read_json
from shared.contracts.files import Manifest, manifest_key
from shared.errors import Unavailable
from shared.idempotency import Mark
from shared.ids import new_uuid
from shared.media import DOCX, MAIL, XLSX, ZIP
from shared.web.openapi import describe
from tests.support.fakes.files import BUCKET, MemoryFiles
from tests.support.fakes.storage import MemoryStore
from tests.support.files import MINE, PDF, code, stored_id, upload
from tests.support.tokens import COMPANY, OTHER_COMPANY, authorization


def test_an_uploaded_file_comes_back_as_it_was(client: FlaskClient) -> None:
    file_id = stored_id(upload(client, X_Hy_Filename="Rechnung%20%E2%82%AC.pdf"))
    answer = client.get(f"/v2/files/{file_id}", headers=MINE)
    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.content_type == "application/pdf"
    assert answer.content_length == len(PDF)
    assert answer.headers["X-Hy-Filename"] == "Rechnung%20%E2%82%AC.pdf"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Rechnung _.pdf\"; filename*=UTF-8''Rechnung%20%E2%82%AC.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"


def test_blob_manifest_and_record_say_the_same(client: FlaskClient, store: MemoryStore, files: MemoryFiles) -> None:
    file_id = stored_id(upload(client, X_Hy_Filename="a/Rechnung M\xe4rz.pdf"))
    file = files.files[file_id]
    manifest = read_json(Manifest, store.read(BUCKET, manifest_key(COMPANY, file_id)), "manifest")
    month = f"{file.created_at:%Y/%m}"
    assert file.blob == manifest.blob
    assert file.blob.key == f"files/{COMPANY}/blobs/{month}/{file_id}"
    assert store.get(file.blob) == PDF
    assert (file.number, file.name, file.given_name) == (1, "Rechnung März.pdf", "a/Rechnung März.pdf")
    assert (manifest.number, manifest.name, manifest.created_by) == (1, "Rechnung März.pdf", "tester")
    assert len(store.objects) == 2


def test_a_name_is_made_up_and_not_echoed_when_none_is_given(client: FlaskClient, files: MemoryFiles) -> None:
    file_id = stored_id(upload(client, b"\x89PNG\r\n\x1a\n", Content_Type="application/octet-stream"))
    assert files.files[file_id].name == f"{file_id}.png"
    answer = client.get(f"/v2/files/{file_id}", headers=MINE)
    assert "X-Hy-Filename" not in answer.headers
    assert f'filename="{file_id}.png"' in answer.headers["Content-Disposition"]
    assert answer.content_type == "image/png"


def test_a_name_of_which_nothing_harmless_is_left_is_replaced(client: FlaskClient, files: MemoryFiles) -> None:
    file_id = stored_id(upload(client, X_Hy_Filename="..%2F..%2F"))
    assert files.files[file_id].name == f"{file_id}.pdf"


def test_a_name_has_at_most_256_characters(client: FlaskClient, store: MemoryStore) -> None:
    stored_id(upload(client, X_Hy_Filename="%E2%82%AC" * 256))
    assert code(upload(client, X_Hy_Filename="x" * 257)) == (400, "name_too_long")
    assert len(store.objects) == 2


@pytest.mark.parametrize(
    ("data", "declared", "refusal"),
    [
        (b"", "application/pdf", (400, "empty_file")),
        (b"", "", (400, "empty_file")),
        (PDF, "text/html", (400, "unsupported_content_type")),
        (PDF, "multipart/form-data; boundary=x", (400, "malformed_form")),
        (PDF, "image/png", (400, "content_type_mismatch")),
        (b"MZ\x90\0", "application/pdf", (400, "content_type_mismatch")),
        (b"MZ\x90\0", "", (400, "unsupported_content_type")),
        (b"%PDF-" + bytes(MAX_FILE_BYTES), "application/pdf", (413, "payload_too_large")),
    ],
)
def test_what_is_no_acceptable_file_is_refused_and_not_stored(
    client: FlaskClient, store: MemoryStore, data: bytes, declared: str, refusal: tuple[int, str]
) -> None:
    assert code(upload(client, data, Content_Type=declared)) == refusal
    assert store.objects == {}


class Unread(BytesIO):
    """A body that nobody may read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize(
    ("headers", "size", "status"),
    [
        ({}, 10, 401),
        ({"Authorization": "Bearer nonsense"}, 10, 401),
        (authorization(scopes=["files.read"]), 10, 403),
        (MINE, MAX_FILE_BYTES + 1, 413),
        ({**MINE, "Content-Type": "text/html"}, 10, 400),
        ({**MINE, "X-Hy-Filename": "x" * 257}, 10, 400),
    ],
)
def test_the_body_is_not_read_for_what_the_headers_already_refuse(
    client: FlaskClient, headers: dict[str, str], size: int, status: int
) -> None:
    answer = client.post(
        "/v2/files",
        headers=headers,
        environ_overrides={"wsgi.input": Unread(), "wsgi.input_terminated": True, "CONTENT_LENGTH": str(size)},
    )
    assert answer.status_code == status


def test_unknown_malformed_and_foreign_ids_are_the_same_404(client: FlaskClient) -> None:
    file_id = stored_id(upload(client))
    theirs = authorization(OTHER_COMPANY)
    answers = [
        client.get(f"/v2/files/{file_id}", headers=theirs),
        client.get(f"/v2/files/{new_uuid()}", headers=theirs),
        client.get(f"/v2/files/{file_id.upper()}", headers=theirs),
        client.get("/v2/files/x", headers=theirs),
    ]
    assert {(code(answer), answer.data) for answer in answers} == {((404, "not_found"), answers[0].data)}


def test_bytes_that_are_gone_are_no_404(client: FlaskClient, store: MemoryStore, files: MemoryFiles) -> None:
    file_id = stored_id(upload(client))
    store.delete(BUCKET, files.files[file_id].blob.key)
    answer = client.get(f"/v2/files/{file_id}", headers=MINE)
    assert code(answer) == (503, "file_missing")
    assert answer.headers["Retry-After"] == "60"


def test_damaged_bytes_are_never_given(client: FlaskClient, store: MemoryStore, files: MemoryFiles) -> None:
    file_id = stored_id(upload(client))
    key = files.files[file_id].blob.key
    store.objects[BUCKET, key] = bytes([PDF[0] ^ 1]) + PDF[1:]
    assert code(client.get(f"/v2/files/{file_id}", headers=MINE)) == (500, "file_corrupt")


def fail(*_: object) -> None:
    raise Unavailable("Away.")


def away_after(calls: int, method: Callable[..., ClaimCheck]) -> Callable[..., ClaimCheck]:
    """The method, which is unavailable from its call number `calls` on."""
    done = iter(range(calls))

    def call(*arguments: Any) -> ClaimCheck:
        if next(done, None) is None:
            raise Unavailable("Away.")
        return method(*arguments)

    return call


def test_nothing_stays_when_a_later_step_fails(
    client: FlaskClient, store: MemoryStore, files: MemoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as step:
        step.setattr(files, "add", fail)
        refused = upload(client)
        assert code(refused) == (503, "service_unavailable")
        assert refused.headers["Retry-After"] == "5"
    with monkeypatch.context() as step:
        step.setattr(store, "put", away_after(1, store.put))  # the blob is stored, the manifest is not
        assert code(upload(client)) == (503, "service_unavailable")
    assert store.objects == {}
    assert files.files == {}
    stored_id(upload(client))


def test_a_blob_stays_while_its_manifest_may_be_there(
    client: FlaskClient, store: MemoryStore, files: MemoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "add", fail)
    monkeypatch.setattr(store, "delete", fail)
    assert code(upload(client)) == (503, "service_unavailable")
    assert len(store.objects) == 2


def test_the_record_comes_last(client: FlaskClient, store: MemoryStore, files: MemoryFiles) -> None:
    seen: list[int] = []
    add = files.add

    def watch(file: File, mark: Mark | None = None) -> str:
        seen.append(len(store.objects))
        return add(file, mark)

    files.add = watch  # type: ignore[method-assign]
    stored_id(upload(client))
    assert seen == [2]


def test_the_description_says_what_goes_in_and_out() -> None:
    paths = describe(routes)["paths"]
    post, get = paths["/v2/files"]["post"], paths["/v2/files/{file_id}"]["get"]
    types = {"application/pdf", "image/jpeg", "image/png", "image/tiff", "application/xml", DOCX, XLSX, MAIL, ZIP}
    others = {"text/xml", "application/x-zip-compressed", "application/octet-stream", "multipart/form-data"}
    assert set(post["requestBody"]["content"]) == types | others
    assert set(get["responses"]["200"]["content"]) == types
    assert post["parameters"][0]["name"] == "X-Hy-Filename"
    assert {"400", "401", "403", "413", "503"} <= set(post["responses"])
    assert {"401", "403", "404", "500", "503"} <= set(get["responses"])
