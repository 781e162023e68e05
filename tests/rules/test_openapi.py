"""The public document is what the services' code says, valid, and has nothing open by accident."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from gateway import docs
from gateway.routes import OWN, SERVICE, Table
from gateway.settings import SERVICES
from shared.contracts.auth import INTROSPECTION_PATH, JWKS_PATH, METADATA_PATH, REVOCATION_PATH, TOKEN_PATH
from shared.scopes import SCOPES

# Whoever may call these has no token yet, shows his own credentials, or needs none: they say what is public anyway.
PUBLIC = {
    ("get", METADATA_PATH),
    ("get", JWKS_PATH),
    ("get", "/v2/openapi.json"),
    ("post", INTROSPECTION_PATH),
    ("post", REVOCATION_PATH),
    ("post", TOKEN_PATH),
}
DOCUMENT = json.loads(docs.FILE.read_text(encoding="utf-8"))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def test_the_committed_file_is_what_the_services_print() -> None:
    assert docs.FILE.read_text(encoding="utf-8") == docs.render(), "run: make openapi"


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


@pytest.mark.parametrize(("method", "path", "operation"), list(operations()), ids=lambda value: str(value)[:40])
def test_an_operation_has_one_scope_that_exists_or_is_public_on_purpose(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    if (method, path) in PUBLIC:
        assert not operation["security"]
    else:
        token, key = operation["security"]
        (scope,) = token["oauth2"]
        assert scope in SCOPES
        assert key == {"apiKey": []}


def test_operations_have_names_of_their_own_and_a_service_that_has_an_address() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    assert {operation[SERVICE] for _, _, operation in operations()} == {*SERVICES, OWN}
    used = {tag for _, _, operation in operations() for tag in operation["tags"]}
    assert used == {tag["name"] for tag in DOCUMENT["tags"]}


def test_rate_limits_are_described() -> None:
    for _, path, operation in operations():
        assert "429" in operation["responses"], path
        for status, answer in operation["responses"].items():
            if status in ("200", "201", "202", "204", "429"):
                assert {"RateLimit", "RateLimit-Policy", "x-ratelimit-limit"} <= answer["headers"].keys(), path


def test_scopes_and_the_token_url_are_those_of_the_code() -> None:
    flow = DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow == {"tokenUrl": "/v2/auth/token", "scopes": SCOPES}


def test_every_operation_is_let_through_and_nothing_internal_is_listed() -> None:
    table = Table(DOCUMENT)
    for method, path, operation in operations():
        route = table.find(method.upper(), path.replace("{", "").replace("}", ""))
        assert (route.template, route.service) == (path, operation[SERVICE])
    assert {path for path in DOCUMENT["paths"] if not path.startswith("/v2/")} == {JWKS_PATH, METADATA_PATH}
