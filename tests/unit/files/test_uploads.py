"""How uploads may come: named in a header, in a form, with a digest, as XML."""

import base64
import hashlib

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.files.domain.files import MAX_FILE_BYTES
from tests.support.fakes.files import MemoryFiles
from tests.support.fakes.storage import MemoryStore
from tests.support.files import MINE, PDF, code, stored_id, upload
from tests.support.forms import TYPE as FORM
from tests.support.forms import form, part


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=UTF-8''Rechnung%20%E2%82%AC.pdf", "Rechnung €.pdf"),
        ("attachment; filename*=utf-8'de'M%C3%A4rz.pdf; filename=b.pdf", "März.pdf"),
        ("attachment; filename=\"b.pdf\"; filename*=iso-8859-1''M%E4rz.pdf", "März.pdf"),
        ("attachment; filename*=UTF-8''%FF.pdf; filename=b.pdf", "b.pdf"),
        ('inline; filename="M\xe4rz; 1.pdf"', "März; 1.pdf"),
        ('attachment; filename="M\xc3\xa4rz.pdf"', "März.pdf"),
    ],
)
def test_a_name_may_come_as_content_disposition(
    client: FlaskClient, files: MemoryFiles, disposition: str, name: str
) -> None:
    assert files.files[stored_id(upload(client, Content_Disposition=disposition))].name == name
    both = upload(client, Content_Disposition=disposition, X_Hy_Filename="wins.pdf")
    assert files.files[stored_id(both)].name == "wins.pdf"


@pytest.mark.parametrize("disposition", ["attachment", "attachment; filename=", "attachment; name=x", "?", ""])
def test_a_content_disposition_without_a_name_names_nothing(
    client: FlaskClient, files: MemoryFiles, disposition: str
) -> None:
    assert files.files[stored_id(upload(client, Content_Disposition=disposition))].given_name is None


def post_form(client: FlaskClient, *parts: bytes, **headers: str) -> TestResponse:
    return upload(client, form(*parts), Content_Type=FORM, **headers)


def test_a_file_may_come_in_a_form(client: FlaskClient, store: MemoryStore, files: MemoryFiles) -> None:
    file_id = stored_id(post_form(client, part(PDF, "März.pdf", "application/pdf")))
    file = files.files[file_id]
    assert (store.get(file.blob), file.name, file.given_name) == (PDF, "März.pdf", "März.pdf")
    assert file.blob.media_type == "application/pdf"
    named = post_form(client, part(PDF), X_Hy_Filename="wins.pdf")
    assert files.files[stored_id(named)].name == "wins.pdf"


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [
        ([], (400, "malformed_form")),
        ([part(PDF, name="other")], (400, "malformed_form")),
        ([part(PDF), part(b"b", name="title")], (400, "malformed_form")),
        ([part(b"")], (400, "empty_file")),
        ([part(PDF, media_type="image/png")], (400, "content_type_mismatch")),
        ([part(PDF, media_type="text/html")], (400, "unsupported_content_type")),
        ([part(PDF, "x" * 257)], (400, "name_too_long")),
        ([part(b"%PDF-" + bytes(MAX_FILE_BYTES))], (413, "payload_too_large")),
    ],
    ids=lambda value: str(value)[-30:],
)
def test_a_form_that_holds_no_acceptable_file_is_refused_and_nothing_stored(
    client: FlaskClient, store: MemoryStore, parts: list[bytes], refusal: tuple[int, str]
) -> None:
    assert code(post_form(client, *parts)) == refusal
    assert store.objects == {}


def test_the_limit_counts_the_file_in_a_form_and_not_what_is_around_it(client: FlaskClient, files: MemoryFiles) -> None:
    data = b"%PDF-" + bytes(MAX_FILE_BYTES - 5)
    assert files.files[stored_id(post_form(client, part(data)))].blob.size == MAX_FILE_BYTES


def test_a_body_with_the_digest_that_it_was_sent_with_is_stored(client: FlaskClient) -> None:
    right = base64.b64encode(hashlib.sha256(PDF).digest()).decode()
    long = base64.b64encode(hashlib.sha512(PDF).digest()).decode()
    assert stored_id(upload(client, Content_Digest=f"sha-256=:{right}:, sha-512=:{long}:"))
    assert stored_id(upload(client, Content_Digest="md5=:AAAA:"))


@pytest.mark.parametrize("algorithm", ["sha-256", "sha-512"])
def test_a_body_with_another_digest_is_not_stored(client: FlaskClient, store: MemoryStore, algorithm: str) -> None:
    wrong = base64.b64encode(hashlib.sha256(b"another").digest()).decode()
    assert code(upload(client, Content_Digest=f"{algorithm}=:{wrong}:")) == (400, "digest_mismatch")
    assert code(upload(client, Content_Digest=algorithm)) == (400, "bad_request")
    assert store.objects == {}


def test_the_digest_of_a_form_is_that_of_the_whole_body(client: FlaskClient, store: MemoryStore) -> None:
    body = form(part(PDF))
    of_file, of_body = (base64.b64encode(hashlib.sha256(data).digest()).decode() for data in (PDF, body))
    assert code(post_form(client, part(PDF), Content_Digest=f"sha-256=:{of_file}:")) == (400, "digest_mismatch")
    assert store.objects == {}
    stored_id(post_form(client, part(PDF), Content_Digest=f"sha-256=:{of_body}:"))


@pytest.mark.parametrize("declared", ["application/xml", "text/xml; charset=utf-8", ""])
def test_xml_is_kept_as_it_is(client: FlaskClient, declared: str) -> None:
    data = b'<?xml version="1.0"?><Invoice/>'
    file_id = stored_id(upload(client, data, Content_Type=declared))
    answer = client.get(f"/v2/files/{file_id}", headers=MINE)
    assert (answer.data, answer.content_type) == (data, "application/xml")
    assert f'filename="{file_id}.xml"' in answer.headers["Content-Disposition"]
