"""Uploads with an Idempotency-Key: one file and one blob however often they are sent, and files of limited clients."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.files.app import create_app
from services.files.domain.files import File
from shared.errors import Unavailable
from shared.idempotency import Mark
from tests.support.fakes.files import MemoryFiles, desk_over
from tests.support.fakes.storage import MemoryStore
from tests.support.tokens import COMPANY, OTHER_COMPANY, bearer, sign

PDF, OTHER_PDF = b"%PDF-1.7 one", b"%PDF-1.7 two"


class Uploader:
    """A client of files over fakes."""

    def __init__(self) -> None:
        self.store, self.files = MemoryStore(), MemoryFiles()
        self.app = create_app(desk_over(self.store, self.files), bearer())
        self.http: FlaskClient = self.app.test_client()

    def upload(self, data: bytes = PDF, key: str | None = "k-1", client: str = "tester", **more: Any) -> TestResponse:
        claims = more.pop("claims", {})
        headers = {"Authorization": f"Bearer {sign(client_id=client, **claims)}", "Content-Type": "application/pdf"}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.app.test_client().post("/v2/files", data=data, headers=headers)

    def download(self, file_id: str, **claims: Any) -> TestResponse:
        return self.http.get(f"/v2/files/{file_id}", headers={"Authorization": f"Bearer {sign(**claims)}"})


@pytest.fixture
def client() -> Uploader:
    return Uploader()


def test_the_same_upload_has_one_effect_and_the_same_answer(client: Uploader) -> None:
    first, again = client.upload(X_Hy_Filename="a.pdf"), client.upload(X_Hy_Filename="a.pdf")
    assert (first.status_code, first.data) == (again.status_code, again.data) == (201, first.data)
    assert (len(client.files.files), len(client.store.objects)) == (1, 2), "one record, one blob and its manifest"
    assert client.download(str((again.json or {})["id"])).data == PDF


@pytest.mark.parametrize(
    "other",
    [{"data": OTHER_PDF}, {"X_Hy_Filename": "b.pdf"}, {"Content_Type": "application/octet-stream"}],
    ids=["bytes", "name", "type"],
)
def test_another_upload_with_the_key_is_refused_and_leaves_nothing(client: Uploader, other: dict[str, Any]) -> None:
    assert client.upload().status_code == 201
    refused = client.upload(**other)
    assert (refused.status_code, (refused.json or {})["code"]) == (422, "idempotency_key_reused")
    assert (len(client.files.files), len(client.store.objects)) == (1, 2)


def test_keys_are_a_clients_own_and_without_one_each_upload_counts(client: Uploader) -> None:
    answers = [
        client.upload(),
        client.upload(client="another"),
        client.upload(client="c", claims={"company_id": OTHER_COMPANY}),
        client.upload(key=None),
        client.upload(key=None),
        client.upload(key="k-2"),
    ]
    assert len({answer.data for answer in answers}) == len(answers) == len(client.files.files)


def test_a_refused_upload_may_be_sent_again_with_its_key(client: Uploader) -> None:
    assert client.upload(b"no pdf").status_code == 400
    assert client.upload().status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "\x7f", '"a', "é"])
def test_a_key_that_is_none_is_refused_before_the_body_is_stored(client: Uploader, key: str) -> None:
    refused = client.upload(key=key)
    assert (refused.status_code, (refused.json or {})["code"]) == (400, "bad_request")
    assert client.store.objects == {}


def test_of_fifty_at_once_one_is_stored_and_all_are_told_its_id(client: Uploader) -> None:
    together = threading.Barrier(50)

    def upload(_: int) -> tuple[int, bytes]:
        together.wait()
        answer = client.upload()
        return answer.status_code, answer.data

    with ThreadPoolExecutor(50) as threads:
        assert len(set(threads.map(upload, range(50)))) == 1
    assert (len(client.files.files), len(client.store.objects)) == (1, 2)


def test_what_was_kept_though_no_answer_came_is_found_again_with_its_bytes(
    client: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = client.files.add

    def add_without_answer(file: File, mark: Mark | None = None) -> str:
        add(file, mark)
        raise Unavailable("The database does not answer.")

    with monkeypatch.context() as outage:
        outage.setattr(client.files, "add", add_without_answer)
        assert client.upload().status_code == 503
    (kept,) = client.files.files
    again = client.upload()
    assert (again.status_code, again.json) == (201, {"id": kept})
    assert client.download(kept).data == PDF


def test_a_limited_client_sees_the_files_alone_that_it_uploaded(client: Uploader) -> None:
    limit = {"projects": ["c" * 24]}
    theirs = (client.upload(client="another", key="k-1").json or {})["id"]
    mine = (client.upload(claims=limit).json or {})["id"]
    assert client.download(mine, **limit).status_code == 200
    refused, unknown = client.download(theirs, **limit), client.download("x", **limit)
    assert (refused.status_code, refused.data) == (unknown.status_code, unknown.data) == (404, unknown.data)
    assert client.download(theirs, company_id=COMPANY).status_code == 200
