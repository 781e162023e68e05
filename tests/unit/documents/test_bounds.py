"""What keeps one client's wishes from costing others: deleted files, large conditions, crowds of routings, scopes."""

from __future__ import annotations

import pytest

from services.documents.domain.routings import MAX_ACTIVE, refuse_unfit
from services.documents.errors import TooManyRoutings
from tests.support.documents import DocumentsClient, member
from tests.support.tokens import COMPANY, authorization


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def test_a_file_that_went_with_its_document_is_not_processed_again(client: DocumentsClient) -> None:
    document = client.document(client.process())
    path = f"/v2/documents/{document['id']}"
    assert client.http.delete(path, headers=authorization()).status_code == 200
    order = {"fileId": document["fileId"], "projectId": document["projectId"]}
    answer = client.post("/v2/documents/process-file", order)
    assert (answer.status_code, member(answer, "code")) == (404, "not_found")


def test_routings_in_a_file_need_the_scopes_of_routings(client: DocumentsClient) -> None:
    start, end = client.project(), client.project()
    rule = {"name": "On", "fromProjectId": start, "toProjectId": end}
    assert client.post("/v2/routings", rule).status_code == 201
    weak = authorization(COMPANY, ("projects.read", "projects.write"))
    assert client.get("/v2/projects/export", weak).status_code == 403
    exported = client.get("/v2/projects/export").json
    assert exported
    assert client.post("/v2/projects/import", exported, weak).status_code == 403
    assert client.post("/v2/projects/import", exported | {"routings": []}, weak).status_code == 201
    assert client.post("/v2/projects/import", exported).status_code == 201


def test_a_condition_has_an_end(client: DocumentsClient) -> None:
    texts = ["x" * 1000 for _ in range(10)]
    rule = {
        "name": "Long",
        "fromProjectId": client.project(),
        "toProjectId": client.project(),
        "routingNode": {"field": "number", "operator": "oneOf", "value": texts},
    }
    answer = client.post("/v2/routings", rule)
    assert (answer.status_code, member(answer, "code")) == (400, "bad_request")
    assert "10000 characters" in member(answer, "detail")


def test_so_many_active_routings_lead_out_of_one_project() -> None:
    refuse_unfit(("a", str(n)) for n in range(MAX_ACTIVE))
    with pytest.raises(TooManyRoutings):
        refuse_unfit(("a", str(n)) for n in range(MAX_ACTIVE + 1))
