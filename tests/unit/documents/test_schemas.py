"""Schemas of projects: the built-in one, and what may stand in one's own."""

from typing import Any

import pytest

from services.documents.domain.builtin import BUILT_IN
from services.documents.domain.schema import DataType
from tests.support.documents import MINE, DocumentsClient, member

POINT = {"internalName": "totals.gross"}
COMPLETE = {
    "internalName": "totals.gross", "displayName": "Gross", "type": "amount", "source": {"type": "extractor"},
    "preferDayOfMonth": True, "normalization": ["trim", {"a": None}], "rules": {"$min": 0, "a.b": [1.5, "x"]},
    "synonyms": ["Total"], "description": "All of it.", "pattern": "[0-9]+", "examples": ["1.00"],
}  # fmt: skip


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def create(client: DocumentsClient, schema: Any) -> Any:
    return client.post("/v2/projects", {"name": "Own", "schema": schema})


def test_without_one_of_its_own_a_project_has_the_built_in_schema(client: DocumentsClient) -> None:
    schema = client.get(f"/v2/projects/{client.project()}/schema").json
    assert schema
    points = {point.pop("internalName"): point for point in schema.pop("dataPoints")}
    assert schema == {
        "version": 1, "features": {"derivation": False}, "enrichment": {}, "normalization": {}, "validation": {},
    }  # fmt: skip
    assert points["totals.gross"] == {
        "displayName": "Gross total", "type": "amount", "source": {"type": "extractor"}, "normalization": [],
        "rules": {}, "synonyms": [], "examples": [],
    }  # fmt: skip
    kinds = {
        "issuedAt": "date",
        "currency": "currency",
        "items": "table",
        "items.qty": "number",
        "sender.name": "string",
    }
    assert {name: points[name]["type"] for name in kinds} == kinds


def test_the_built_in_schema_could_be_ones_own(client: DocumentsClient) -> None:
    shown = client.get(f"/v2/projects/{client.project()}/schema").json
    own = member(create(client, shown), "id")
    assert client.get(f"/v2/projects/{own}/schema").json == shown
    assert client.office.projects.projects[own].plan.schema == BUILT_IN


def test_a_schema_is_kept_as_it_was_sent(client: DocumentsClient) -> None:
    sent = {
        "version": 7, "dataPoints": [COMPLETE], "features": {"derivation": True}, "enrichment": {"x": {"y": [None]}},
        "normalization": {}, "validation": {"": False},
    }  # fmt: skip
    project_id = member(create(client, sent), "id")
    assert client.get(f"/v2/projects/{project_id}/schema").json == sent
    bare = member(create(client, {"dataPoints": [POINT]}), "schema")
    assert bare["dataPoints"][0] == {
        "internalName": "totals.gross", "displayName": "totals.gross", "type": "string", "normalization": [],
        "source": {"type": "extractor"}, "rules": {}, "synonyms": [], "examples": [],
    }  # fmt: skip


def points(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"dataPoints": [POINT | change for change in changes]}


def nested(depth: int) -> dict[str, Any]:
    return {"a": nested(depth - 1)} if depth else {}


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({}, "schema.dataPoints"), ([], "schema"), ({"dataPoints": []}, "schema.dataPoints"),
        (points({}) | {"other": 1}, "schema.other"), (points({}) | {"version": 1.5}, "schema.version"),
        (points({}) | {"features": {"derivation": "yes"}}, "schema.features.derivation"),
        (points({}) | {"enrichment": []}, "schema.enrichment"), (points({}) | {"validation": nested(11)}, "10 deep"),
        (points({}) | {"normalization": {"a": 2**53}}, "schema.normalization"),
        (points({}, {}), "totals.gross comes more than once"),
        (points({}, {"internalName": "totals.gross.x"}), "totals.gross.x is within totals.gross, which is no table"),
        (points({"internalName": "a b"}), "dataPoints.0.internalName"),
        (points({"internalName": "a."}), "internalName"),
        (points({"internalName": "a\n"}), "internalName"), (points({"internalName": "x" * 101}), "internalName"),
        (points({"internalName": 7}), "internalName"), (points({"type": ""}), "dataPoints.0.type"),
        (points({"source": "person"}), "source"), (points({"other": 1}), "dataPoints.0.other"),
        (points({"preferDayOfMonth": []}), "preferDayOfMonth"), (points({"rules": [1]}), "rules"),
        (points({"synonyms": ["x"] * 51}), "synonyms"), (points({"synonyms": [""]}), "synonyms.0"),
        (points({"normalization": "trim"}), "normalization"), (points({"pattern": "(?=a)"}), "dataPoints.0.pattern"),
        (points({"pattern": 7}), "pattern"), (points({"displayName": ""}), "displayName"),
        (points(*({"internalName": f"n{n}"} for n in range(201))), "schema.dataPoints"),
        (points(*({"internalName": f"n{n}", "synonyms": ["x" * 100] * 20} for n in range(110))), "200000 characters"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_a_bad_schema_is_refused(client: DocumentsClient, schema: Any, told: str) -> None:
    answer = create(client, schema)
    assert (answer.status_code, member(answer, "code")) == (400, "bad_request")
    assert told in member(answer, "detail")


def test_what_the_contract_has_beside_is_kept_and_given_back(client: DocumentsClient) -> None:
    odd = {"type": "multiValue", "source": {"type": "derived", "from": ["a"]}, "preferDayOfMonth": None}
    created = create(client, points(odd))
    assert created.status_code == 201
    (point,) = (client.get(f"/v2/projects/{member(created, 'id')}/schema").json or {})["dataPoints"]
    assert (point["type"], point["source"]) == (odd["type"], odd["source"])
    assert "preferDayOfMonth" not in point


def test_numbers_that_json_cannot_carry_are_refused(client: DocumentsClient) -> None:
    body = '{"name": "x", "schema": {"dataPoints": [{"internalName": "a", "rules": {"max": 1e999}}]}}'
    answer = client.http.post("/v2/projects", data=body, headers={"Content-Type": "application/json", **MINE})
    assert answer.status_code == 400


def test_names_of_the_built_in_schema_are_paths_of_tables_and_values() -> None:
    names = [point.internal_name for point in BUILT_IN.data_points]
    tables = {point.internal_name for point in BUILT_IN.data_points if point.type is DataType.TABLE}
    assert (len(names), tables) == (len(set(names)), {"taxes", "items"})
    assert not set(names) & {name.rpartition(".")[0] for name in names} - tables
