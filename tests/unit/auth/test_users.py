"""Users over HTTP. Nobody can be made one yet, so the tests put them into the directory."""

from datetime import timedelta

import pytest

from services.auth.domain.users import Role
from tests.support.administering import Administration
from tests.support.auth import COMPANY
from tests.support.users import SINCE, a_user

READ = ["users.read"]
ANN, BOB, EVE = "1" * 24, "2" * 24, "3" * 24


@pytest.fixture
def auth() -> Administration:
    """Two users of the company, and one of another."""
    auth = Administration()
    for user in (
        a_user(COMPANY, "Ann Straße", id=ANN, roles=(Role.ADMIN, Role.CLERK), is_internal=True),
        a_user(COMPANY, "Bob (Berlin)", id=BOB, active=False, roles=(), created_at=SINCE + timedelta(days=1)),
        a_user("b" * 24, "Eve", id=EVE),
    ):
        assert auth.desk.directory.add_user(user)
    return auth


def found(auth: Administration, query: str) -> list[str]:
    answer = auth.call("GET", f"/v2/users?{query}", scopes=READ)
    assert answer.status_code == 200, answer.text
    return [user["id"] for user in (answer.json or {})["data"]]


def test_a_company_knows_nobody_at_first() -> None:
    answer = Administration().call("GET", "/v2/users", scopes=READ)
    assert answer.json == {"data": [], "limit": 20, "offset": 0, "totalCount": 0}


def test_a_user_is_shown_with_the_access_to_ones_own_company(auth: Administration) -> None:
    auth.call("PATCH", f"/v2/companies/{COMPANY}", {"name": "Renamed"})
    shown = auth.call("GET", f"/v2/users/{ANN}", scopes=READ).json
    access = {"companyId": COMPANY, "companyName": "Renamed", "active": True, "createdAt": "2026-03-01T08:15:30.120Z",
              "roles": ["admin", "clerk"]}  # fmt: skip
    assert shown == {"id": ANN, "email": "ann@example.com", "name": "Ann Straße", "isInternal": True,
                     "companiesAccess": [access]}  # fmt: skip
    listed = auth.call("GET", "/v2/users", scopes=READ).json or {}
    assert [user["id"] for user in listed["data"]] == [BOB, ANN]
    assert listed["data"][1] == shown
    assert listed["data"][0]["companiesAccess"][0]["active"] is False


@pytest.mark.parametrize("user_id", [EVE, "4" * 24, "x", "1" * 23, ANN.upper() + "A", "$ne"])
def test_whoever_is_not_known_is_not_found(auth: Administration, user_id: str) -> None:
    answer = auth.call("GET", f"/v2/users/{user_id}", scopes=READ)
    assert (answer.status_code, answer.data) == (404, auth.call("GET", f"/v2/users/{'0' * 24}", scopes=READ).data)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=ann", [ANN]),
        ("search=EXAMPLE.com", [BOB, ANN]),
        ("search=strasse", [ANN]),
        ("search=%28ber", [BOB]),
        ("search=.*", []),
        ("search=eve", []),
        ("search=", [BOB, ANN]),
        ("active=true", [ANN]),
        ("active=false", [BOB]),
        ("roles=clerk", [ANN]),
        ("roles=manager&roles=admin", [ANN]),
        ("roles=manager", []),
        ("roles=clerk&active=false", []),
        ("limit=1", [BOB]),
        ("limit=1&offset=1", [ANN]),
        ("limit=500", [BOB, ANN]),
    ],
)
def test_users_are_looked_for(auth: Administration, query: str, expected: list[str]) -> None:
    assert found(auth, query) == expected


def test_a_list_of_users_goes_on_where_it_ended(auth: Administration) -> None:
    first = auth.call("GET", "/v2/users?limit=1", scopes=READ).json or {}
    assert (first["limit"], first["totalCount"]) == (1, 2)
    assert found(auth, f"limit=1&cursor={first['nextCursor']}") == [ANN]
    assert (auth.call("GET", "/v2/users?limit=51", scopes=READ).json or {})["limit"] == 50


@pytest.mark.parametrize(
    "query",
    ["active=yes", "active=1", "active=", "roles=boss", "roles=", "roles=clerk,admin", "limit=-1", "limit=x",
     "offset=-1", "cursor=x", "sort=name", "search=a&search=b", "search=%00", f"search={'x' * 101}",
     "search[$ne]=x", "include=number"],
)  # fmt: skip
def test_what_nobody_can_look_for(auth: Administration, query: str) -> None:
    assert auth.call("GET", f"/v2/users?{query}", scopes=READ).status_code == 400


@pytest.mark.parametrize("path", ["/v2/users", f"/v2/users/{ANN}"])
def test_users_are_shown_to_whoever_may_read_them(auth: Administration, path: str) -> None:
    assert auth.call("GET", path, scopes=["companies.read", "clients.manage"]).status_code == 403
