"""Projects carried in files, with the routings between them."""

import json
from typing import Any

import pytest

from services.documents.domain import porting
from shared.web.reading import MAX_BODY_BYTES
from tests.support.documents import MINE, THEIRS, DocumentsClient, member
from tests.support.tokens import OTHER_COMPANY, authorization

NODE = {"field": "totals.gross", "operator": "atLeast", "value": 1000}
PLAN: dict[str, Any] = {
    "name": "Eingang", "note": "All.", "completion": "automatic", "duplicates": "link", "isLive": False,
    "ocr": {"engine": "google", "features": ["plainText"], "languages": ["German"]}, "extractionModelId": "m",
    "members": {"allow": "members", "members": ["1" * 24]}, "retentionDays": 90,
}  # fmt: skip
SCHEMA: dict[str, Any] = {"dataPoints": [{"internalName": "due", "type": "date", "rules": {"$a.b": 1}}]}
NOBODY = "e" * 24
File = dict[str, Any]


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def route(client: DocumentsClient, start: str, end: str, name: str = "On", **more: Any) -> None:
    rule = {"name": name, "fromProjectId": start, "toProjectId": end, "routingNode": NODE, **more}
    assert client.post("/v2/routings", rule).status_code == 201


def export(client: DocumentsClient, *project_ids: str, headers: dict[str, str] = MINE) -> File:
    query = "&".join(f"projectId={project_id}" for project_id in project_ids)
    answer = client.get(f"/v2/projects/export?{query}", headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def bring(client: DocumentsClient, file: File, headers: dict[str, str] = THEIRS) -> File:
    answer = client.post("/v2/projects/import", file, headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json or {})


def kept(client: DocumentsClient) -> tuple[int, int]:
    return len(client.office.projects.projects), len(client.office.projects.routings.routings)


def rule(start: str, end: str) -> File:
    return {"name": "On", "fromProjectId": start, "toProjectId": end}


def file_of(*ids: str, routings: Any = ()) -> File:
    projects = [{"id": each, "name": f"Project {each}"} for each in ids]
    return {"kind": "paperlane-projects", "version": 1, "projects": projects, "routings": list(routings)}


def test_what_was_exported_can_be_imported_elsewhere(client: DocumentsClient) -> None:
    one = client.project(**PLAN, schema=SCHEMA)
    two, three = client.project(name="Two"), client.project(name="Three")
    route(client, one, two, "First", order=3, active=False)
    route(client, two, three, "Second", postRoutingAction="none")
    file = export(client)
    assert (file["kind"], file["version"]) == ("paperlane-projects", 1)
    assert [project["id"] for project in file["projects"]] == [one, two, three]
    schema = client.get(f"/v2/projects/{one}/schema").json
    assert file["projects"][0] == {"id": one, **PLAN, "schema": schema}
    told = bring(client, file)
    ids = {project["importedFrom"]: project["id"] for project in told["projects"]}
    assert [project["importedFrom"] for project in told["projects"]] == [one, two, three]
    assert [project["name"] for project in told["projects"]] == ["Eingang", "Two", "Three"]
    assert [routing["name"] for routing in told["routings"]] == ["First", "Second"]
    moved = json.loads(_renamed(json.dumps(file), ids))
    assert export(client, headers=THEIRS) == moved
    project = client.get(f"/v2/projects/{ids[one]}", THEIRS).json
    assert project
    assert project["createdBy"] == "tester"
    assert project["createdAt"] > file_time(client, one)
    routing = client.get(f"/v2/routings/{told['routings'][0]['id']}", THEIRS).json
    assert routing
    assert (routing["routingNode"], routing["order"], routing["active"]) == (NODE, 3, False)


def file_time(client: DocumentsClient, project_id: str) -> str:
    return str(member(client.get(f"/v2/projects/{project_id}"), "createdAt"))


def _renamed(text: str, ids: dict[str, str]) -> str:
    for old, new in ids.items():
        text = text.replace(old, new)
    return text


def test_some_projects_are_exported_with_what_leads_from_one_to_another(client: DocumentsClient) -> None:
    one, two, three = client.project(), client.project(), client.project()
    for start, end in ((one, two), (two, three), (one, three)):
        route(client, start, end, f"{start}-{end}")
    file = export(client, three, one, one)
    assert [project["id"] for project in file["projects"]] == [one, three]
    assert [routing["name"] for routing in file["routings"]] == [f"{one}-{three}"]
    assert export(client, NOBODY) == export(client, one, headers=THEIRS) == file_of()
    assert export(client, NOBODY, two)["projects"][0]["id"] == two
    assert client.get("/v2/projects/export?projectId=x").status_code == 400


def test_a_limited_client_exports_what_it_sees(client: DocumentsClient) -> None:
    one, two, three = client.project(), client.project(), client.project()
    route(client, one, two)
    route(client, two, three)
    narrow = authorization(projects=[one, two])
    for asked in ((), (one, two, three)):
        file = export(client, *asked, headers=narrow)
        assert [project["id"] for project in file["projects"]] == [one, two]
        assert len(file["routings"]) == 1
    assert export(client, three, headers=narrow) == file_of()
    assert export(client, headers=authorization(projects=[])) == file_of()


def test_too_much_for_one_file_is_refused_with_the_cure(
    client: DocumentsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = [{"internalName": f"n{n}", "description": "x" * 900} for n in range(190)]
    large = [client.project(schema={"dataPoints": points}) for _ in range(6)]
    answer = client.get("/v2/projects/export")
    assert (answer.status_code, str(MAX_BODY_BYTES) in member(answer, "detail")) == (400, True)
    assert len(export(client, *large[:4])["projects"]) == 4
    monkeypatch.setattr("services.documents.usecases.porting.MAX_PROJECTS", 2)
    answer = client.get("/v2/projects/export")
    assert (answer.status_code, "projectId: there are more than 2" in member(answer, "detail")) == (400, True)
    assert porting.MAX_PROJECTS == 200


def test_routings_may_lead_to_projects_that_are_here(client: DocumentsClient) -> None:
    here = client.project(THEIRS)
    told = bring(client, file_of("a", routings=[rule("a", here)]))
    made = client.get(f"/v2/routings/{told['routings'][0]['id']}", THEIRS).json
    assert made
    assert (made["fromProjectId"], made["toProjectId"]) == (told["projects"][0]["id"], here)


def test_a_project_of_the_file_goes_before_one_that_is_here(client: DocumentsClient) -> None:
    one, two = client.project(), client.project()
    route(client, one, two)
    told = bring(client, export(client), MINE)
    made = client.get(f"/v2/routings/{told['routings'][0]['id']}").json
    assert made
    assert [made["fromProjectId"], made["toProjectId"]] == [project["id"] for project in told["projects"]]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (file_of(), "projects"), (file_of("a", "a"), "The id a comes more than once"), ([], "body"),
        (file_of("a") | {"kind": "other"}, "kind"), (file_of("a") | {"version": 2}, "version"),
        (file_of("a") | {"version": True}, "version"), (file_of("a") | {"other": 1}, "other"),
        ({"projects": [{"id": "a", "name": "A"}]}, "kind"), (file_of(*map(str, range(201))), "projects"),
        (file_of("a", "b") | {"projects": [{"id": "a", "name": ""}]}, "projects.0.name"),
        (file_of("a") | {"projects": [{"name": "A"}]}, "projects.0.id"),
        (file_of("a") | {"projects": [{"id": "a", "name": "A", "createdBy": "x"}]}, "projects.0.createdBy"),
        (file_of("a", "b", routings=[rule("a", "b") | {"routingNode": {"x": 1}}]), "routings.0.routingNode.x"),
        (file_of("a", "b", routings=[rule("a", "b"), rule("a", "c")]), "routings.1.toProjectId: there is no project c"),
        (file_of("a", routings=[rule(NOBODY, "a")]), f"routings.0.fromProjectId: there is no project {NOBODY}"),
        (file_of("a", routings=[rule("a", "a")]), "routings.0.toProjectId"),
        (file_of("a", routings=[rule("a", "b")] * 1001), "routings"),
    ],
    ids=lambda value: str(value)[:70],
)  # fmt: skip
def test_a_bad_file_is_refused_and_leaves_nothing(client: DocumentsClient, file: Any, told: str) -> None:
    answer = client.post("/v2/projects/import", file)
    assert (answer.status_code, member(answer, "code")) == (400, "bad_request")
    assert told in member(answer, "detail")
    assert kept(client) == (0, 0)


