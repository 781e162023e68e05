"""A change of the API that breaks clients is seen, one that does not is let through: pairs of small documents."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.support import release
from tests.support.release import BREAKING, INFO, WARNING, breaks_clients, changes

Document = dict[str, Any]
Edit = Callable[[Document], object]
THING = "#/components/schemas/Thing"
BEFORE: Document = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "2.1.0"},
    "paths": {
        "/things": {
            "get": {
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 50}}],
                "security": [{"oauth2": ["things.read"]}, {"apiKey": []}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"type": "array", "items": {"$ref": THING}}}}},
                    "404": {"$ref": "#/components/responses/NotFound"},
                },
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}}}},
                "responses": {"201": {"content": {"application/json": {"schema": {"$ref": THING}}}}},
            },
        },
        "/things/{id}": {"get": {"responses": {"200": {}}}, "delete": {"responses": {"204": {}}}},
        "/later": {"get": {"x-paperlane-service": "none", "security": [], "responses": {"501": {}}}},
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "state": {"enum": ["new", "done"]},
                    "at": {"type": ["string", "null"]},
                },
                "required": ["id", "state", "at"],
            },
            "NewThing": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "kind": {"enum": ["a", "b"]}},
                "required": ["name"],
            },
            "Problem": {"type": "object", "properties": {"code": {"type": "string"}}},
        },
        "responses": {
            "NotFound": {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        },
    },
}


def things(document: Document) -> Document:
    return document["paths"]["/things"]  # type: ignore[no-any-return]


def schema(document: Document, name: str) -> Document:
    return document["components"]["schemas"][name]  # type: ignore[no-any-return]


def edited(edit: Edit) -> Document:
    after = deepcopy(BEFORE)
    edit(after)
    return after


NEEDED = {"name": "since", "in": "query", "required": True, "schema": {"type": "string"}}
OPTIONAL = {"name": "since", "in": "query", "schema": {"type": "string"}}


@pytest.mark.parametrize(
    "edit",
    [
        lambda api: api["paths"].pop("/things/{id}"),
        lambda api: api["paths"]["/things/{id}"].pop("delete"),
        lambda api: things(api)["get"]["parameters"].append(NEEDED),
        lambda api: things(api)["get"]["parameters"][0]["schema"].update(maximum=20),
        lambda api: schema(api, "NewThing")["required"].append("kind"),
        lambda api: schema(api, "NewThing")["properties"]["kind"].update(enum=["a"]),
        lambda api: schema(api, "Thing")["properties"].pop("state"),
        lambda api: schema(api, "Thing")["properties"].update(id={"type": "integer"}),
        lambda api: schema(api, "Thing")["properties"].update(id={"type": ["string", "null"]}),
        lambda api: schema(api, "Thing")["required"].remove("at"),
        lambda api: things(api)["post"]["responses"].update({"202": things(api)["post"]["responses"].pop("201")}),
        lambda api: schema(api, "Problem")["properties"].pop("code"),
        lambda api: things(api)["get"]["security"][0].update(oauth2=["things.manage"]),
        lambda api: things(api)["post"].update(security=[{"oauth2": ["things.write"]}]),
    ],
    ids=[
        "a path is gone", "a method is gone", "a parameter is needed", "a limit is narrower", "a member is needed",
        "a value is not taken", "a member is not answered", "a type is another", "null may come", "a member may lack",
        "success has another status", "a refusal says less", "another scope is needed", "a token is needed",
    ],
)  # fmt: skip
def test_what_breaks_clients_is_seen(edit: Edit) -> None:
    after = edited(edit)
    assert changes(BEFORE, after)[0].severity == BREAKING
    assert breaks_clients(BEFORE, after)
    after["info"]["version"] = "3.0.0"
    assert not breaks_clients(BEFORE, after)


@pytest.mark.parametrize(
    "edit",
    [
        lambda api: api["paths"].update({"/more": {"get": {"responses": {"200": {}}}}}),
        lambda api: things(api)["get"]["parameters"].append(OPTIONAL),
        lambda api: schema(api, "Thing")["properties"].update(more={"type": "string"}),
        lambda api: schema(api, "NewThing")["properties"].update(more={"type": "string"}),
        lambda api: schema(api, "NewThing")["properties"]["kind"].update(enum=["a", "b", "c"]),
        lambda api: things(api)["get"]["responses"].update({"503": {}}),
    ],
    ids=["a path", "a parameter", "a member answered", "a member taken", "a value taken", "a refusal"],
)
def test_what_is_new_breaks_nobody(edit: Edit) -> None:
    after = edited(edit)
    assert {change.severity for change in changes(BEFORE, after)} == {INFO}
    assert not breaks_clients(BEFORE, after)


def test_a_new_value_in_an_answer_is_a_warning() -> None:
    after = edited(lambda api: schema(api, "Thing")["properties"]["state"].update(enum=["new", "done", "lost"]))
    assert {change.severity for change in changes(BEFORE, after)} == {WARNING}


def test_what_nobody_answers_yet_can_be_built_in_any_way() -> None:
    built = {"security": [{"oauth2": ["later.read"]}], "parameters": [NEEDED], "responses": {"200": {}}}
    after = edited(lambda api: api["paths"].update({"/later": {"get": built}}))
    assert {change.severity for change in changes(BEFORE, after)} == {INFO}


def test_the_same_is_no_change() -> None:
    assert changes(BEFORE, deepcopy(BEFORE)) == []


def test_the_command_fails_on_what_breaks_and_takes_the_present(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    present, released = tmp_path / "openapi.json", tmp_path / "released.json"
    monkeypatch.setattr(release, "FILE", present)
    monkeypatch.setattr(release, "RELEASED", released)
    released.write_text(json.dumps(BEFORE))
    present.write_text(json.dumps(edited(lambda api: api["paths"].pop("/things/{id}"))))
    monkeypatch.setattr("sys.argv", ["release"])
    with pytest.raises(SystemExit, match="major VERSION"):
        release.main()
    assert capsys.readouterr().out.startswith("breaking: /things/{id}: ")
    monkeypatch.setattr("sys.argv", ["release", "--take"])
    release.main()
    assert released.read_text() == present.read_text()
    monkeypatch.setattr("sys.argv", ["release"])
    release.main()
    assert capsys.readouterr().out == ""
