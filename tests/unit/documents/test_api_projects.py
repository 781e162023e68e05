"""Projects over HTTP: created, read, found, and refused when something is wrong with them."""

from typing import Any

import pytest

from services.documents.domain.projects import LANGUAGES, Plan
from tests.support.documents import MINE, THEIRS, DocumentsClient, member
from tests.support.tokens import authorization

USER = "6040dc9680b782b365ea77d8"
FULL: dict[str, Any] = {
    "name": "Eingang", "note": "All of it.", "completion": "automatic", "duplicates": "link", "isLive": False,
    "ocr": {"engine": "google", "features": ["barcodes", "plainText"], "languages": ["German", "en"]},
    "extractionModelId": "invoices-7", "members": {"allow": "members", "members": [USER]}, "retentionDays": 3650,
    "schema": {
        "version": 3, "dataPoints": [{"internalName": "due", "displayName": "Due", "type": "date"}],
        "features": {"derivation": True}, "enrichment": {}, "normalization": {}, "validation": {},
    },
}  # fmt: skip
DEFAULTS = {
    "ocr": {"engine": "tesseract", "features": []},
    "completion": "manual",
    "duplicates": "fail",
    "members": {"allow": "all"},
    "isLive": True,
}
BAD_PLANS: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"), ({"name": "  "}, "name"), ({"name": "x" * 61}, "name"), ({"name": 7}, "name"),
    ({"name": None}, "name"), ({"note": "x" * 1001}, "note"), ({"note": None}, "note"),
    ({"completion": "maybe"}, "completion"),
    ({"duplicates": "no"}, "duplicates"), ({"isLive": "yes"}, "isLive"), ({"languages": ["en"]}, "languages"),
    ({"companyId": "b" * 24}, "companyId"), ({"id": "b" * 24}, "id"), ({"number": 1}, "number"),
    ({"ocr": {"languages": []}}, "ocr.languages"), ({"ocr": {"languages": ["en"] * 6}}, "ocr.languages"),
    ({"ocr": {"languages": ["Russian"]}}, "Russian cannot be read. These can: English (en), German (de), "),
    ({"ocr": {"languages": "de"}}, "ocr.languages"), ({"ocr": {"engine": "other"}}, "ocr.engine"),
    ({"ocr": {"features": ["plainText"]}}, "tesseract has no plainText, only barcodes"),
    ({"ocr": {"engine": "google", "features": ["x"]}}, "ocr.features.0"), ({"ocr": []}, "ocr"),
    ({"members": {}}, "members.allow"), ({"members": {"allow": "some"}}, "members.allow"),
    ({"members": {"allow": "all", "members": [USER]}}, "members.members"),
    ({"members": {"allow": "members"}}, "members.members"),
    ({"members": {"allow": "members", "members": []}}, "members.members"),
    ({"members": {"allow": "members", "members": ["x"]}}, "members.members.0"),
    ({"retentionDays": 0}, "retentionDays"), ({"retentionDays": 3651}, "retentionDays"),
    ({"retentionDays": 5.7}, "retentionDays"), ({"retentionDays": True}, "retentionDays"),
    ({"extractionModelId": ""}, "extractionModelId"),
    ({"schema": {}}, "schema.dataPoints"),
]  # fmt: skip


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def made(client: DocumentsClient, **plan: Any) -> dict[str, Any]:
    answer = client.post("/v2/projects", plan)
    assert answer.status_code == 201, answer.text
    return dict(answer.json or {})


def found(client: DocumentsClient, query: str, headers: dict[str, str] = MINE) -> list[str]:
    answer = client.get(f"/v2/projects{query}", headers)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in member(answer, "data")]


def test_a_project_needs_only_a_name(client: DocumentsClient) -> None:
    project = made(client, name="Invoices")
    identity, created = project.pop("id"), project.pop("createdAt")
    assert project == {
        "name": "Invoices", **DEFAULTS, "createdBy": "tester", "updatedAt": created, "updatedBy": "tester",
    }  # fmt: skip
    assert client.get(f"/v2/projects/{identity}").json == {"id": identity, "createdAt": created} | project
    assert made(client, name="Invoices")["id"] != identity, "names need not be unique"


