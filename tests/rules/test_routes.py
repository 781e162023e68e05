"""Every route of every service states its scope, and refuses whoever does not have it."""

import importlib
from pathlib import Path

import pytest

from shared.scopes import SCOPES
from shared.web.application import create
from shared.web.routes import Route, Routes
from tests.support.tokens import authorization, bearer

SERVICES = Path(__file__).parents[2] / "services"
# Whoever may call these has no token yet, or is one of our own processes.
PUBLIC = {
    ("POST", "/v2/auth/token"),
    ("POST", "/v2/auth/introspect"),
    ("POST", "/v2/auth/revoke"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/internal/trust"),
    ("POST", "/internal/api-keys/exchange"),
    ("POST", "/internal/audit/heads"),
}


def all_routes() -> dict[str, Routes[object]]:
    names = [path.parent.name for path in sorted(SERVICES.glob("*/api*")) if path.parent != SERVICES]
    return {name: importlib.import_module(f"services.{name}.api").routes for name in names}


CASES = [(service, route) for service, routes in all_routes().items() for route in routes.routes]


@pytest.mark.parametrize(("service", "route"), CASES, ids=[f"{r.method} {r.path}" for _, r in CASES])
def test_a_route_is_public_on_purpose_or_has_a_scope_that_exists(service: str, route: Route) -> None:
    if route.operation.scope is None:
        assert (route.method, route.path) in PUBLIC
    else:
        assert route.operation.scope in SCOPES


@pytest.mark.parametrize(
    ("service", "route"),
    [case for case in CASES if case[1].operation.scope],
    ids=[f"{r.method} {r.path}" for _, r in CASES if r.operation.scope],
)
def test_no_token_and_a_token_of_every_other_scope_are_refused(service: str, route: Route) -> None:
    client = create(all_routes()[service], object(), bearer()).test_client()
    path = route.path.replace("<", "").replace(">", "")
    others = frozenset(SCOPES) - {route.operation.scope}
    assert client.open(path, method=route.method).status_code == 401
    refused = client.open(path, method=route.method, headers=authorization(scopes=others))
    assert refused.status_code == 403
    assert f'scope="{route.operation.scope}"' in refused.headers["WWW-Authenticate"]
