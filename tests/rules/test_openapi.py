"""The public document is what the services' code says, valid, whole, and has nothing open by accident."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from gateway.docs import absent
from gateway.docs.document import FILE, render
from gateway.routes import ABSENT, OWN, SERVICE, Table
from gateway.settings import SERVICES
from shared.contracts.auth import INTROSPECTION_PATH, JWKS_PATH, METADATA_PATH, REVOCATION_PATH, TOKEN_PATH
from shared.scopes import SCOPES
from shared.web.examples import UNTOLD

# Whoever may call these has no token yet, shows his own credentials, or needs none: they say what is public anyway.
PUBLIC = {
    ("get", METADATA_PATH),
    ("get", JWKS_PATH),
    ("get", "/v2/docs"),
    ("get", "/v2/docs/scalar.js"),
    ("get", "/v2/docs/start.js"),
    ("get", "/v2/openapi.json"),
    ("post", INTROSPECTION_PATH),
    ("post", REVOCATION_PATH),
    ("post", TOKEN_PATH),
}
DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


OPERATIONS = list(operations())
each_operation = pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[f"{method} {path}" for method, path, _ in OPERATIONS]
)


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` into the components names, or the value itself."""
    if "$ref" not in value:
        return value
    _, _, kind, name = value["$ref"].split("/")
    component: dict[str, Any] = DOCUMENT["components"][kind][name]
    return component


def answers(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for status, answer in operation["responses"].items():
        yield status, resolved(answer)


def assert_example(content: dict[str, Any], example: Any) -> None:
    """The example is one of what the schema allows, and nothing in it was left to chance."""
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(example)
    assert UNTOLD not in json.dumps(example, ensure_ascii=False), example


def test_the_committed_file_is_what_the_services_print() -> None:
    assert FILE.read_text(encoding="utf-8") == render(), "run: make openapi"


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


@each_operation
def test_an_operation_has_one_scope_that_exists_or_is_public_on_purpose(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    if (method, path) in PUBLIC or operation[SERVICE] == ABSENT:
        assert operation["security"] == []
    else:
        token, key = operation["security"]
        (scope,) = token["oauth2"]
        assert scope in SCOPES
        assert key == {"apiKey": []}


@each_operation
def test_an_operation_says_what_it_is_for(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["operationId"].isidentifier()
    for text in (operation["summary"], operation["description"]):
        assert text[0].isupper() or text[0] in "`0123456789", text
    assert not operation["summary"].endswith(".")
    assert operation["description"].endswith(".")
    for parameter in operation["parameters"]:
        assert parameter.get("description") or parameter["in"] == "query", parameter
        if "example" in parameter:
            assert_example(parameter, parameter["example"])


@each_operation
def test_what_is_sent_and_answered_has_an_example(method: str, path: str, operation: dict[str, Any]) -> None:
    bodies = [operation.get("requestBody", {}), *(answer for status, answer in answers(operation) if status < "300")]
    for media_type, content in (entry for body in bodies for entry in body.get("content", {}).items()):
        if media_type.endswith("json") or "example" in content:
            assert_example(content, content["example"])
        else:
            assert content["schema"].get("format") == "binary" or media_type.startswith(("text/", "multipart/"))


def members(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What an object of this schema may have, and the objects within it; not what is in its lists."""
    schema = resolved(schema)
    for part in schema.get("anyOf", ()):
        yield from members(part)
    for name, member in schema.get("properties", {}).items():
        yield name, member
        yield from members(member)


def test_a_change_has_no_defaults() -> None:
    """Generated clients send them, and thus would change what nobody named."""
    bodies = [
        content
        for method, _, operation in OPERATIONS
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items()
        if method == "patch" and media_type.endswith("json")
    ]
    told = [list(members(content["schema"])) for content in bodies]
    assert all(told)
    assert [name for part in told for name, member in part if "default" in resolved(member) | member] == []


@each_operation
def test_each_refusal_is_a_problem_with_an_example(method: str, path: str, operation: dict[str, Any]) -> None:
    for status, answer in answers(operation):
        if status < "400":
            continue
        (content,) = answer["content"].values()
        assert content["schema"]["$ref"].endswith("Problem")
        assert content["examples"]
        for example in content["examples"].values():
            assert_example(content, example["value"])
            assert example["value"]["status"] == int(status)
            assert f"`{example['value']['code']}`" in answer["description"]


@each_operation
def test_every_answer_tells_its_headers(method: str, path: str, operation: dict[str, Any]) -> None:
    assert {"400", "414", "429", "431", "500"} <= operation["responses"].keys()
    for status, answer in answers(operation):
        headers = {name: resolved(header) for name, header in answer["headers"].items()}
        assert headers["X-Request-Id"]["required"]
        assert headers["API-Version"]["required"]
        assert ("RateLimit" in headers) == (status not in ("414", "431"))
        assert ("Retry-After" in headers) == (status in ("429", "503"))
        assert ("WWW-Authenticate" in headers) == (status in ("401", "403"))
        for header in headers.values():
            assert header["description"]
            if "example" in header:
                assert_example(header, header["example"])


def test_what_an_answer_leads_to_is_there() -> None:
    members = {
        operation["operationId"]: {p["name"] for p in operation["parameters"]} | _sent(operation)
        for _, _, operation in operations()
    }
    links = [link for *_, operation in operations() for link in operation["responses"].values() if "links" in link]
    assert links
    for link in (link for answer in links for link in answer["links"].values()):
        taken = {*link.get("parameters", ()), *link.get("requestBody", ())}
        assert taken <= members[link["operationId"]], link


def _sent(operation: dict[str, Any]) -> set[str]:
    """The members of its JSON body."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return set(
        DOCUMENT["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {}).get("properties", ())
    )


def test_operations_have_names_of_their_own_and_a_service_that_has_an_address() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    assert {operation[SERVICE] for _, _, operation in operations()} == {*SERVICES, OWN, ABSENT}
    used = {tag for _, _, operation in operations() for tag in operation["tags"]}
    assert used == {tag["name"] for tag in DOCUMENT["tags"]}


def test_scopes_and_the_token_url_are_those_of_the_code() -> None:
    flow = DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow == {"tokenUrl": "/v2/auth/token", "scopes": SCOPES}
    assert {each.scope for each in absent.TABLE} <= SCOPES.keys()


def test_every_operation_is_let_through_and_nothing_internal_is_listed() -> None:
    table = Table(DOCUMENT)
    for method, path, operation in operations():
        if operation[SERVICE] != ABSENT:
            route = table.find(method.upper(), path.replace("{", "").replace("}", ""))
            assert (route.template, route.service) == (path, operation[SERVICE])
    assert {path for path in DOCUMENT["paths"] if not path.startswith("/v2/")} == {JWKS_PATH, METADATA_PATH}
