"""Projects over HTTP."""

from typing import Any

import pytest

from tests.support.documents import DocumentsClient, member

BAD_PLANS = [
    *({"name": ""}, {"name": "  "}, {"name": "x" * 61}, {"name": 7}, {"completion": "maybe"}, {"duplicates": "fail"}),
    *({"languages": []}, {"languages": ["xx"]}, {"languages": "de"}, {"note": "x" * 1001}, {"companyId": "b" * 24}),
]


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def test_projects_are_created_read_and_found(client: DocumentsClient) -> None:
    answer = client.post("/v2/projects", {"name": "Eingang", "note": "All of it.", "languages": ["de", "de"]})
    assert answer.status_code == 201
    project = answer.json
    assert project is not None
    assert {name: project[name] for name in ("name", "note", "completion", "duplicates", "languages", "createdBy")} == {
        "name": "Eingang",
        "note": "All of it.",
        "completion": "manual",
        "duplicates": "allow",
        "languages": ["de"],
        "createdBy": "tester",
    }
    assert client.get(f"/v2/projects/{project['id']}").json == project
    other = client.project(name="Other")
    for query, expected in (
        ("", [other, project["id"]]),
        ("?sort=createdAt", [project["id"], other]),
        ("?search=EIN", [project["id"]]),
        (f"?search={other}", [other]),
        ("?search=.*", []),
        ("?limit=1&offset=1", [project["id"]]),
    ):
        assert [item["id"] for item in member(client.get(f"/v2/projects{query}"), "data")] == expected, query


@pytest.mark.parametrize("change", BAD_PLANS)
def test_a_bad_project_is_refused(client: DocumentsClient, change: dict[str, Any]) -> None:
    assert client.post("/v2/projects", {"name": "Invoices"} | change).status_code == 400
    assert not client.office.projects.projects
