"""Documents that were read go where the routings of their project lead them."""

from __future__ import annotations

from typing import Any

import pytest

from services.documents.usecases.settling import MAX_ROUTED
from shared.contracts.documents import ProcessDocument
from shared.contracts.extraction import Check
from tests.support.documents import DocumentsClient, member

LARGE = {"field": "totals.gross", "operator": "atLeast", "value": 1000}


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def route(client: DocumentsClient, start: str, end: str, action: str, node: Any = LARGE) -> str:
    rule = {"name": "Large ones", "fromProjectId": start, "toProjectId": end, "routingNode": node}
    answer = client.post("/v2/routings", rule | {"postRoutingAction": action})
    assert answer.status_code == 201, answer.text
    return str(member(answer, "id"))


def reasons(client: DocumentsClient, document_id: str) -> list[tuple[str, str, int]]:
    states = client.get(f"/v2/documents/{document_id}/states").json or []
    return [(entry["state"], entry["reason"], entry["attempt"]) for entry in states]


def test_a_document_is_read_again_in_the_project_it_is_routed_to(client: DocumentsClient) -> None:
    start, end = client.project(), client.project(ocr={"languages": ["German"]})
    route(client, start, end, "reprocess")
    document_id = client.process(start)
    client.settle(document_id, totals={"gross": 1000})
    document = client.document(document_id)
    assert (document["projectId"], document["state"]) == (end, "processing")
    assert reasons(client, document_id)[1:] == [
        ("processing", "handed_over", 1),
        ("extracted", "routed", 1),
        ("processing", "routed", 2),
    ]
    command = client.office.documents.outbox[document_id][-1]
    assert isinstance(command.body, ProcessDocument)
    assert (command.body.project_id, command.body.attempt, command.body.languages) == (end, 2, ("de",))
    client.settle(document_id, totals={"gross": 1000})
    assert client.document(document_id)["state"] == "doneAutomatically"


@pytest.mark.parametrize(("action", "state"), [("none", "doneAutomatically"), ("refresh", "extracted")])
def test_what_was_read_is_kept_and_judged_as_the_action_says(client: DocumentsClient, action: str, state: str) -> None:
    start, end = client.project(), client.project(completion="manual")
    route(client, start, end, action)
    document_id = client.process(start)
    client.settle(document_id, totals={"gross": 1000.5})
    document = client.document(document_id)
    assert (document["projectId"], document["state"], document["entities"]) == (
        end,
        state,
        {"totals": {"gross": 1000.5}},
    )
    [*_, last] = client.get(f"/v2/documents/{document_id}/states").json or []
    assert last["message"] == f"Routed to project {end} by “Large ones”."


def test_a_document_in_review_says_both(client: DocumentsClient) -> None:
    start, end = client.project(), client.project()
    route(client, start, end, "none")
    document_id = client.process(start)
    client.settle(document_id, Check("sum", passed=False, blocking=True, message="It is off."), totals={"gross": 1000})
    document = client.document(document_id)
    assert document["state"] == "reviewRequired"
    assert document["reason"]["message"] == f"Routed to project {end} by “Large ones”. It is off."


def test_what_fits_no_routing_stays(client: DocumentsClient) -> None:
    start, end = client.project(), client.project()
    route(client, start, end, "reprocess")
    document_id = client.process(start)
    client.settle(document_id, totals={"gross": 999.99})
    document = client.document(document_id)
    assert (document["projectId"], document["state"]) == (start, "doneAutomatically")


def test_a_document_whose_file_is_gone_cannot_be_read_again(client: DocumentsClient) -> None:
    start, end = client.project(), client.project()
    route(client, start, end, "reprocess")
    document_id = client.process(start)
    manifests = [key for key in client.office.store.objects if "manifests" in key[1]]
    for key in manifests:
        del client.office.store.objects[key]
    client.settle(document_id, totals={"gross": 1000})
    document = client.document(document_id)
    assert (document["state"], document["reason"]["code"], document["projectId"]) == ("failed", "file_missing", end)


def test_routing_ends_though_routings_change_meanwhile(client: DocumentsClient) -> None:
    """Each routing is turned round while the document is read, which no check of cycles can see."""
    here, there = client.project(), client.project()
    rule = {"name": "To and fro", "routingNode": {}, "fromProjectId": here, "toProjectId": there}
    path = f"/v2/routings/{member(client.post('/v2/routings', rule), 'id')}"
    document_id = client.process(here)
    for _ in range(MAX_ROUTED):
        client.settle(document_id, totals={"gross": 1})
        assert client.document(document_id)["state"] == "processing"
        rule["fromProjectId"], rule["toProjectId"] = rule["toProjectId"], rule["fromProjectId"]
        assert client.put(path, rule).status_code == 200
    client.settle(document_id, totals={"gross": 1})
    assert client.document(document_id)["state"] == "doneAutomatically"
