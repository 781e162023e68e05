"""Lists over HTTP: the envelope, filters and orders, and queries that are refused."""

import base64
import itertools
from typing import Any

import pytest

from shared.clock import rfc3339
from shared.contracts.extraction import Check
from shared.ids import new_uuid
from tests.support.documents import MINE, THEIRS, DocumentsClient, member
from tests.support.tokens import authorization

UNSURE = Check("number_missing", passed=False, blocking=True, message="No invoice number.", fields=("number",))
BAD_QUERIES = (
    "projectId=x projectId= projectId=ABCDEFABCDEFABCDEFABCDEF fileId=x fileId= state=open state[$ne]=new offset=-1"
    " offset=x limit=-1 limit=5.7 limit=99999999999 offset=99999999999999999999 limit=1&limit=2 page=1"
    " sort=title sort=--createdAt sort="
    " $where=1 projectId[$ne]=x fileId[$gt]= projectId=%7B%22$ne%22:null%7D state=%7B%22$ne%22:null%7D state="
    " externalId[$ne]=x externalId= externalId=a&externalId=b number=0 number=-1 number=1.0 number=x number[$gt]=0"
    " number=1&number=2 number=99999999999 include=checks include= include=entities,,states include=regions"
    " updatedAfter=2026-03-01 updatedAfter=yesterday updatedBefore[$gt]=2026-03-01T00:00:00Z updatedBefore="
    " updatedAfter=2026-03-01T00:00:00 updatedAfter=2026-03-01T00:00:00Z&sort=createdAt"
    " updatedBefore=2026-03-01T00:00:00Z&sort=-createdAt cursor=x cursor= cursor=a&offset=1"
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


def three(client: DocumentsClient) -> tuple[list[str], list[str]]:
    """Two projects, and three documents: settled in the first, new in the second, in review and named in it."""
    projects = [client.project(), client.project()]
    first, second = projects
    ids = [client.process(first), client.process(second), client.process(second, externalId="doc/1")]
    client.settle(ids[0])
    client.settle(ids[2], UNSURE)
    return projects, ids


def expect(client: DocumentsClient, ids: list[str], *queries: tuple[str, list[int]]) -> None:
    """Each query finds these, by their places in `ids`."""
    for query, expected in queries:
        answer = client.get(f"/v2/documents?{query}")
        assert answer.json is not None
        assert [ids.index(item["id"]) for item in answer.json["data"]] == expected, query


def test_orders_projects_and_states(client: DocumentsClient) -> None:
    (first, second), ids = three(client)
    expect(
        client,
        ids,
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
        (f"projectId={'f' * 24}", []),
        ("limit=0", []),
        ("offset=3", []),
    )
    assert member(client.get("/v2/documents?limit=0"), "totalCount") == 3
    assert member(client.get("/v2/documents?limit=51"), "limit") == 50
    assert member(client.get("/v2/documents?limit=2147483647"), "limit") == 50


def test_files_external_ids_numbers_and_moments(client: DocumentsClient) -> None:
    (first, second), ids = three(client)
    documents = client.office.documents.documents
    file_id, number = documents[ids[1]].file_id, documents[ids[1]].number
    moved = rfc3339(documents[ids[0]].updated_at)
    expect(
        client,
        ids,
        (f"fileId={file_id}", [1]),
        (f"fileId={new_uuid()}", []),
        (f"fileId={file_id}&projectId={first}", []),
        ("externalId=doc%2F1", [2]),
        ("externalId=doc%2F1&state=new", []),
        ("externalId=doc", []),
        ("externalId=%7B%22$ne%22:null%7D", []),
        ("externalId=$ne", []),
        (f"number={number}", [1]),
        (f"number={number}&projectId={first}", []),
        ("number=2147483647", []),
        (f"updatedAfter={moved}", [2, 0]),
        (f"updatedAfter={moved}&sort=updatedAt", [0, 2]),
        (f"updatedBefore={moved}", [1]),
        (f"updatedAfter={moved}&updatedBefore={moved}", []),
        (f"updatedAfter={moved}&state=reviewRequired&projectId={second}", [2]),
    )


@pytest.mark.parametrize("query", BAD_QUERIES.split())
def test_a_bad_query_is_refused(client: DocumentsClient, query: str) -> None:
    answer = client.get(f"/v2/documents?{query}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert set(answer.json or {}) == {"type", "title", "detail", "status", "code"}


def walked(client: DocumentsClient, query: str) -> list[list[dict[str, Any]]]:
    """The parts of a list, each by the cursor of the one before."""
    parts, cursor = [], ""
    while True:
        answer = client.get(f"/v2/documents?{query}{cursor}").json or {}
        parts.append(answer["data"])
        if "nextCursor" not in answer:
            return parts
        cursor = f"&cursor={answer['nextCursor']}"


@pytest.mark.parametrize("sort", ["createdAt", "-createdAt", "updatedAt", "-updatedAt"])
def test_a_cursor_leads_through_the_whole_list(client: DocumentsClient, sort: str) -> None:
    project_id = client.project()
    ids = [client.process(project_id) for _ in range(5)]
    for document_id in (ids[3], ids[1]):
        client.settle(document_id)
    whole = [item["id"] for item in member(client.get(f"/v2/documents?sort={sort}"), "data")]
    parts = walked(client, f"sort={sort}&limit=2&state=new&state=doneAutomatically")
    assert [len(part) for part in parts] == [2, 2, 1]
    assert [item["id"] for item in itertools.chain(*parts)] == whole


def test_a_cursor_belongs_to_its_order(client: DocumentsClient) -> None:
    project_id = client.project()
    for _ in range(2):
        client.process(project_id)
    cursor = member(client.get("/v2/documents?limit=1"), "nextCursor")
    forged = base64.urlsafe_b64encode(b"-created_at 1 {$ne:1}").decode()
    for query in (f"cursor={cursor}&sort=createdAt", f"cursor={cursor}&sort=-updatedAt", f"cursor={cursor}&offset=1",
                  f"cursor={cursor}&updatedAfter=2026-03-01T00:00:00Z", f"cursor={forged}"):  # fmt: skip
        assert client.get(f"/v2/documents?{query}").status_code == 400, query
    assert "nextCursor" not in (client.get("/v2/documents?limit=2").json or {})


def test_more_is_shown_when_asked_for(client: DocumentsClient) -> None:
    document_id = client.process()
    client.settle(document_id, number="R-1")
    for successful in (False, True):
        assert client.post(f"/v2/documents/{document_id}/transfer", {"successful": successful}).status_code == 202
    path = f"/v2/documents/{document_id}"
    states, transfers = client.get(f"{path}/states").json, client.get(f"{path}/transfers").json
    more = {"entities": {"number": "R-1"}, "states": states, "transfers": transfers, "number": 1}
    (bare,) = member(client.get("/v2/documents"), "data")
    assert not more.keys() & bare.keys()
    for query in ("include=entities,states,transfers,number", "&".join(f"include={name}" for name in more)):
        (item,) = member(client.get(f"/v2/documents?{query}"), "data")
        assert item == bare | more
    (item,) = member(client.get("/v2/documents?include=number,number"), "data")
    assert item == bare | {"number": 1}
    whole = client.document(document_id)
    del more["entities"]
    assert client.document(document_id, "?include=states,transfers&include=number") == whole | more
    assert "entityDetails" in client.document(document_id, "?include=number&regions=true")
    for query in ("include=entities", "include=regions", "include=x", "include="):
        assert client.get(f"{path}?{query}").status_code == 400


def test_what_is_included_is_told_as_the_client_was_made_for(client: DocumentsClient) -> None:
    document_id = client.process()
    client.settle(document_id)
    assert client.post(f"/v2/documents/{document_id}/transfer", {"successful": True}).status_code == 202
    published = authorization(states="documented")
    path, query = f"/v2/documents/{document_id}", "include=states,transfers"
    for headers, last in ((MINE, "transferred"), (published, "doneAutomatically")):
        one = client.get(f"{path}?{query}", headers).json or {}
        (item,) = member(client.get(f"/v2/documents?{query}", headers), "data")
        for shown in (one, item):
            assert shown["states"] == client.get(f"{path}/states", headers).json
            assert shown["states"][-1]["state"] == shown["state"] == last
            assert shown["transfers"] == client.get(f"{path}/transfers", MINE).json


def test_a_document_without_findings_and_transfers_shows_that_there_are_none(client: DocumentsClient) -> None:
    client.process()
    (item,) = member(client.get("/v2/documents?include=entities,transfers"), "data")
    assert (item["entities"], item["transfers"]) == ({}, [])


def test_no_filter_reaches_another_company(client: DocumentsClient) -> None:
    document_id = client.process(externalId="doc-1")
    client.settle(document_id)
    document = client.document(document_id, "?include=number")
    own = [f"{name}={document[name]}" for name in ("externalId", "number", "fileId", "projectId", "state")]
    for query in (*own, f"updatedAfter={document['createdAt']}", "include=entities,states,transfers,number"):
        answer = client.get(f"/v2/documents?{query}", THEIRS)
        assert (member(answer, "data"), member(answer, "totalCount")) == ([], 0), query
        assert len(member(client.get(f"/v2/documents?{query}"), "data")) == 1, query