def test_another_companys_project_is_like_none(client: DocumentsClient) -> None:
    foreign = client.project()
    details = []
    for project in (foreign, NOBODY):
        answer = client.post("/v2/projects/import", file_of("a", routings=[rule("a", project)]), THEIRS)
        details.append((answer.status_code, member(answer, "detail").replace(project, "ID")))
    assert details[0] == details[1]
    assert details[0][0] == 400
    assert kept(client) == (1, 0)


def test_a_cycle_is_told_in_the_words_of_the_file(client: DocumentsClient) -> None:
    here = client.project(THEIRS)
    file = file_of("a", "b", routings=[rule("a", "b"), rule("b", here), rule(here, "a")])
    answer = client.post("/v2/projects/import", file, THEIRS)
    assert (answer.status_code, member(answer, "code")) == (400, "routing_cycle")
    assert any(f"{way} →" in member(answer, "detail") for way in ("a → b", f"b → {here}"))
    assert kept(client) == (1, 0)


def test_a_file_is_imported_once_for_a_key(client: DocumentsClient) -> None:
    file, keyed = file_of("a", "b", routings=[rule("a", "b")]), {**THEIRS, "Idempotency-Key": "k-1"}
    first, again = (client.post("/v2/projects/import", file, keyed) for _ in range(2))
    assert (first.status_code, first.data) == (again.status_code, again.data) == (201, first.data)
    assert kept(client) == (2, 1)
    reused = client.post("/v2/projects/import", file_of("a"), keyed)
    assert (reused.status_code, member(reused, "code")) == (422, "idempotency_key_reused")


def test_who_is_limited_to_projects_imports_none(client: DocumentsClient) -> None:
    refused = client.post("/v2/projects/import", file_of("a"), authorization(OTHER_COMPANY, projects=[]))
    assert (refused.status_code, member(refused, "code"), kept(client)) == (403, "access_forbidden", (0, 0))
