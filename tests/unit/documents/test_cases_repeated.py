"""Cases that many change at once, or that one changes twice with the same Idempotency-Key."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.documents.app import create_app
from services.documents.usecases import cases
from tests.support.documents import MINE, DocumentsClient, keyed, member
from tests.support.tokens import bearer

BATCH, CASES = "/v2/cases/process-file-batch", "/v2/cases"


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def conflict(answer: TestResponse) -> str:
    assert (answer.status_code, member(answer, "code")) == (409, "conflict_status")
    return str(member(answer, "detail"))


def test_a_case_is_opened_once_and_answered_as_it_was(client: DocumentsClient) -> None:
    body = {"projectId": client.project(), "name": "One"}
    first = client.post(CASES, body, keyed())
    case_id = member(first, "id")
    client.post(f"{CASES}/{case_id}/files", {"fileIds": [client.upload()]})
    again = client.post(CASES, body, keyed())
    assert (first.status_code, first.data) == (again.status_code, again.data) == (201, first.data)
    assert client.post(CASES, {**body, "name": "Two"}, keyed()).status_code == 422
    assert len(client.office.cases.cases) == 1


def test_files_are_put_in_once_and_answered_as_it_was(client: DocumentsClient) -> None:
    case_id, files = client.open_case(), [client.upload(), client.upload()]
    path = f"{CASES}/{case_id}/files"
    first = client.post(path, {"fileIds": files[:1]}, keyed())
    client.post(path, {"fileIds": files[1:]})
    for _ in range(2):
        again = client.post(path, {"fileIds": files[:1]}, keyed())
        assert (first.status_code, first.data) == (again.status_code, again.data) == (200, first.data)
        assert [each.file_ids for each in client.office.cases.cases.values()] == [tuple(files)]
        client.http.post(f"{CASES}/{case_id}/process", headers=MINE)  # the case is closed for the second round
    assert client.post(path, {"fileIds": [client.upload()]}, keyed()).status_code == 422
    assert client.post(path.replace(case_id, client.open_case()), {"fileIds": files[:1]}, keyed()).status_code == 422


def test_a_case_is_processed_once_and_answered_the_same(client: DocumentsClient) -> None:
    case_id, other = client.open_case(client.upload(), client.upload()), client.open_case(client.upload())
    path = f"{CASES}/{case_id}/process"
    first = client.http.post(path, headers=keyed())
    for each in member(first, "documents"):
        client.settle(each["documentId"])
    client.office.store.objects.clear()
    again = client.http.post(path, headers=keyed())
    assert (first.status_code, first.data) == (again.status_code, again.data) == (202, first.data)
    assert client.http.post(path.replace(case_id, other), headers=keyed()).status_code == 422
    assert client.http.post(path, headers=keyed("k-2")).status_code == 409
    assert len(client.office.documents.documents) == 2


def test_a_batch_is_processed_once_and_answered_the_same(client: DocumentsClient) -> None:
    body = {"fileIds": [client.upload(), client.upload()], "projectId": client.project()}
    first = client.post(BATCH, body, keyed())
    client.office.store.objects.clear()
    again = client.post(BATCH, body, keyed())
    assert (first.status_code, first.data) == (again.status_code, again.data) == (202, first.data)
    assert client.post(BATCH, {**body, "fileIds": body["fileIds"][:1]}, keyed()).status_code == 422
    assert (len(client.office.documents.documents), len(client.office.cases.cases)) == (2, 1)


def create(client: DocumentsClient) -> tuple[str, Any]:
    return CASES, {"projectId": client.project()}


def fill(client: DocumentsClient) -> tuple[str, Any]:
    return f"{CASES}/{client.open_case()}/files", {"fileIds": [client.upload()]}


def process(client: DocumentsClient) -> tuple[str, Any]:
    return f"{CASES}/{client.open_case(client.upload())}/process", None


def batch(client: DocumentsClient) -> tuple[str, Any]:
    return BATCH, {"fileIds": [client.upload()], "projectId": client.project()}


def at_once(client: DocumentsClient, path: str, bodies: list[Any], headers: dict[str, str]) -> list[tuple[int, bytes]]:
    application, together = create_app(client.desk, bearer()), threading.Barrier(len(bodies))

    def post(body: Any) -> tuple[int, bytes]:
        together.wait()
        answer = application.test_client().post(path, json=body, headers=headers)
        return answer.status_code, answer.data

    with ThreadPoolExecutor(len(bodies)) as threads:
        return list(threads.map(post, bodies))


@pytest.mark.parametrize("prepare", [create, fill, process, batch])
def test_fifty_at_once_get_one_answer(
    client: DocumentsClient, prepare: Callable[[DocumentsClient], tuple[str, Any]]
) -> None:
    path, body = prepare(client)
    if body is None:
        headers, bodies = keyed(), [None] * 50
        application = create_app(client.desk, bearer())
        with ThreadPoolExecutor(50) as threads:
            answers = list(threads.map(lambda _: application.test_client().post(path, headers=headers), bodies))
        told = {(answer.status_code, answer.data) for answer in answers}
    else:
        told = set(at_once(client, path, [body] * 50, keyed()))
    ((status, _),) = told
    assert status in (200, 201, 202)
    assert len(client.office.cases.cases) == 1
    assert len(client.office.documents.documents) == (1 if prepare in (process, batch) else 0)


def test_of_many_who_put_files_in_at_once_none_is_lost(client: DocumentsClient) -> None:
    case_id, files = client.open_case(), [client.upload() for _ in range(20)]
    answers = at_once(client, f"{CASES}/{case_id}/files", [{"fileIds": [each]} for each in files], MINE)
    assert {status for status, _ in answers} == {200}
    assert sorted(client.case(case_id)["fileIds"]) == sorted(files)


def test_files_that_come_while_it_is_processed_are_in_or_refused(
    client: DocumentsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, late = client.upload(), client.upload()
    case_id, find = client.open_case(first), client.office.cases.find

    def find_too_early(*given: Any) -> Any:
        found = find(*given)
        monkeypatch.setattr(client.office.cases, "find", find)
        assert client.post(f"{CASES}/{case_id}/files", {"fileIds": [late]}).status_code == 200
        return found

    monkeypatch.setattr(client.office.cases, "find", find_too_early)
    accepted = client.http.post(f"{CASES}/{case_id}/process", headers=MINE)
    assert [each["fileId"] for each in member(accepted, "documents")] == [first, late]


@pytest.mark.parametrize(("part", "name"), [("cases", "put_files"), ("documents", "add")])
def test_who_is_overtaken_again_and_again_may_come_again(
    client: DocumentsClient, monkeypatch: pytest.MonkeyPatch, part: str, name: str
) -> None:
    case_id, asked = client.open_case(client.upload()), []
    monkeypatch.setattr(getattr(client.office, part), name, lambda *given: asked.append(given))
    path, body = ("process", None) if name == "add" else ("files", {"fileIds": [client.upload()]})
    answer = client.http.post(f"{CASES}/{case_id}/{path}", json=body, headers=MINE) if body else None
    answer = answer or client.http.post(f"{CASES}/{case_id}/{path}", headers=MINE)
    assert "at the same moment" in conflict(answer)
    assert len(asked) == cases.TRIES
