"""POSTs with an Idempotency-Key: sent again they have no second effect and get the same answer."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.documents.app import create_app
from services.documents.domain.documents import Document
from shared.errors import Unavailable
from shared.ids import new_uuid
from tests.support.documents import MINE, DocumentsClient, keyed, member
from tests.support.tokens import COMPANY, authorization, bearer

Answer = tuple[int, bytes]
INTENTS: list[tuple[str, Any, Any]] = [
    ("transfer", {"successful": True}, {"successful": True, "message": "Booked."}),
    ("reject", {}, {"message": "Not ours."}),
    ("external-data", {"a": 1}, {"a": 2}),
]
TEXTS = ["title", "external-id"]


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, str(member(answer, "code"))


def order(client: DocumentsClient) -> dict[str, str]:
    file_id = new_uuid()
    client.office.upload(COMPANY, file_id)
    return {"fileId": file_id, "projectId": client.project()}


def done(client: DocumentsClient) -> str:
    document_id = client.process()
    client.settle(document_id)
    return document_id


def kept(client: DocumentsClient, document_id: str) -> Document:
    return client.office.documents.documents[document_id]


def post_text(client: DocumentsClient, path: str, text: str, headers: dict[str, str]) -> TestResponse:
    return client.http.post(path, data=text, headers={"Content-Type": "text/plain", **headers})


def test_a_file_is_processed_once(client: DocumentsClient) -> None:
    body = order(client)
    first, again = (client.post("/v2/documents/process-file", body, keyed()) for _ in range(2))
    assert (first.status_code, first.data) == (again.status_code, again.data) == (202, first.data)
    assert (len(client.office.documents.documents), len(client.office.cases.cases)) == (1, 1)
    other = client.post("/v2/documents/process-file", body | {"externalId": "x"}, keyed())
    assert code(other) == (422, "idempotency_key_reused")
    assert client.post("/v2/documents/process-file", body).data != first.data, "without a key each call counts"


def test_a_processed_file_that_is_gone_meanwhile_is_answered_as_before(client: DocumentsClient) -> None:
    body = order(client)
    first = client.post("/v2/documents/process-file", body, keyed())
    client.office.store.objects.clear()
    assert client.post("/v2/documents/process-file", body, keyed()).data == first.data


def test_a_refused_order_may_be_sent_again_even_with_other_content(client: DocumentsClient) -> None:
    body = order(client)
    assert client.post("/v2/documents/process-file", body | {"fileId": new_uuid()}, keyed()).status_code == 404
    assert client.post("/v2/documents/process-file", body, keyed()).status_code == 202


def test_what_was_kept_though_no_answer_came_is_found_again(
    client: DocumentsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, documents = order(client), client.office.documents
    add = documents.add

    def add_without_answer(*given: Any) -> str:
        add(*given)
        raise Unavailable("The database does not answer.")

    with monkeypatch.context() as outage:
        outage.setattr(documents, "add", add_without_answer)
        assert client.post("/v2/documents/process-file", body, keyed()).status_code == 503
    (document_id,) = documents.documents
    answer = client.post("/v2/documents/process-file", body, keyed())
    assert (answer.status_code, member(answer, "documentId")) == (202, document_id)
    assert (len(documents.documents), len(client.office.cases.cases)) == (1, 1)


@pytest.mark.parametrize(("intent", "body", "other"), INTENTS, ids=[intent for intent, _, _ in INTENTS])
def test_an_intent_has_its_effect_once(client: DocumentsClient, intent: str, body: Any, other: Any) -> None:
    document_id, second = done(client), done(client)
    path = f"/v2/documents/{document_id}/{intent}"
    assert client.post(path, body, keyed()).status_code == 202
    after = kept(client, document_id)
    again = client.post(path, body, keyed())
    assert (again.status_code, again.data) == (202, b"")
    for refused in (client.post(path, other, keyed()), client.post(path.replace(document_id, second), body, keyed())):
        assert code(refused) == (422, "idempotency_key_reused")
    assert kept(client, document_id) == after
    assert len(kept(client, second).history) == 3


@pytest.mark.parametrize("intent", TEXTS)
def test_a_text_is_set_once(client: DocumentsClient, intent: str) -> None:
    document_id = client.process()
    path = f"/v2/documents/{document_id}/{intent}"
    assert post_text(client, path, "one", keyed()).status_code == 202
    assert post_text(client, path, "two", keyed("k-2")).status_code == 202
    after = kept(client, document_id)
    assert post_text(client, path, "one", keyed()).status_code == 202
    assert code(post_text(client, path, "three", keyed())) == (422, "idempotency_key_reused")
    assert kept(client, document_id) == after


def test_a_key_belongs_to_its_client_and_route(client: DocumentsClient) -> None:
    document_id = client.process()
    for intent in TEXTS:
        assert post_text(client, f"/v2/documents/{document_id}/{intent}", "x", keyed()).status_code == 202
    other = authorization(client_id="another")
    assert post_text(client, f"/v2/documents/{document_id}/title", "y", keyed(headers=other)).status_code == 202
    assert client.document(document_id)["title"] == "y"


def test_a_conflict_is_not_kept(client: DocumentsClient) -> None:
    document_id = client.process()
    path = f"/v2/documents/{document_id}/transfer"
    assert client.post(path, {"successful": True}, keyed()).status_code == 409
    client.settle(document_id)
    assert client.post(path, {"successful": True}, keyed()).status_code == 202


def test_a_project_is_created_once_and_answered_as_it_was(client: DocumentsClient) -> None:
    first = client.post("/v2/projects", {"name": "Invoices"}, keyed())
    path = f"/v2/projects/{member(first, 'id')}"
    assert client.http.patch(path, json={"name": "Renamed"}, headers=MINE).status_code == 200
    again = client.post("/v2/projects", {"name": "Invoices"}, keyed())
    assert (first.status_code, first.data) == (again.status_code, again.data) == (201, first.data)
    assert [each.plan.name for each in client.office.projects.projects.values()] == ["Renamed"]
    assert code(client.post("/v2/projects", {"name": "Others"}, keyed())) == (422, "idempotency_key_reused")


def project(client: DocumentsClient) -> tuple[str, Any]:
    return "/v2/projects", {"name": "Invoices"}


def process(client: DocumentsClient) -> tuple[str, Any]:
    return "/v2/documents/process-file", order(client)


def transfer(client: DocumentsClient) -> tuple[str, Any]:
    return f"/v2/documents/{done(client)}/transfer", {"successful": False}


@pytest.mark.parametrize("prepare", [project, process, transfer])
def test_fifty_at_once_get_one_answer(
    client: DocumentsClient, prepare: Callable[[DocumentsClient], tuple[str, Any]]
) -> None:
    (path, body), together = prepare(client), threading.Barrier(50)
    application = create_app(client.desk, bearer())
    records = client.office.documents.documents, client.office.projects.projects
    before = tuple(len(each) for each in records)

    def post(_: int) -> Answer:
        together.wait()
        answer = application.test_client().post(path, json=body, headers=keyed())
        return answer.status_code, answer.data

    with ThreadPoolExecutor(50) as threads:
        ((status, _),) = set(threads.map(post, range(50)))
    assert status in (201, 202)
    made = tuple(len(each) for each in records)
    assert sum(made) - sum(before) == (0 if prepare is transfer else 1)
    if prepare is transfer:
        (document,) = client.office.documents.documents.values()
        assert [step.state.value for step in document.history[3:]] == ["transferFailed"]
