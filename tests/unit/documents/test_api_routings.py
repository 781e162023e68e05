"""Routings over HTTP."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.documents.domain.conditions import MAX_DEPTH, MAX_NODES
from tests.support.documents import MINE, THEIRS, DocumentsClient, member
from tests.support.tokens import authorization

NODE = {"all": [{"field": "totals.gross", "operator": "greaterThan", "value": 1e3}, {"not": {}}, {"any": [{}]}]}
NOBODY = "e" * 24


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def keyed(headers: dict[str, str] = MINE) -> dict[str, str]:
    return {**headers, "Idempotency-Key": "k-1"}


def rule(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"name": "Large ones", "fromProjectId": start, "toProjectId": end, "routingNode": {}, **more}


def create(client: DocumentsClient, start: str, end: str, headers: dict[str, str] = MINE, **more: Any) -> TestResponse:
    return client.post("/v2/routings", rule(start, end, **more), headers)


def put(client: DocumentsClient, routing_id: str, body: Any, headers: dict[str, str] = MINE) -> TestResponse:
    return client.http.put(f"/v2/routings/{routing_id}", json=body, headers=headers)


def test_a_routing_is_created_read_and_listed(client: DocumentsClient) -> None:
    one, two = client.project(), client.project()
    answer = create(client, one, two, routingNode=NODE, order=-2, active=False, postRoutingAction="none")
    assert answer.status_code == 201
    routing = dict(answer.json or {})
    created = routing["createdAt"]
    assert routing == {
        "id": routing["id"], "name": "Large ones",
        "fromProjectId": one, "toProjectId": two, "postRoutingAction": "none",
        "active": False, "routingNode": NODE, "order": -2, "createdAt": created, "createdBy": "tester",
        "modifiedAt": created, "modifiedBy": "tester",
    }  # fmt: skip
    assert client.get(f"/v2/routings/{routing['id']}").json == routing
    bare = client.post("/v2/routings", {"name": "All", "fromProjectId": one, "toProjectId": two})
    given = {name: member(bare, name) for name in ("postRoutingAction", "active", "routingNode", "order")}
    assert given == {"postRoutingAction": "reprocess", "active": True, "routingNode": {}, "order": 0}
    listed = client.get("/v2/routings?limit=1")
    assert (member(listed, "data"), member(listed, "totalCount")) == ([bare.json], 2)
    behind = client.get(f"/v2/routings?cursor={member(listed, 'nextCursor')}")
    assert member(behind, "data") == member(client.get("/v2/routings?offset=1"), "data") == [routing]


def test_a_routing_is_replaced_as_a_whole(client: DocumentsClient) -> None:
    one, two, three = client.project(), client.project(), client.project()
    before = dict(create(client, one, two, routingNode=NODE, order=3, active=False).json or {})
    answer = put(client, before["id"], {"name": "Other", "fromProjectId": two, "toProjectId": three})
    assert answer.status_code == 200, answer.text
    changed = {
        "name": "Other",
        "fromProjectId": two,
        "toProjectId": three,
        "routingNode": {},
        "order": 0,
        "active": True,
    }
    assert answer.json == before | changed | {"modifiedAt": member(answer, "modifiedAt")}
    assert member(answer, "modifiedAt") > before["modifiedAt"]
    assert client.get(f"/v2/routings/{before['id']}").json == answer.json
    assert put(client, NOBODY, rule(one, two)).status_code == 404


def test_a_routing_is_created_once_and_answered_as_it_was(client: DocumentsClient) -> None:
    one, two = client.project(), client.project()
    first = create(client, one, two, keyed())
    put(client, member(first, "id"), rule(two, one))
    again = create(client, one, two, keyed())
    assert (first.status_code, first.data) == (again.status_code, again.data) == (201, first.data)
    assert len(client.office.projects.routings.routings) == 1
    reused = create(client, two, one, keyed())
    assert (reused.status_code, member(reused, "code")) == (422, "idempotency_key_reused")


def nested(depth: int) -> dict[str, Any]:
    return {"not": nested(depth - 1)} if depth > 1 else {}


def asks(operator: str, *value: Any) -> dict[str, Any]:
    return {"field": "a.b", "operator": operator} | ({"value": value[0]} if value else {})


@pytest.mark.parametrize(
    "node", [nested(MAX_DEPTH), {"any": [{}] * (MAX_NODES - 1)}, asks("equals", ""), asks("oneOf", [1])]
)
def test_conditions_have_room(client: DocumentsClient, node: dict[str, Any]) -> None:
    assert create(client, client.project(), client.project(), routingNode=node).status_code == 201


@pytest.mark.parametrize(
    ("node", "told"),
    [
        ([], "routingNode"), ("x", "routingNode"), (None, "routingNode"), ({"none": []}, "routingNode.none"),
        ({"all": []}, "routingNode.all"), ({"all": {}}, "routingNode.all"), ({"not": []}, "routingNode.not"),
        ({"all": [{}, {"any": [{}, 7]}]}, "routingNode.all.1.any.1"),
        ({"all": [{}], "any": [{}]}, "routingNode: Must have only"),
        ({"not": {"all": [{}], "field": "a", "operator": "exists"}}, "routingNode.not: Must have only one"),
        ({"operator": "exists"}, "routingNode.operator"), ({"value": 1}, "routingNode.value"),
        ({"field": "a"}, "routingNode.operator"), ({"field": "a", "operator": "is"}, "routingNode.operator"),
        ({"field": "a..b", "operator": "exists"}, "routingNode.field"),
        ({"field": "", "operator": "exists"}, "routingNode.field"),
        ({"field": "a b", "operator": "exists"}, "routingNode.field"),
        ({"field": ["a"], "operator": "exists"}, "routingNode.field"),
        ({"field": "x" * 201, "operator": "exists"}, "routingNode.field"), (asks("exists", True), "routingNode.value"),
        (asks("equals"), "routingNode.value"), (asks("equals", [1]), "routingNode.value"),
        (asks("equals", {"$ne": 1}), "value"),
        (asks("equals", None), "routingNode.value"), (asks("equals", 2**53), "routingNode.value"),
        (asks("equals", "x" * 1001), "value"),
        (asks("contains", 7), "routingNode.value"), (asks("contains", ""), "routingNode.value"),
        (asks("startsWith"), "value"),
        (asks("oneOf", "x"), "routingNode.value"), (asks("oneOf", []), "value"),
        (asks("oneOf", [[1]]), "routingNode.value"),
        (asks("oneOf", [1] * 101), "routingNode.value"), (asks("greaterThan", "many"), "routingNode.value"),
        (asks("greaterThan", True), "routingNode.value"), (asks("lessThan", "2026-13-01"), "routingNode.value"),
        (nested(MAX_DEPTH + 1), "8 deep"), (nested(900), "8 deep"), ({"any": [{}] * MAX_NODES}, "100 conditions"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_a_bad_condition_is_refused_with_its_place(client: DocumentsClient, node: Any, told: str) -> None:
    answer = create(client, client.project(), client.project(), routingNode=node)
    assert (answer.status_code, member(answer, "code")) == (400, "bad_request")
    assert told in member(answer, "detail")
    assert not client.office.projects.routings.routings


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""}, {"name": "x" * 201}, {"name": None}, {"active": "yes"}, {"order": 1.5}, {"order": True},
        {"order": 10**9}, {"postRoutingAction": "delete"}, {"id": "x"}, {"fromProjectId": 7}, {"toProjectId": None},
        {"createdBy": "me"},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_routing_is_refused(client: DocumentsClient, change: dict[str, Any]) -> None:
    one, two = client.project(), client.project()
    kept = member(create(client, one, two), "id")
    before = client.get(f"/v2/routings/{kept}").json
    assert create(client, one, two, **change).status_code == 400
    assert put(client, kept, rule(one, two) | change).status_code == 400
    assert client.get(f"/v2/routings/{kept}").json == before


def test_a_routing_does_not_lead_where_it_comes_from(client: DocumentsClient) -> None:
    one = client.project()
    answer = create(client, one, one)
    assert (answer.status_code, "toProjectId" in member(answer, "detail")) == (400, True)


def test_routings_that_lead_back_are_refused_by_the_names_of_the_projects(client: DocumentsClient) -> None:
    one, two, three = client.project(), client.project(), client.project()
    create(client, one, two)
    create(client, two, three)
    answer = create(client, three, one)
    assert (answer.status_code, member(answer, "code")) == (400, "routing_cycle")
    assert all(project in member(answer, "detail") for project in (one, two, three))
    asleep = create(client, three, one, active=False)
    assert asleep.status_code == 201
    woken = put(client, member(asleep, "id"), rule(three, one))
    assert (woken.status_code, member(woken, "code")) == (400, "routing_cycle")
    assert client.get(f"/v2/routings/{member(asleep, 'id')}").json == asleep.json


@pytest.mark.parametrize("unknown", [NOBODY, "x", "", "7" * 500])
def test_projects_that_are_not_there_are_not_found(client: DocumentsClient, unknown: str) -> None:
    one = client.project()
    foreign = client.project(THEIRS)
    for project in (unknown, foreign):
        for answer in (create(client, one, project), create(client, project, one)):
            assert (answer.status_code, "no project" in member(answer, "detail")) == (404, True)
    kept = member(create(client, one, client.project()), "id")
    assert put(client, kept, rule(one, foreign)).status_code == 404


def test_others_see_and_change_nothing(client: DocumentsClient) -> None:
    one, two, three = client.project(), client.project(), client.project()
    routing_id = member(create(client, one, two), "id")
    before = client.get(f"/v2/routings/{routing_id}").json
    for headers in (THEIRS, authorization(projects=[one, three]), authorization(projects=[])):
        own = client.project(THEIRS), client.project(THEIRS)
        for body in (rule(one, two), rule(*own)):
            told = [put(client, each, body, headers) for each in (routing_id, NOBODY)]
            told += [client.get(f"/v2/routings/{each}", headers) for each in (routing_id, NOBODY)]
            assert {answer.status_code for answer in told} == {404}
            assert (told[0].data, told[2].data) == (told[1].data, told[3].data)
        assert member(client.get("/v2/routings", headers), "totalCount") == 0
        assert create(client, one, two, headers).status_code == 404
    assert client.get(f"/v2/routings/{routing_id}").json == before


def test_a_limited_client_routes_between_its_own_projects(client: DocumentsClient) -> None:
    one, hidden, three = client.project(), client.project(), client.project()
    narrow = authorization(projects=[one, three])
    routing_id = member(create(client, one, three, narrow), "id")
    assert client.get(f"/v2/routings/{routing_id}", narrow).status_code == 200
    assert member(client.get("/v2/routings", narrow), "totalCount") == 1
    put(client, routing_id, rule(one, hidden))
    create(client, hidden, three)
    assert member(client.get("/v2/routings", narrow), "totalCount") == 0
    refused = create(client, three, one, narrow)
    assert member(refused, "code") == "routing_cycle"
    assert hidden not in refused.text
    assert "another project" in refused.text


def test_no_document_came_by_e_mail(client: DocumentsClient) -> None:
    document_id = client.process()
    answers = [
        client.get(f"/v2/emails/{each}/content", headers)
        for headers in (MINE, THEIRS)
        for each in (document_id, NOBODY, "x")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
