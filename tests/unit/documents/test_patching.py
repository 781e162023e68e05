"""Changes of projects by JSON merge patches."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.documents.app import create_app
from services.documents.domain.projects import Project
from services.documents.usecases import projects as usecases
from shared.web.patches import patched
from tests.support.documents import MINE, THEIRS, DocumentsClient, member
from tests.support.tokens import authorization, bearer

USERS = ["1" * 24, "2" * 24]
POINT = {"internalName": "due", "displayName": "Due", "type": "date"}
SCHEMA = {"version": 2, "dataPoints": [POINT], "enrichment": {"a": {"b": 1}, "c": 2}}
FULL: dict[str, Any] = {
    "name": "Invoices", "note": "All.", "completion": "automatic", "duplicates": "link", "isLive": False,
    "ocr": {"engine": "google", "features": ["plainText"], "languages": ["de"]}, "extractionModelId": "m",
    "members": {"allow": "members", "members": USERS}, "retentionDays": 90, "schema": SCHEMA,
}  # fmt: skip
MERGE_PATCH = "application/merge-patch+json"


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


@pytest.fixture
def project_id(client: DocumentsClient) -> str:
    return client.project(**FULL)


def patch(
    client: DocumentsClient, project_id: str, body: Any, headers: dict[str, str] = MINE, media_type: str = MERGE_PATCH
) -> TestResponse:
    path, data = f"/v2/projects/{project_id}", json.dumps(body)
    return client.http.patch(path, data=data, headers={"Content-Type": media_type, **headers})


def shown(client: DocumentsClient, project_id: str) -> dict[str, Any]:
    return dict(client.get(f"/v2/projects/{project_id}").json or {})


@pytest.mark.parametrize(
    ("target", "change", "expected"),
    [  # RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}), ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}), ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}), ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}), (["a", "b"], ["c", "d"], ["c", "d"]), ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None), ({"a": "foo"}, "bar", "bar"), ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}), ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)  # fmt: skip
def test_a_merge_patch_does_what_the_rfc_says(target: Any, change: Any, expected: Any) -> None:
    assert patched(target, change) == expected


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"name": "Other"}, {"name": "Other"}),
        ({"note": None}, {"note": None}),
        ({"note": "New.", "isLive": True}, {"note": "New.", "isLive": True}),
        ({"ocr": {"languages": ["en"]}}, {"ocr": {**FULL["ocr"], "languages": ["en"]}}),
        ({"ocr": {"languages": None}}, {"ocr": {"engine": "google", "features": ["plainText"]}}),
        ({"ocr": {"engine": "abbyy", "features": None}}, {"ocr": {"engine": "abbyy",
        "features": [], "languages": ["de"]}}),
        ({"ocr": None}, {"ocr": {"engine": "tesseract", "features": []}}),
        ({"extractionModelId": None}, {"extractionModelId": None}),
        ({"members": None}, {"members": {"allow": "all"}}),
        ({"members": {"allow": "all"}}, {"members": {"allow": "all"}}),
        ({"members": {"members": USERS[:1]}}, {"members": {"allow": "members", "members": USERS[:1]}}),
        ({"retentionDays": None}, {"retentionDays": None}),
        ({"retentionDays": 1}, {"retentionDays": 1}),
        ({"completion": "manual", "duplicates": "allow"}, {"completion": "manual", "duplicates": "allow"}),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
@pytest.mark.parametrize("media_type", [MERGE_PATCH, "application/json"])
def test_what_is_named_changes_and_nothing_else(
    client: DocumentsClient, project_id: str, change: dict[str, Any], after: dict[str, Any], media_type: str
) -> None:
    before = shown(client, project_id)
    answer = patch(client, project_id, change, media_type=media_type, headers=authorization(client_id="other"))
    assert answer.status_code == 200, answer.text
    assert answer.json == shown(client, project_id)
    times = {"updatedAt": member(answer, "updatedAt"), "updatedBy": "other"}
    assert times["updatedAt"] > before["updatedAt"]
    expected = before | after | times
    assert answer.json == {name: value for name, value in expected.items() if value is not None}


def test_a_schema_is_merged_and_taken_back(client: DocumentsClient, project_id: str) -> None:
    answer = patch(client, project_id, {"schema": {"version": 3, "enrichment": {"a": {"b": None, "d": 4}}}})
    schema = member(answer, "schema")
    assert (schema["version"], schema["enrichment"]) == (3, {"a": {"d": 4}, "c": 2})
    assert [point["internalName"] for point in schema["dataPoints"]] == ["due"]
    assert "schema" not in (patch(client, project_id, {"schema": None}).json or {})
    assert len(member(client.get(f"/v2/projects/{project_id}/schema"), "dataPoints")) > 40
    incomplete = patch(client, project_id, {"schema": {"version": 3}})
    assert (incomplete.status_code, "schema.dataPoints" in member(incomplete, "detail")) == (400, True)
    assert patch(client, project_id, {"schema": {"dataPoints": [POINT]}}).status_code == 200


def test_an_empty_patch_changes_nothing(client: DocumentsClient, project_id: str) -> None:
    before = shown(client, project_id)
    unchanging: list[dict[str, Any]] = [{}, {"name": "Invoices"}, {"ocr": {}}, {"schema": {}}]
    for change in unchanging:
        assert (patch(client, project_id, change).json, shown(client, project_id)) == (before, before)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ([], "body"), ("x", "body"), (None, "body"), (7, "body"), ({"name": None}, "name"),
        ({"completion": None}, "completion"),
        ({"duplicates": None}, "duplicates"), ({"isLive": None}, "isLive"), ({"isLive": 1}, "isLive"),
        ({"name": " "}, "name"),
        ({"id": "x"}, "id"), ({"unknown": None}, "unknown"), ({"companyId": "b" * 24}, "companyId"),
        ({"createdBy": "me"}, "createdBy"), ({"ocr": {"unknown": None}}, "ocr.unknown"), ({"ocr": "x"}, "ocr"),
        ({"ocr": {"engine": "abbyy"}}, "abbyy has no plainText"), ({"members": {"allow": None}}, "members.allow"),
        ({"members": {"allow": "all", "members": USERS}}, "members.members"),
        ({"members": {"members": None}}, "members.members"),
        ({"schema": {"dataPoints": []}}, "schema.dataPoints"), ({"schema": {"dataPoints": None}}, "schema.dataPoints"),
        ({"schema": {"dataPoints": [POINT, POINT]}}, "due comes more than once"),
        ({"retentionDays": "90"}, "retentionDays"),
        ({"schema": {"enrichment": [[]]}}, "schema.enrichment"), ({"name": {"$ne": ""}}, "name"),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_a_bad_patch_is_refused_and_changes_nothing(
    client: DocumentsClient, project_id: str, change: Any, told: str
) -> None:
    before = shown(client, project_id)
    answer = patch(client, project_id, change)
    assert (answer.status_code, member(answer, "code")) == (400, "bad_request")
    assert told in member(answer, "detail")
    assert shown(client, project_id) == before


@pytest.mark.parametrize("media_type", ["application/json-patch+json", "text/plain", ""])
def test_another_media_type_is_refused(client: DocumentsClient, project_id: str, media_type: str) -> None:
    assert patch(client, project_id, {}, media_type=media_type).status_code == 400


def test_out_of_reach_is_not_there(client: DocumentsClient, project_id: str) -> None:
    before, other = shown(client, project_id), client.project()
    for headers in (THEIRS, authorization(projects=[other])):
        foreign, unknown = (patch(client, each, {"name": "Mine"}, headers) for each in (project_id, "e" * 24))
        assert (foreign.status_code, foreign.data) == (404, unknown.data)
    assert shown(client, project_id) == before
    assert patch(client, project_id, {"name": "Mine"}, authorization(projects=[project_id])).status_code == 200


def test_of_many_at_once_none_is_lost(client: DocumentsClient, project_id: str) -> None:
    application, together = create_app(client.desk, bearer()), threading.Barrier(4)
    changes = [{"name": "New"}, {"ocr": {"languages": ["en"]}}, {"ocr": {"features": []}}, {"schema": {"version": 9}}]

    def change(body: dict[str, Any]) -> int:
        together.wait()
        return application.test_client().patch(f"/v2/projects/{project_id}", json=body, headers=MINE).status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(change, changes)) == [200] * 4
    after = shown(client, project_id)
    assert (after["name"], after["schema"]["version"]) == ("New", 9)
    assert after["ocr"] == {"engine": "google", "features": [], "languages": ["en"]}


def test_who_is_overtaken_tries_again_and_in_the_end_gives_up(
    client: DocumentsClient, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, tried = client.office.projects.change, []

    def lose(before: Project, after: Project) -> bool:
        tried.append(before)
        return len(tried) == 3 and keep(before, after)

    monkeypatch.setattr(client.office.projects, "change", lose)
    assert (patch(client, project_id, {"name": "New"}).status_code, len(tried)) == (200, 3)
    answer = patch(client, project_id, {"name": "Newer"})
    assert (answer.status_code, member(answer, "code")) == (409, "conflict_status")
    assert len(tried) == 3 + usecases.ATTEMPTS
