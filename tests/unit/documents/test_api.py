"""The HTTP door on fakes: what is answered, what is refused, and that strangers cannot tell what exists."""

from typing import Any

import pytest

from shared.clock import rfc3339
from shared.contracts.extraction import Check
from shared.errors import Unavailable
from shared.ids import new_uuid
from tests.support.documents import THEIRS, DocumentsClient, member
from tests.support.fakes.documents import BASE_URL
from tests.support.tokens import COMPANY

UNSURE = Check("number_missing", passed=False, blocking=True, message="No invoice number.", fields=("number",))
BAD_DATA: list[Any] = [{"a": {"$ne": None}}, [], "x", {f"key{n}": n for n in range(21)}]
BAD_ORDERS: list[dict[str, Any]] = [
    *(
        {"fileId": None},
        {"fileId": 7},
        {"projectId": ["x"]},
        {"projectId": "\ud800"},
        {"state": "done"},
        {"outbox": []},
    ),
    *({"externalId": identity} for identity in (7, "", "\ud800", "x" * 1001)),
    *({"externalData": data} for data in BAD_DATA),
]


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def test_processing_is_accepted_and_the_new_document_can_be_read(client: DocumentsClient) -> None:
    project_id, file_id = client.project(), new_uuid()
    client.office.upload(COMPANY, file_id)
    order = {"fileId": file_id, "projectId": project_id, "externalId": "doc-1", "externalData": {"System": "sap"}}
    answer = client.post("/v2/documents/process-file", order)
    assert answer.status_code == 202
    document_id = member(answer, "documentId")
    assert answer.json == {"documentId": document_id, "fileId": file_id, "projectId": project_id}
    document = client.document(document_id)
    case_id, created = document.pop("caseId"), document["createdAt"]
    assert case_id == next(iter(client.office.cases.cases))
    assert document == {
        "id": document_id,
        "createdAt": created,
        "createdBy": "tester",
        "state": "new",
        "title": "Rechnung März.pdf",
        "updatedAt": created,
        "updatedBy": "tester",
        "fileId": file_id,
        "files": [{"id": file_id, "mainFile": True}],
        "externalId": "doc-1",
        "externalData": {"System": "sap"},
        "projectId": project_id,
        "url": f"{BASE_URL}/v2/documents/{document_id}",
        "entities": {},
        "checks": [],
    }


def test_a_read_document_shows_entities_checks_and_where_they_stand(client: DocumentsClient) -> None:
    document_id = client.process()
    client.settle(document_id, number="R-1", totals={"gross": 119.0})
    document = client.document(document_id)
    completed = client.office.documents.documents[document_id].history[-1].at
    assert (document["state"], document["completedAt"]) == ("doneAutomatically", rfc3339(completed))
    assert (document["completedBy"], document["files"][0]["type"]) == ("system", "invoice")
    assert document["entities"] == {"number": "R-1", "totals": {"gross": 119.0}}
    assert "reason" not in document
    assert "entityDetails" not in document
    details = client.document(document_id, "?regions=true")["entityDetails"]
    assert details["number"] == {"value": "R-1", "text": "R-1", "confidence": 0.98}
    assert "entityDetails" not in client.document(document_id, "?regions=false")
    assert client.get(f"/v2/documents/{document_id}?regions=yes").status_code == 400


def test_a_document_in_review_says_why(client: DocumentsClient) -> None:
    document_id = client.process()
    client.settle(document_id, UNSURE)
    document = client.document(document_id)
    assert (document["state"], document["reason"]["code"]) == ("reviewRequired", "checks_not_passed")
    assert document["reason"]["message"] == UNSURE.message
    assert document["checks"] == [
        {
            "code": "number_missing",
            "passed": False,
            "blocking": True,
            "message": "No invoice number.",
            "fields": ["number"],
        }
    ]


def test_states_are_a_bare_array_with_the_published_members_first(client: DocumentsClient) -> None:
    document_id = client.process()
    client.settle(document_id)
    assert client.post(f"/v2/documents/{document_id}/transfer", {"successful": True, "message": "51"}).data == b""
    answer = client.get(f"/v2/documents/{document_id}/states")
    assert answer.json is not None
    assert [entry["state"] for entry in answer.json] == ["new", "processing", "doneAutomatically", "transferred"]
    assert list(answer.json[-1]) == ["state", "updatedAt", "by", "reason", "message", "attempt"]
    assert list(answer.json[0]) == ["state", "updatedAt", "by", "reason", "attempt"]
    again = client.post(f"/v2/documents/{document_id}/transfer", {"successful": True})
    assert (again.status_code, member(again, "code")) == (409, "conflict_status")
    assert "transferred" in member(again, "detail")


@pytest.mark.parametrize("change", BAD_ORDERS)
def test_a_bad_order_is_refused(client: DocumentsClient, change: dict[str, Any]) -> None:
    file_id = new_uuid()
    client.office.upload(COMPANY, file_id)
    order = {"fileId": file_id, "projectId": client.project()} | change
    answer = client.post("/v2/documents/process-file", order)
    assert (answer.status_code, member(answer, "code")) == (400, "bad_request")
    assert not client.office.documents.documents


def test_what_does_not_exist_is_404_malformed_or_not(client: DocumentsClient) -> None:
    file_id = new_uuid()
    client.office.upload(COMPANY, file_id)
    for file, project in ((new_uuid(), client.project()), ("x", client.project()), (file_id, "f" * 24), (file_id, "x")):
        answer = client.post("/v2/documents/process-file", {"fileId": file, "projectId": project})
        assert (answer.status_code, member(answer, "code")) == (404, "not_found")


def test_a_store_that_is_down_is_503_with_a_time_to_come_back(
    client: DocumentsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> bytes:
        raise Unavailable("The store is down.")

    project_id = client.project()
    monkeypatch.setattr(client.office.store, "read", down)
    answer = client.post("/v2/documents/process-file", {"fileId": new_uuid(), "projectId": project_id})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert not client.office.cases.cases


def test_strangers_cannot_tell_what_exists(client: DocumentsClient) -> None:
    project_id = client.project()
    document_id = client.process(project_id)
    client.settle(document_id)

    def told(identity: str, project: str) -> list[tuple[int, bytes]]:
        path, text = f"/v2/documents/{identity}", {"Content-Type": "text/plain", **THEIRS}
        answers = [client.get(path, THEIRS), client.get(f"{path}/states", THEIRS)]
        answers += [client.post(f"{path}/transfer", {"successful": True}, THEIRS)]
        answers += [client.post(f"{path}/{intent}", {}, THEIRS) for intent in ("reject", "external-data")]
        answers += [client.http.post(f"{path}/{i}", data="x", headers=text) for i in ("title", "external-id")]
        answers += [client.get(f"/v2/projects/{project}", THEIRS)]
        return [(answer.status_code, answer.data) for answer in answers]

    random = told("e" * 24, "e" * 24)
    assert {status for status, _ in random} == {404}
    assert random == told(document_id, project_id) == told("x", "x") == told("%00", "$ne")
    assert member(client.get("/v2/documents", THEIRS), "totalCount") == 0
    assert member(client.get(f"/v2/documents?projectId={project_id}", THEIRS), "data") == []
    assert client.document(document_id)["state"] == "doneAutomatically"
