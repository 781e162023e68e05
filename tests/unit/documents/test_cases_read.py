"""Cases read and listed: by whom, in which order, and by nobody else."""

from typing import Any

import pytest

from shared.ids import new_uuid
from tests.support.documents import MINE, THEIRS, DocumentsClient, keyed, member
from tests.support.tokens import authorization

NOBODY = "01934567-89ab-7cde-8f01-23456789abcd"
BATCH, CASES = "/v2/cases/process-file-batch", "/v2/cases"


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def found(client: DocumentsClient, query: str = "", headers: dict[str, str] = MINE) -> tuple[list[str], int]:
    answer = client.get(f"{CASES}{query}", headers)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in member(answer, "data")], member(answer, "totalCount")


def test_filters_and_orders(client: DocumentsClient) -> None:
    one, two = client.project(), client.project()
    first, second, third = (
        client.open_case(client.upload(), project_id=one),
        client.open_case(project_id=one),
        client.open_case(project_id=two),
    )
    client.http.post(f"{CASES}/{first}/process", headers=MINE)
    for query, expected in (
        ("", [third, second, first]),
        ("?sort=createdAt", [first, second, third]),
        ("?sort=+createdAt", [first, second, third]),
        ("?sort=-updatedAt", [first, third, second]),
        (f"?projectId={one}", [second, first]),
        (f"?projectId={one}&projectId={two}&state=open", [third, second]),
        ("?state=processing&state=completed", [first]),
        (f"?projectId={two}&state=processing", []),
        (f"?projectId={'e' * 24}", []),
        (f"?number={client.office.cases.cases[second].number}", [second]),
        ("?number=999", []),
    ):
        assert found(client, query) == (expected, len(expected)), query
    page = client.get(f"{CASES}?limit=2")
    assert [item["id"] for item in member(page, "data")] == [third, second]
    assert found(client, f"?limit=2&cursor={member(page, 'nextCursor')}") == ([first], 3)
    assert found(client, "?limit=2&offset=2") == ([first], 3)


@pytest.mark.parametrize(
    "query",
    ["?state=done", "?state=", "?projectId=x", "?sort=name", "?number=0", "?number=x", "?include=documents",
     "?limit=-1", "?offset=x", "?cursor=x", "?name=x", "?projectId[$ne]=x"],
)  # fmt: skip
def test_a_bad_query_is_refused(client: DocumentsClient, query: str) -> None:
    assert client.get(f"{CASES}{query}").status_code == 400


def test_numbers_are_shown_when_asked_for(client: DocumentsClient) -> None:
    case_id = client.open_case()
    number = client.office.cases.cases[case_id].number
    listed = member(client.get(f"{CASES}?include=number"), "data")
    assert [item["number"] for item in listed] == [number]
    assert member(client.get(f"{CASES}/{case_id}?include=number"), "number") == number
    assert "number" not in client.case(case_id)
    assert client.get(f"{CASES}/{case_id}?include=x").status_code == 400


def everything(client: DocumentsClient, case_id: str, headers: dict[str, str], file_id: str) -> list[tuple[int, Any]]:
    path = f"{CASES}/{case_id}"
    answers = [client.get(path, headers)]
    for each in (headers, keyed(new_uuid(), headers)):
        answers += [client.post(f"{path}/files", {"fileIds": [file_id]}, each)]
        answers += [client.http.post(f"{path}/process", headers=each)]
    return [(answer.status_code, answer.data) for answer in answers]


def test_other_companies_and_limited_clients_see_no_trace(client: DocumentsClient) -> None:
    hidden, seen = client.project(), client.project()
    case_id = client.open_case(client.upload(), project_id=hidden)
    before = client.case(case_id)
    for headers in (THEIRS, authorization(client_id="narrow", projects=[seen])):
        file_id = client.upload(by="narrow")
        foreign = everything(client, case_id, headers, file_id)
        assert {status for status, _ in foreign} == {404}
        for unknown in (NOBODY, "x", "0", "%24ne"):
            assert everything(client, unknown, headers, file_id) == foreign
        assert found(client, "", headers) == found(client, f"?projectId={hidden}", headers) == ([], 0)
        assert found(client, f"?number={client.office.cases.cases[case_id].number}", headers) == ([], 0)
        for path, body in ((CASES, {}), (BATCH, {"fileIds": [file_id]})):
            told = [client.post(path, {**body, "projectId": each}, headers) for each in (hidden, "e" * 24)]
            assert (told[0].status_code, told[0].data) == (told[1].status_code, told[1].data)
            assert told[0].status_code == 404
    assert client.case(case_id) == before
    assert not client.office.documents.documents


def test_a_limited_client_works_on_cases_of_its_projects(client: DocumentsClient) -> None:
    seen, hidden = client.project(), client.project()
    narrow = authorization(client_id="narrow", projects=[seen])
    others, own = client.upload(), client.upload(by="narrow")
    case_id = client.open_case(others, project_id=seen)
    assert client.post(f"{CASES}/{case_id}/files", {"fileIds": [client.upload()]}, narrow).status_code == 404
    assert client.post(f"{CASES}/{case_id}/files", {"fileIds": [own]}, narrow).status_code == 200
    accepted = client.http.post(f"{CASES}/{case_id}/process", headers=narrow)
    assert [each["fileId"] for each in member(accepted, "documents")] == [others, own]
    assert found(client, "", narrow) == ([case_id], 1)
    # One document is routed to a project that this client does not see.
    routed = member(accepted, "documents")[0]["documentId"]
    documents = client.office.documents.documents
    documents[routed] = documents[routed].after([documents[routed].history[0]], project_id=hidden)
    assert [each["fileId"] for each in client.case(case_id, narrow)["documents"]] == [own]
    assert len(client.case(case_id)["documents"]) == 2


@pytest.mark.parametrize("limited", [False, True])
def test_what_was_routed_is_answered_as_it_came(client: DocumentsClient, limited: bool) -> None:
    project_id, elsewhere, file_id = client.project(), client.project(), client.upload(by="narrow")
    headers = authorization(client_id="narrow", projects=[project_id]) if limited else MINE
    orders = [
        ("/v2/documents/process-file", {"fileId": file_id, "projectId": project_id}),
        (BATCH, {"fileIds": [file_id], "projectId": project_id}),
    ]
    for path, body in orders:
        first = client.post(path, body, keyed(headers=headers))
        documents = client.office.documents.documents
        for each in list(documents.values()):
            documents[each.id] = each.after([each.history[-1]], project_id=elsewhere)
        again = client.post(path, body, keyed(headers=headers))
        assert (first.status_code, first.data) == (again.status_code, again.data) == (202, first.data)
