"""Cases over HTTP: opened, filled, processed as one or batch, told apart from other people's, and listed."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.documents.usecases import processing
from services.documents.usecases.stepping import system
from shared.contracts.extraction import DocumentRefused
from shared.ids import is_uuid, new_uuid
from tests.support.documents import MINE, DocumentsClient, member
from tests.support.tokens import COMPANY, authorization

PUBLISHED = authorization(states="documented")
NOBODY = "01934567-89ab-7cde-8f01-23456789abcd"
BATCH, CASES = "/v2/cases/process-file-batch", "/v2/cases"


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def refuse(client: DocumentsClient, document_id: str) -> None:
    fact = DocumentRefused(document_id, 1, "failed", "encrypted", "Send it without a password.")
    processing.accept_refusal(client.desk, system(COMPANY), fact)


def test_a_case_is_opened_filled_and_processed(client: DocumentsClient) -> None:
    project_id, files = client.project(), [client.upload() for _ in range(3)]
    answer = client.post(CASES, {"projectId": project_id, "name": "Delivery of 2 March"})
    case = dict(answer.json or {})
    case_id, created = case["id"], case["createdAt"]
    assert is_uuid(case_id)
    assert case == {
        "id": case_id,
        "name": "Delivery of 2 March",
        "projectId": project_id,
        "state": "open",
        "fileIds": [],
        "createdAt": created,
        "createdBy": "tester",
        "updatedAt": created,
        "updatedBy": "tester",
    }
    assert client.case(case_id) == {**case, "documents": []}
    for sent, kept in ((files[:2], files[:2]), (files[2:], files)):
        filled = client.post(f"{CASES}/{case_id}/files", {"fileIds": sent})
        assert (filled.status_code, member(filled, "fileIds"), member(filled, "state")) == (200, kept, "open")
    accepted = client.http.post(f"{CASES}/{case_id}/process", headers=MINE)
    assert (accepted.status_code, member(accepted, "caseId")) == (202, case_id)
    documents = member(accepted, "documents")
    assert [(each["fileId"], each["projectId"]) for each in documents] == [(each, project_id) for each in files]
    case = client.case(case_id)
    assert (case["state"], "fileIds" in case) == ("processing", False)
    assert case["documents"] == [
        {"documentId": each["documentId"], "fileId": each["fileId"], "state": "new"} for each in documents
    ]
    for each in documents:
        assert client.document(each["documentId"])["caseId"] == case_id
        (command,) = client.office.documents.outbox[each["documentId"]]
        assert command.body.document_id == each["documentId"]


def test_a_batch_makes_a_document_of_each_file(client: DocumentsClient) -> None:
    project_id, files = client.project(), [client.upload() for _ in range(100)]
    accepted = client.post(BATCH, {"fileIds": files, "projectId": project_id})
    assert accepted.status_code == 202
    assert [each["fileId"] for each in member(accepted, "documents")] == files
    case = client.case(member(accepted, "caseId"))
    assert (case["state"], len(case["documents"])) == ("processing", 100)


def test_a_case_is_completed_with_the_last_of_its_documents(client: DocumentsClient) -> None:
    accepted = client.post(BATCH, {"fileIds": [client.upload() for _ in range(3)], "projectId": client.project()})
    case_id, (one, two, three) = member(accepted, "caseId"), [e["documentId"] for e in member(accepted, "documents")]
    client.settle(one)
    refuse(client, two)
    assert client.case(case_id)["state"] == "processing"
    client.settle(three)
    case = client.case(case_id)
    assert (case["state"], case["updatedBy"]) == ("completed", "system")
    assert [each["state"] for each in case["documents"]] == ["doneAutomatically", "failed", "doneAutomatically"]
    assert client.http.post(f"/v2/documents/{two}/reprocess", headers=MINE).status_code == 202
    assert client.case(case_id)["state"] == "processing"


def test_a_case_of_which_all_failed_has_failed(client: DocumentsClient) -> None:
    accepted = client.post(BATCH, {"fileIds": [client.upload() for _ in range(2)], "projectId": client.project()})
    for each in member(accepted, "documents"):
        refuse(client, each["documentId"])
    assert client.case(member(accepted, "caseId"))["state"] == "failed"


@pytest.mark.parametrize("policy", ["fail", "link"])
def test_the_same_bytes_twice_in_one_batch(client: DocumentsClient, policy: str) -> None:
    files = [client.upload("same"), client.upload("other"), client.upload("same")]
    accepted = client.post(BATCH, {"fileIds": files, "projectId": client.project(duplicates=policy)})
    first, other, again = (client.document(each["documentId"]) for each in member(accepted, "documents"))
    assert [first.get("duplicateOf"), other.get("duplicateOf"), again["duplicateOf"]] == [None, None, first["id"]]
    assert again["state"] == ("failed" if policy == "fail" else "new")
    assert bool(client.office.documents.outbox[again["id"]]) == (policy == "link")


def test_clients_of_the_published_contract_are_told_its_states(client: DocumentsClient) -> None:
    document_id = client.process()
    client.settle(document_id)
    client.post(f"/v2/documents/{document_id}/transfer", {"successful": True})
    case_id = client.document(document_id)["caseId"]
    told = [client.case(case_id, headers)["documents"][0]["state"] for headers in (MINE, PUBLISHED)]
    assert told == ["transferred", "doneAutomatically"]


BAD_FILES: list[Any] = [
    *({}, [], {"fileIds": []}, {"fileIds": "x"}, {"fileIds": [7]}, {"fileIds": [None]}, {"fileIds": None}),
    *({"fileIds": [NOBODY, NOBODY]}, {"fileIds": [new_uuid() for _ in range(101)]}, {"fileIds": [{"$ne": None}]}),
    {"fileIds": [NOBODY], "state": "open"},
]


@pytest.mark.parametrize("body", BAD_FILES)
def test_lists_of_files_are_strict(client: DocumentsClient, body: Any) -> None:
    project_id, case_id = client.project(), client.open_case()
    batch = {**body, "projectId": project_id} if isinstance(body, dict) else body
    assert client.post(BATCH, batch).status_code == 400
    assert client.post(f"{CASES}/{case_id}/files", body).status_code == 400
    assert not client.office.documents.documents
    twice = client.post(f"{CASES}/{case_id}/files", {"fileIds": [NOBODY, "x", NOBODY]})
    assert member(twice, "detail") == "fileIds.2: Must not be sent twice."
    assert client.case(case_id)["fileIds"] == []


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"name": " "}, {"name": "x" * 257}, {"name": 5}, {"projectId": 7}, {"state": "open"}]
)
def test_a_bad_case_is_refused(client: DocumentsClient, change: dict[str, Any]) -> None:
    assert client.post(CASES, {"projectId": client.project(), **change}).status_code == 400
    assert client.post(CASES, {"name": "x"}).status_code == 400
    assert not client.office.cases.cases


def test_one_unknown_file_or_project_and_nothing_is_done(client: DocumentsClient) -> None:
    project_id, known, case_id = client.project(), client.upload(), client.open_case()
    for unknown in (new_uuid(), "x", "", known.upper()):
        for path in (BATCH, f"{CASES}/{case_id}/files"):
            body = {"fileIds": [known, unknown]} | ({"projectId": project_id} if path == BATCH else {})
            answer = client.post(path, body)
            assert answer.status_code == 404
            assert member(answer, "detail").startswith("fileIds.1: There is no file with this id.")
    orders: list[tuple[str, Any]] = [(BATCH, {"fileIds": [known], "projectId": "e" * 24}), (CASES, {"projectId": "x"})]
    for path, body in orders:
        answer = client.post(path, body)
        assert (answer.status_code, member(answer, "detail")[:22]) == (404, "There is no project wi")
    assert not client.office.documents.documents
    assert client.case(case_id)["fileIds"] == []
    assert len(client.office.cases.cases) == 1


def conflict(answer: TestResponse) -> str:
    assert (answer.status_code, member(answer, "code")) == (409, "conflict_status")
    return str(member(answer, "detail"))


def test_only_an_open_case_takes_files_and_is_processed(client: DocumentsClient) -> None:
    case_id = client.open_case(client.upload())
    assert client.http.post(f"{CASES}/{case_id}/process", headers=MINE).status_code == 202
    more = {"fileIds": [client.upload()]}
    for answer in (
        client.post(f"{CASES}/{case_id}/files", more),
        client.http.post(f"{CASES}/{case_id}/process", headers=MINE),
    ):
        assert conflict(answer).startswith("The case is processing: its files are processed already.")
    assert len(client.office.documents.documents) == 1


def test_an_empty_case_cannot_be_processed(client: DocumentsClient) -> None:
    answer = client.http.post(f"{CASES}/{client.open_case()}/process", headers=MINE)
    assert conflict(answer).startswith("The case has no files yet.")


def test_a_file_is_in_a_case_once_and_there_are_not_too_many(client: DocumentsClient) -> None:
    files = [client.upload() for _ in range(101)]
    case_id = client.open_case(*files[:60])
    again = client.post(f"{CASES}/{case_id}/files", {"fileIds": [files[70], files[3]]})
    assert (again.status_code, member(again, "code")) == (400, "bad_request")
    assert member(again, "detail").startswith("fileIds.1: The case has this file already.")
    assert "has 60 files, and at most 100" in conflict(client.post(f"{CASES}/{case_id}/files", {"fileIds": files[60:]}))
    assert client.post(f"{CASES}/{case_id}/files", {"fileIds": files[60:100]}).status_code == 200
    assert len(client.case(case_id)["fileIds"]) == 100


def test_a_file_that_was_deleted_meanwhile_is_named(client: DocumentsClient) -> None:
    kept, gone = client.upload(), client.upload()
    case_id = client.open_case(kept, gone)
    for place in [place for place in client.office.store.objects if gone in place[1]]:
        del client.office.store.objects[place]
    assert f"The file {gone} of this case was deleted." in conflict(
        client.http.post(f"{CASES}/{case_id}/process", headers=MINE)
    )
    assert not client.office.documents.documents


def test_a_file_that_went_with_a_document_is_gone_though_its_bytes_are_not_yet(client: DocumentsClient) -> None:
    project_id, file_id = client.project(), client.upload()
    case_id = client.open_case(file_id)
    order = {"fileId": file_id, "projectId": project_id}
    document_id = member(client.post("/v2/documents/process-file", order), "documentId")
    assert client.http.delete(f"/v2/documents/{document_id}", headers=MINE).status_code == 200
    assert f"The file {file_id} of this case was deleted." in conflict(
        client.http.post(f"{CASES}/{case_id}/process", headers=MINE)
    )
    again = client.post(f"{CASES}/{client.open_case()}/files", {"fileIds": [file_id]})
    assert again.status_code == client.post(BATCH, {"fileIds": [file_id], "projectId": project_id}).status_code == 404


def test_a_case_goes_with_its_last_document(client: DocumentsClient) -> None:
    accepted = client.post(BATCH, {"fileIds": [client.upload() for _ in range(2)], "projectId": client.project()})
    path, documents = f"{CASES}/{member(accepted, 'caseId')}", member(accepted, "documents")
    client.settle(documents[0]["documentId"])
    assert client.http.delete(f"/v2/documents/{documents[1]['documentId']}", headers=MINE).status_code == 200
    case = dict(client.get(path).json or {})
    assert (case["state"], [each["documentId"] for each in case["documents"]]) == (
        "completed",
        [documents[0]["documentId"]],
    )
    assert client.http.delete(f"/v2/documents/{documents[0]['documentId']}", headers=MINE).status_code == 200
    assert client.get(path).status_code == 404
