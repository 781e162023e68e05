"""Lists over HTTP: the envelope, filters and orders, and queries that are refused."""

import pytest

from shared.contracts.extraction import Check
from shared.ids import new_uuid
from tests.support.documents import DocumentsClient, member

UNSURE = Check("number_missing", passed=False, blocking=True, message="No invoice number.", fields=("number",))
BAD_QUERIES = (
    "projectId=x projectId= projectId=ABCDEFABCDEFABCDEFABCDEF fileId=x fileId= state=open state[$ne]=new offset=-1"
    " offset=x limit=-1 limit=5.7 offset=99999999999999999999 sort=title sort=--createdAt sort= page=1 limit=1&limit=2"
    " $where=1 projectId[$ne]=x fileId[$gt]= projectId=%7B%22$ne%22:null%7D"
)


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def test_lists_have_the_envelope_and_leave_out_what_was_read(client: DocumentsClient) -> None:
    project_id = client.project()
    ids = [client.process(project_id) for _ in range(3)]
    client.settle(ids[0], UNSURE, number="R-1")
    answer = client.get("/v2/documents?limit=2&offset=1")
    assert answer.json is not None
    assert {name: answer.json[name] for name in ("limit", "offset", "totalCount")} == {
        "limit": 2,
        "offset": 1,
        "totalCount": 3,
    }
    assert [item["id"] for item in answer.json["data"]] == [ids[1], ids[0]]
    item = answer.json["data"][1]
    assert not {"entities", "entityDetails", "checks"} & item.keys()
    assert (item["files"][0]["type"], item["reason"]["code"]) == ("invoice", "checks_not_passed")


def test_filters_and_orders(client: DocumentsClient) -> None:
    first, second = client.project(), client.project()
    ids = [client.process(first), client.process(second), client.process(second)]
    client.settle(ids[0])
    client.settle(ids[2], UNSURE)
    file_id = client.office.documents.documents[ids[1]].file_id
    for query, expected in (
        ("", [2, 1, 0]),
        ("sort=createdAt", [0, 1, 2]),
        ("sort=%2BcreatedAt", [0, 1, 2]),
        ("sort=+createdAt", [0, 1, 2]),
        ("sort=-updatedAt", [2, 0, 1]),
        ("sort=+updatedAt", [1, 0, 2]),
        (f"projectId={second}", [2, 1]),
        (f"projectId={first}&projectId={second}&sort=createdAt", [0, 1, 2]),
        ("state=new", [1]),
        ("state=new&state=doneAutomatically", [1, 0]),
        (f"fileId={file_id}", [1]),
        (f"fileId={new_uuid()}", []),
        (f"projectId={'f' * 24}", []),
        ("limit=0", []),
        ("offset=3", []),
    ):
        answer = client.get(f"/v2/documents?{query}")
        assert answer.json is not None
        assert [ids.index(item["id"]) for item in answer.json["data"]] == expected, query
    assert member(client.get("/v2/documents?limit=0"), "totalCount") == 3
    assert member(client.get("/v2/documents?limit=51"), "limit") == 50
    assert member(client.get("/v2/documents?limit=99999999999999999999"), "limit") == 50


@pytest.mark.parametrize("query", BAD_QUERIES.split())
def test_a_bad_query_is_refused(client: DocumentsClient, query: str) -> None:
    answer = client.get(f"/v2/documents?{query}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert set(answer.json or {}) == {"type", "title", "detail", "status", "code"}
