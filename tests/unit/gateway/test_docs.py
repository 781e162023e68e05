"""The parts of the services become one document, or the conflict is named."""

import json
from typing import Any

import pytest

from gateway.docs import __main__ as command
from gateway.docs import absent, document


def part(path: str, operation_id: str, **schemas: Any) -> dict[str, Any]:
    operation = {"operationId": operation_id, "security": [], "responses": {}}
    return {"paths": {path: {"get": operation}}, "components": {"schemas": schemas}}


def test_parts_become_one_document_that_names_their_service() -> None:
    merged = document.merge(
        {"b": part("/b/{x}", "get_b", Same={"a": 1}), "a": part("/a", "get_a", Same={"a": 1}, Own={})}
    )
    assert list(merged["paths"]) == ["/a", "/b/{x}"]
    assert merged["paths"]["/b/{x}"]["get"]["x-paperlane-service"] == "b"
    assert merged["components"]["schemas"] == {"Own": {}, "Same": {"a": 1}}
    assert [server["url"] for server in merged["servers"]] == ["/", "/_mock"]


def test_two_services_may_share_a_path_but_not_an_operation() -> None:
    post = {"paths": {"/a": {"post": {"operationId": "post_a", "security": [], "responses": {}}}}, "components": {}}
    assert document.merge({"a": part("/a", "get_a"), "b": post})["paths"]["/a"].keys() == {"get", "post"}
    with pytest.raises(document.Conflict, match="/a get"):
        document.merge({"a": part("/a", "get_a"), "b": part("/a", "get_a")})


def test_an_operation_is_described_as_clients_meet_it() -> None:
    secured = part("/v2/audit/shop", "list", Same={})
    secured["paths"]["/v2/audit/shop"]["get"] |= {"security": [{"oauth2": ["audit.read"]}], "responses": {"200": {}}}
    merged = document.merge({"shop": secured})
    operation = merged["paths"]["/v2/audit/shop"]["get"]
    assert (operation["tags"], operation["security"]) == (["audit"], [{"oauth2": ["audit.read"]}, {"apiKey": []}])
    assert list(operation["responses"]) == ["200", "400", "414", "429", "431", "500", "502", "503", "504"]
    assert {"RateLimit", "API-Version", "X-Request-Id"} <= operation["responses"]["200"]["headers"].keys()
    limited = merged["components"]["responses"][operation["responses"]["429"]["$ref"].rpartition("/")[2]]
    assert {"Retry-After", "RateLimit"} <= limited["headers"].keys()
    unread = merged["components"]["responses"]["RequestHeaderFieldsTooLarge"]
    assert unread["headers"].keys() == {"API-Version", "X-Request-Id"}


def test_where_oauth_is_spoken_the_gateway_speaks_it_too() -> None:
    spoken = part("/v2/auth/token", "issue")
    form: dict[str, Any] = {"application/x-www-form-urlencoded": {"schema": {}}}
    spoken["paths"]["/v2/auth/token"]["get"]["requestBody"] = {"content": form}
    answers = document.merge({"auth": spoken})["paths"]["/v2/auth/token"]["get"]["responses"]
    assert answers["504"] == {"$ref": "#/components/responses/OAuth.GatewayTimeout"}


def test_what_is_absent_is_described_with_the_gateway_s_refusals_alone() -> None:
    merged = document.merge({"none": absent.describe()})
    assert {tag["name"] for tag in merged["tags"]} == {absent.TAG}
    for item in merged["paths"].values():
        for operation in item.values():
            assert list(operation["responses"]) == ["400", "414", "429", "431", "500", "501"]
            assert (operation["security"], operation["x-paperlane-service"]) == ([], "none")


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        (part("/a", "same"), part("/b", "same"), "same"),
        (part("/a/{x}", "x"), part("/a/{y}", "y"), "/a/{}"),
        (part("/a", "a", Thing={"a": 1}), part("/b", "b", Thing={"a": 2}), "Thing"),
    ],
)
def test_a_conflict_is_named(one: dict[str, Any], other: dict[str, Any], named: str) -> None:
    with pytest.raises(document.Conflict, match=named):
        document.merge({"one": one, "other": other})


def test_check_tells_whether_the_file_is_up_to_date(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(command, "render", lambda: json.dumps({"é": 1}, ensure_ascii=False))
    file = tmp_path / "openapi.json"
    monkeypatch.setattr(command, "FILE", file)
    monkeypatch.setattr("sys.argv", ["docs"])
    command.main()
    monkeypatch.setattr("sys.argv", ["docs", "--check"])
    command.main()
    assert file.read_text(encoding="utf-8") == '{"é": 1}'
    file.write_text("{}")
    with pytest.raises(SystemExit, match="make openapi"):
        command.main()
