"""The parts of the services become one document, or the conflict is named."""

import json
from typing import Any

import pytest

from gateway import docs


def part(path: str, operation_id: str, **schemas: Any) -> dict[str, Any]:
    operation = {"operationId": operation_id, "security": [], "responses": {}}
    return {"paths": {path: {"get": operation}}, "components": {"schemas": schemas}}


def test_parts_become_one_document_that_names_their_service() -> None:
    merged = docs.merge({"b": part("/b/{x}", "get_b", Same={"a": 1}), "a": part("/a", "get_a", Same={"a": 1}, Own={})})
    assert list(merged["paths"]) == ["/a", "/b/{x}"]
    assert merged["paths"]["/b/{x}"]["get"]["x-paperlane-service"] == "b"
    assert merged["components"]["schemas"] == {"Own": {}, "Same": {"a": 1}}
    assert merged["servers"] == [{"url": "/"}]


def test_two_services_may_share_a_path_but_not_an_operation() -> None:
    post = {"paths": {"/a": {"post": {"operationId": "post_a", "security": [], "responses": {}}}}, "components": {}}
    assert docs.merge({"a": part("/a", "get_a"), "b": post})["paths"]["/a"].keys() == {"get", "post"}
    with pytest.raises(docs.Conflict, match="/a get"):
        docs.merge({"a": part("/a", "get_a"), "b": part("/a", "get_a")})


def test_an_operation_is_described_as_clients_meet_it() -> None:
    secured = part("/v2/audit/shop", "list", Same={})
    secured["paths"]["/v2/audit/shop"]["get"] |= {"security": [{"oauth2": ["audit.read"]}], "responses": {"200": {}}}
    operation = docs.merge({"shop": secured})["paths"]["/v2/audit/shop"]["get"]
    assert (operation["tags"], operation["security"]) == (["audit"], [{"oauth2": ["audit.read"]}, {"apiKey": []}])
    assert operation["responses"].keys() == {"200", "429"}
    assert "RateLimit" in operation["responses"]["200"]["headers"]


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        (part("/a", "same"), part("/b", "same"), "same"),
        (part("/a/{x}", "x"), part("/a/{y}", "y"), "/a/{}"),
        (part("/a", "a", Thing={"a": 1}), part("/b", "b", Thing={"a": 2}), "Thing"),
    ],
)
def test_a_conflict_is_named(one: dict[str, Any], other: dict[str, Any], named: str) -> None:
    with pytest.raises(docs.Conflict, match=named):
        docs.merge({"one": one, "other": other})


def test_check_tells_whether_the_file_is_up_to_date(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(docs, "render", lambda: json.dumps({"é": 1}, ensure_ascii=False))
    monkeypatch.setattr(docs, "FILE", tmp_path / "openapi.json")
    monkeypatch.setattr("sys.argv", ["docs"])
    docs.main()
    monkeypatch.setattr("sys.argv", ["docs", "--check"])
    docs.main()
    assert docs.FILE.read_text(encoding="utf-8") == '{"é": 1}'
    docs.FILE.write_text("{}")
    with pytest.raises(SystemExit, match="make openapi"):
        docs.main()
