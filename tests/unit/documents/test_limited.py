"""Clients that are limited to some projects: all else of their company is to them as if it were not there."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.ids import new_uuid
from tests.support.documents import MINE, DocumentsClient, member
from tests.support.tokens import COMPANY, authorization

NOBODY = "e" * 24


def limited(*projects: str) -> dict[str, str]:
    return authorization(client_id="narrow", projects=list(projects))


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def test_documents_of_other_projects_are_like_unknown_ones(client: DocumentsClient) -> None:
    seen, hidden = client.project(), client.project()
    document_id = client.process(hidden)
    client.settle(document_id)
    mine = limited(seen)

    def told(identity: str, project: str) -> list[tuple[int, bytes]]:
        path, text = f"/v2/documents/{identity}", {"Content-Type": "text/plain", **mine}
        keyed = {**mine, "Idempotency-Key": new_uuid()}
        answers = [client.get(path, mine), client.get(f"{path}?regions=true", mine), client.get(f"{path}/states", mine)]
        answers += [client.post(f"{path}/transfer", {"successful": True}, each) for each in (mine, keyed)]
        answers += [client.post(f"{path}/{intent}", {}, mine) for intent in ("reject", "external-data")]
        answers += [client.http.post(f"{path}/{each}", data="x", headers=text) for each in ("title", "external-id")]
        answers += [client.get(f"/v2/projects/{project}", mine)]
        return [(answer.status_code, answer.data) for answer in answers]

    foreign = told(document_id, hidden)
    assert {status for status, _ in foreign} == {404}
    assert foreign == told(NOBODY, NOBODY)
    assert client.document(document_id)["state"] == "doneAutomatically"
    assert client.document(document_id)["title"] == "Rechnung März.pdf"


def test_lists_leave_other_projects_out(client: DocumentsClient) -> None:
    one, two, three = client.project(), client.project(), client.project()
    documents = {project: client.process(project) for project in (one, two)}
    documents[three] = client.process(three, externalId="mine")
    mine = limited(one, two)

    def found(path: str) -> tuple[set[str], int]:
        answer = client.get(path, mine)
        return {item["id"] for item in member(answer, "data")}, member(answer, "totalCount")

    assert found("/v2/documents") == ({documents[one], documents[two]}, 2)
    assert found(f"/v2/documents?projectId={one}&projectId={three}") == ({documents[one]}, 1)
    assert found(f"/v2/documents?projectId={three}") == (set(), 0)
    hidden = client.document(documents[three], "?include=number")
    for query in (f"fileId={hidden['fileId']}", f"number={hidden['number']}", "externalId=mine", "state=failed"):
        assert found(f"/v2/documents?{query}") == (set(), 0)
    assert found(f"/v2/documents?updatedAfter={hidden['createdAt']}&include=states") == (set(), 0)
    assert found("/v2/projects") == ({one, two}, 2)
    assert found(f"/v2/projects?search={three}") == (set(), 0)
    number = client.office.projects.projects[three].number
    assert found(f"/v2/projects?number={number}") == (set(), 0)


def test_a_client_limited_to_nothing_sees_nothing(client: DocumentsClient) -> None:
    client.process()
    for path in ("/v2/documents", "/v2/projects"):
        assert member(client.get(path, limited()), "totalCount") == 0


def process(
    client: DocumentsClient, project_id: str, headers: dict[str, str], uploader: str = "narrow"
) -> TestResponse:
    file_id = new_uuid()
    client.office.upload(COMPANY, file_id, by=uploader)
    return client.post("/v2/documents/process-file", {"fileId": file_id, "projectId": project_id}, headers)


def test_a_limited_client_processes_its_own_files_in_its_own_projects(client: DocumentsClient) -> None:
    seen, hidden = client.project(), client.project()
    accepted = process(client, seen, limited(seen))
    assert accepted.status_code == 202
    assert client.get(f"/v2/documents/{member(accepted, 'documentId')}", limited(seen)).status_code == 200
    elsewhere, nowhere = (process(client, project, limited(seen)) for project in (hidden, NOBODY))
    assert (elsewhere.status_code, elsewhere.data) == (nowhere.status_code, nowhere.data) == (404, nowhere.data)
    foreign = process(client, seen, limited(seen), uploader="client-a")
    assert (foreign.status_code, member(foreign, "detail")[:16]) == (404, "There is no file")
    assert process(client, seen, MINE, uploader="client-a").status_code == 202


def test_a_key_does_not_show_what_is_out_of_reach_meanwhile(client: DocumentsClient) -> None:
    one, two = client.project(), client.project()
    file_id = new_uuid()
    client.office.upload(COMPANY, file_id, by="narrow")
    body: dict[str, Any] = {"fileId": file_id, "projectId": one}
    for headers, status in ((limited(one), 202), (limited(two), 404)):
        keyed = {**headers, "Idempotency-Key": "k-1"}
        assert client.post("/v2/documents/process-file", body, keyed).status_code == status


def test_a_limited_client_creates_no_projects(client: DocumentsClient) -> None:
    refused = client.post("/v2/projects", {"name": "Mine"}, limited(client.project()))
    assert (refused.status_code, member(refused, "code")) == (403, "access_forbidden")
    assert "limited to some projects" in member(refused, "detail")
    assert len(client.office.projects.projects) == 1
