"""Documents deleted over HTTP: gone at once, with a proof that stays, and what others keep told to go."""

from typing import Any

import pytest

from services.documents.domain.documents import Document
from services.documents.usecases import erasing, processing
from services.documents.usecases.stepping import system
from shared.contracts.documents import DocumentDeleted
from shared.ids import new_uuid
from tests.support.documents import MINE, THEIRS, DocumentsClient, member
from tests.support.fakes.documents import result_with
from tests.support.tokens import COMPANY, authorization

PUBLISHED = authorization(states="documented")


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def delete(client: DocumentsClient, document_id: str, headers: dict[str, str] = MINE) -> tuple[int, Any]:
    answer = client.http.delete(f"/v2/documents/{document_id}", headers=headers)
    return answer.status_code, answer.json


def proof(client: DocumentsClient, document_id: str, headers: dict[str, str] = MINE) -> tuple[int, Any]:
    answer = client.get(f"/v2/documents/{document_id}/erasure", headers)
    return answer.status_code, answer.json


def told(client: DocumentsClient, document_id: str) -> list[DocumentDeleted]:
    return [
        message.body
        for message in client.office.documents.outbox[document_id]
        if isinstance(message.body, DocumentDeleted)
    ]


def test_a_document_is_gone_and_the_proof_says_what_it_was(client: DocumentsClient) -> None:
    document_id = client.process(externalId="doc-1")
    client.settle(document_id, number="R-1")
    before = client.office.documents.documents[document_id]
    status, body = delete(client, document_id)
    assert status == 200
    assert body["createdAt"] < body.pop("deletedAt")
    assert body == {
        "documentId": document_id,
        "projectId": before.project_id,
        "caseId": before.case_id,
        "state": "doneAutomatically",
        "files": [{"id": before.file_id, "erased": True}],
        "sha256": before.sha256,
        "createdAt": body["createdAt"],
        "deletedBy": "tester",
    }
    for path in ("", "/states", "/transfers"):
        assert client.get(f"/v2/documents/{document_id}{path}").status_code == 404
    assert member(client.get("/v2/documents"), "totalCount") == 0
    assert client.post(f"/v2/documents/{document_id}/reject", {}).status_code == 404
    assert told(client, document_id) == [DocumentDeleted(document_id, (before.file_id,))]


@pytest.mark.parametrize("intent", ["cancel", "", "transfer"])
def test_any_state_will_do(client: DocumentsClient, intent: str) -> None:
    document_id = client.process()
    if intent == "transfer":
        client.settle(document_id)
    if intent:
        client.post(f"/v2/documents/{document_id}/{intent}", {"successful": True} if intent == "transfer" else {})
    expected = {"cancel": "rejected", "": "new", "transfer": "transferred"}[intent]
    assert (delete(client, document_id)[1]["state"], proof(client, document_id)[1]["state"]) == (expected, expected)


def test_deleting_again_answers_the_same_and_does_nothing(client: DocumentsClient) -> None:
    document_id = client.process()
    first = delete(client, document_id)
    messages, entries = told(client, document_id), len(client.office.journal.entries)
    other = authorization(client_id="another")
    assert first == delete(client, document_id) == delete(client, document_id, other) == proof(client, document_id)
    assert (told(client, document_id), len(client.office.journal.entries)) == (messages, entries)


def test_who_deleted_what_is_written_down(client: DocumentsClient) -> None:
    document_id = client.process()
    file_id = client.document(document_id)["fileId"]
    delete(client, document_id)
    entry = client.office.journal.entries[-1]
    assert (entry.action, entry.actor, entry.subject) == ("document.deleted", "tester", document_id)
    assert entry.detail == {"from": "new", "file": file_id}


def test_a_file_that_another_document_has_stays(client: DocumentsClient) -> None:
    project_id, manifest = client.project(duplicates="allow"), client.office.upload(COMPANY, new_uuid())
    order = {"fileId": manifest.file_id, "projectId": project_id}
    first, second = (member(client.post("/v2/documents/process-file", order), "documentId") for _ in range(2))
    for document_id, erased in ((first, False), (second, True)):
        assert delete(client, document_id)[1]["files"] == [{"id": manifest.file_id, "erased": erased}]
        assert [fact.file_ids for fact in told(client, document_id)] == [(manifest.file_id,) if erased else ()]


def test_a_document_that_was_never_deleted_has_no_proof(client: DocumentsClient) -> None:
    document_id = client.process()
    for each in (document_id, "e" * 24, "x"):
        status, body = proof(client, each)
        assert (status, body["detail"]) == (404, "No document with this id was deleted.")


def test_other_companies_and_limited_clients_learn_and_delete_nothing(client: DocumentsClient) -> None:
    seen, hidden = client.project(), client.project()
    document_id, gone = client.process(hidden), client.process(hidden)
    delete(client, gone)
    narrow = authorization(client_id="narrow", projects=[seen])
    for headers in (THEIRS, narrow):
        for ask in (delete, proof):
            answers = [ask(client, each, headers) for each in (document_id, gone, "e" * 24)]
            assert answers == [answers[0]] * 3
            assert answers[0][0] == 404
    assert client.document(document_id)["state"] == "new"
    assert delete(client, client.process(seen), narrow)[0] == 200


def test_clients_of_the_published_contract_are_told_its_states(client: DocumentsClient) -> None:
    document_id = client.process()
    client.settle(document_id)
    client.post(f"/v2/documents/{document_id}/transfer", {"successful": True})
    assert delete(client, document_id, PUBLISHED)[1]["state"] == "doneAutomatically"
    assert proof(client, document_id)[1]["state"] == "transferred"


def test_an_answer_that_comes_after_the_deletion_has_no_effect(client: DocumentsClient) -> None:
    document_id = client.process()
    fact = client.office.read(client.office.documents.documents[document_id], result_with())
    before = delete(client, document_id)
    processing.accept_result(client.desk, system(COMPANY), fact)
    processing.hand_over(client.desk, system(COMPANY), document_id, 1)
    assert proof(client, document_id) == before


def test_a_step_taken_meanwhile_does_not_keep_the_document(
    client: DocumentsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id, find = client.process(), client.office.documents.find

    def find_too_early(*given: Any) -> Document | None:
        found = find(*given)
        monkeypatch.setattr(client.office.documents, "find", find)
        processing.hand_over(client.desk, system(COMPANY), document_id, 1)
        return found

    monkeypatch.setattr(client.office.documents, "find", find_too_early)
    assert delete(client, document_id)[1]["state"] == "processing"


def test_who_is_overtaken_again_and_again_may_come_again(
    client: DocumentsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id, asked = client.process(), []

    def erase(*given: Any) -> bool:
        asked.append(given)
        return False

    monkeypatch.setattr(client.office.documents, "erase", erase)
    status, body = delete(client, document_id)
    assert (status, body["code"], len(asked)) == (409, "conflict_status", erasing.TRIES)
    assert client.document(document_id)["state"] == "new"