def test_a_project_is_answered_as_it_was_sent(client: DocumentsClient) -> None:
    project = made(client, **FULL)
    schema = project.pop("schema")
    assert project == {name: project[name] for name in project.keys() - FULL.keys()} | {
        name: value for name, value in FULL.items() if name != "schema"
    }
    assert schema == FULL["schema"] | {"dataPoints": schema["dataPoints"]}
    assert client.get(f"/v2/projects/{project['id']}").json == project | {"schema": schema}
    (listed,) = member(client.get("/v2/projects"), "data")
    assert listed == project, "lists leave the schema out"


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, ("en", "de", "fr", "es", "it", "nl")),
        ({"languages": ["German", "de", "en"]}, ("de", "en")),
        ({"languages": ["English"]}, ("en",)),
        ({"languages": ["GermanNewSpelling", "Polish", "pt"]}, ("de", "pl", "pt")),
    ],
)
def test_documents_are_read_in_the_languages_of_their_project(
    client: DocumentsClient, given: dict[str, Any], codes: tuple[str, ...]
) -> None:
    project = made(client, name="Invoices", ocr={"engine": "abbyy", **given})
    assert project["ocr"] == {"engine": "abbyy", "features": [], **given}
    assert client.office.projects.projects[project["id"]].plan.languages == codes
    assert set(codes) <= LANGUAGES.keys()
    assert Plan("x").languages == ("en", "de", "fr", "es", "it", "nl")


@pytest.mark.parametrize(("change", "told"), BAD_PLANS, ids=lambda value: str(value)[:40])
def test_a_bad_project_is_refused_with_the_name_of_what_is_wrong(
    client: DocumentsClient, change: dict[str, Any], told: str
) -> None:
    answer = client.post("/v2/projects", {"name": "Invoices"} | change)
    assert (answer.status_code, member(answer, "code")) == (400, "bad_request")
    assert told in member(answer, "detail")
    assert not client.office.projects.projects


def test_projects_are_found(client: DocumentsClient) -> None:
    one, two = made(client, name="Eingang (DE)")["id"], made(client, name="Other")["id"]
    number = client.office.projects.projects[one].number
    for query, expected in (
        ("", [two, one]),
        ("?sort=createdAt", [one, two]),
        ("?sort=+createdAt", [one, two]),
        ("?search=EIN", [one]),
        ("?search=(d", [one]),
        (f"?search={two}", [two]),
        ("?search=.*", []),
        (f"?number={number}", [one]),
        (f"?number={number}&search=other", []),
        ("?limit=1&offset=1", [one]),
        ("?limit=0", []),
    ):
        assert found(client, query) == expected, query
        assert found(client, query, THEIRS) == [], query
    first = client.get("/v2/projects?limit=1")
    assert (member(first, "totalCount"), found(client, f"?cursor={member(first, 'nextCursor')}")) == (2, [one])


@pytest.mark.parametrize(
    "query", ["sort=updatedAt", "number=0", "number=x", "include=schema", "limit=-1", "cursor=x", "x=1"]
)
def test_a_bad_query_is_refused(client: DocumentsClient, query: str) -> None:
    assert client.get(f"/v2/projects?{query}").status_code == 400


def test_the_number_is_shown_to_those_who_ask(client: DocumentsClient) -> None:
    project = made(client, name="Invoices")
    number = client.office.projects.projects[project["id"]].number
    path = f"/v2/projects/{project['id']}"
    assert "number" not in project
    assert client.get(f"{path}?include=number").json == project | {"number": number}
    assert member(client.get("/v2/projects?include=number"), "data")[0]["number"] == number
    assert "number" not in member(client.get("/v2/projects"), "data")[0]
    assert client.get(f"{path}?include=schema").status_code == 400


def test_others_see_nothing_of_it(client: DocumentsClient) -> None:
    project_id, nobody = made(client, name="Invoices")["id"], "e" * 24
    narrow = authorization(projects=[made(client, name="Other")["id"]])
    for headers in (THEIRS, narrow):
        for path in ("", "/schema", "?include=number"):
            foreign, unknown = (client.get(f"/v2/projects/{each}{path}", headers) for each in (project_id, nobody))
            assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data) == (404, unknown.data)
        assert found(client, f"?search={project_id}", headers) == []
