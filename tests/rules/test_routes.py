"""Default deny (S-11): every route of every HTTP process has a scope, or stands here as public, and refuses whoever
lacks its scope before anything is looked up.
"""

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gateway.docs.api import routes as gateway_routes
from shared.scopes import SCOPES
from shared.web.application import create
from shared.web.openapi import describe
from shared.web.routes import INTERNAL
from tests.support.tokens import authorization, bearer

SERVICES = Path(__file__).parents[2] / "services"
# Whoever may call these has no token yet, or shows what he has in another way, or needs none.
PUBLIC = {
    ("POST", "/v2/auth/token"),
    ("POST", "/v2/auth/introspect"),
    ("POST", "/v2/auth/revoke"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/v2/openapi.json"),
    ("GET", "/v2/docs"),
    ("GET", "/v2/docs/scalar.js"),
    ("GET", "/v2/docs/start.js"),
    ("GET", "/internal/trust"),
    ("POST", "/internal/api-keys/exchange"),
    ("POST", "/internal/audit/heads"),
}


def applications() -> dict[str, Flask]:
    """The applications as their processes make them, with nothing behind them: a look-up would be a fault."""
    names = sorted(path.parent.name for path in SERVICES.glob("*/app.py"))
    made = {name: importlib.import_module(f"services.{name}.app") for name in names}
    desk: Any = object()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(made["auth"], "Bearer", lambda _: bearer())
        made_by = {"auth": lambda module: module.create_app(desk)}
        own = create(gateway_routes, desk, bearer())
        usual = lambda module: module.create_app(desk, bearer())  # noqa: E731
        return {name: made_by.get(name, usual)(module) for name, module in made.items()} | {"gateway": own}


APPLICATIONS = applications()
ROUTES = sorted(
    (service, method, rule.rule)
    for service, application in APPLICATIONS.items()
    for rule in application.url_map.iter_rules()
    for method in rule.methods or ()
    if method != "HEAD"  # goes where GET goes
)
SCOPED = [route for route in ROUTES if route[1:] not in PUBLIC]


def scopes() -> dict[tuple[str, str], list[str]]:
    """By method and path, the scopes that the OpenAPI document demands."""
    demanded: dict[tuple[str, str], list[str]] = {}
    for application in ("services.auth.api", "services.files.api", "services.documents.api", "gateway.docs.api"):
        document: dict[str, Any] = describe(importlib.import_module(application).routes)
        for path, item in document["paths"].items():
            for method, operation in item.items():
                named = [scope for demand in operation["security"] for scope in demand["oauth2"]]
                demanded[method.upper(), re.sub(r"\{(\w+)\}", r"<\1>", path)] = named
    return demanded


DEMANDED = scopes()


def call(service: str, method: str, path: str, headers: dict[str, str] | None = None) -> TestResponse:
    filled = re.sub(r"<(?:\w+:)?\w+>", "f" * 24, path)
    return APPLICATIONS[service].test_client().open(filled, method=method, headers=headers or {})


def test_every_http_process_is_walked() -> None:
    assert {"auth", "files", "documents", "gateway"} <= APPLICATIONS.keys()
    assert {service for service, _, _ in ROUTES} == APPLICATIONS.keys()
    assert {route[1:] for route in ROUTES if not route[2].startswith(INTERNAL)} == DEMANDED.keys()


@pytest.mark.parametrize(("service", "method", "path"), ROUTES, ids=str)
def test_a_route_demands_one_scope_that_exists_or_is_public_on_purpose(service: str, method: str, path: str) -> None:
    demanded = DEMANDED.get((method, path), [])
    if (method, path) in PUBLIC:
        assert demanded == []
    else:
        (scope,) = demanded
        assert scope in SCOPES


@pytest.mark.parametrize(("service", "method", "path"), SCOPED, ids=str)
def test_without_a_token_and_with_every_other_scope_nothing_is_looked_up(service: str, method: str, path: str) -> None:
    (scope,) = DEMANDED[method, path]
    stranger = call(service, method, path)
    assert (stranger.status_code, stranger.headers["WWW-Authenticate"]) == (401, 'Bearer realm="paperlane"')
    refused = call(service, method, path, authorization(scopes=frozenset(SCOPES) - {scope}))
    assert (refused.status_code, json.loads(refused.data)["code"]) == (403, "access_forbidden")
    assert f'scope="{scope}"' in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize(("service", "method", "path"), SCOPED, ids=str)
def test_a_token_in_the_query_is_none(service: str, method: str, path: str) -> None:
    token = authorization()["Authorization"].partition(" ")[2]
    assert call(service, method, f"{path}?access_token={token}").status_code == 401
