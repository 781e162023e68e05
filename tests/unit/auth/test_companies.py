"""Companies over HTTP, and the first one, which the settings declare."""

import dataclasses
from typing import Any

import pytest

from services.auth.domain.clients import Peppers
from services.auth.domain.founding import FirstCompany
from services.auth.ports import Desk
from services.auth.usecases.founding import found_company
from shared.scopes import SCOPES
from tests.support.administering import Administration
from tests.support.auth import COMPANY

FIRST = FirstCompany(
    company_id="c" * 24,
    name="First",
    client_id="first",
    secret="s" * 43,
    plan="local",
    api_key="paperlane_" + "k" * 43,
)
TENANT = sorted(set(SCOPES) - {"companies.manage"})


@pytest.fixture
def auth() -> Administration:
    return Administration()


def test_a_company_is_founded_with_its_first_client(auth: Administration) -> None:
    made = auth.made("/v2/companies", {"name": "Second", "client": {"plan": "local"}}, key="k")
    assert auth.made("/v2/companies", {"name": "Second", "client": {"plan": "local"}}, key="k") == made
    client = made["client"]
    assert auth.knows(client["id"], client["secret"])
    assert (client["name"], client["plan"], set(client["scopes"])) == ("first client", "local", set(TENANT))
    assert client["createdBy"] == "platform"
    as_it: dict[str, Any] = {"as_client": client["id"], "company": made["id"], "scopes": TENANT}
    shown = auth.call("GET", f"/v2/companies/{made['id']}", **as_it)
    assert shown.json == {name: value for name, value in made.items() if name != "client"}
    assert (auth.call("GET", "/v2/companies", **as_it).json or {})["data"] == [shown.json]
    assert (auth.call("GET", "/v2/companies").json or {})["totalCount"] == 2
    foreign, unknown = (auth.call("GET", f"/v2/companies/{name}", **as_it) for name in (COMPANY, "0" * 24))
    assert (foreign.status_code, foreign.data) == (404, unknown.data)
    assert auth.call("POST", "/v2/companies", {"name": "x"}, **as_it).status_code == 403
    assert auth.actions == ["company.created"]


def test_a_company_s_number_is_shown_when_asked_for_and_finds_it(auth: Administration) -> None:
    made = auth.made("/v2/companies", {"name": "Second"})
    as_it: dict[str, Any] = {"as_client": made["client"]["id"], "company": made["id"], "scopes": ["companies.read"]}

    def listed(query: str, **more: Any) -> list[dict[str, Any]]:
        return list((auth.call("GET", f"/v2/companies?{query}", **more).json or {})["data"])

    one = auth.call("GET", f"/v2/companies/{made['id']}?include=number", **as_it).json or {}
    assert listed("include=number", **as_it) == [one]
    assert not any("number" in company for company in (made, *listed("")))
    for who in ({}, as_it):
        assert [company["id"] for company in listed(f"number={one['number']}", **who)] == [made["id"]]
    assert len(listed("number=1")) == 1
    assert listed("number=1", **as_it) == [], "it is another's"
    assert listed("number=999") == []


@pytest.mark.parametrize("query", ["number=x", "number=0", "include=client", "search=x", "limit=-1", "cursor=x"])
def test_what_no_list_of_companies_can_be(auth: Administration, query: str) -> None:
    assert auth.call("GET", f"/v2/companies?{query}").status_code == 400


def test_a_first_client_runs_the_platform_only_when_asked(auth: Administration) -> None:
    asked = auth.made("/v2/companies", {"name": "x", "client": {"scopes": ["companies.manage"]}})
    assert asked["client"]["scopes"] == ["companies.manage"]


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x", "id": "y"}, {"name": "x", "client": []}], ids=str)
def test_what_no_company_can_be(auth: Administration, body: Any) -> None:
    assert auth.call("POST", "/v2/companies", body).status_code == 400


def test_a_company_is_renamed_locked_and_given_back(auth: Administration) -> None:
    made = auth.made("/v2/companies", {"name": "Second"})
    path, client_id = f"/v2/companies/{made['id']}", made["client"]["id"]
    changed = auth.call("PATCH", path, {"name": "Renamed", "disabled": True}).json or {}
    assert (changed["name"], changed["active"]) == ("Renamed", False)
    assert auth.desk.trust.current().trust.disabled_companies == (made["id"],)
    auth.wait(60)
    assert (auth.call("PATCH", path, {"disabled": True}).json or {})["disabledAt"] == changed["disabledAt"]
    given_back = auth.call("PATCH", path, {"disabled": False}).json or {}
    assert (given_back["active"], given_back["disabledAt"]) == (True, None)
    trust = auth.desk.trust.current().trust
    assert trust.disabled_companies == ()
    assert trust.revoked_before[client_id] > auth.now.timestamp()
    assert auth.actions == ["company.created", *["company.changed"] * 3]


def test_a_company_cannot_lock_itself(auth: Administration) -> None:
    assert auth.call("PATCH", f"/v2/companies/{COMPANY}", {"disabled": True}).status_code == 409
    assert auth.call("PATCH", f"/v2/companies/{COMPANY}", {"name": "Renamed"}).status_code == 200
    assert auth.call("PATCH", f"/v2/companies/{'0' * 24}", {"disabled": True}).status_code == 404


def key_known(desk: Desk, key: str | None) -> bool:
    assert key
    return desk.directory.api_key_by_digest(desk.peppers.digests(key)) is not None


def test_the_first_company_is_put_in_place_once(auth: Administration) -> None:
    for _ in range(2):
        found_company(auth.desk, FIRST)
    client = auth.desk.directory.client("first")
    assert client
    assert (client.scopes, client.plan, client.company_id) == (frozenset(SCOPES), "local", FIRST.company_id)
    assert auth.knows("first", FIRST.secret)
    assert key_known(auth.desk, FIRST.api_key)
    assert auth.actions == ["company.created", "client.declared", "client.declared"], "the second time, of its key"
    found_company(auth.desk, dataclasses.replace(FIRST, secret="t" * 43))
    assert (auth.actions[3:], auth.entries[-1].actor) == (["client.declared"], "settings")


def test_no_start_undoes_what_operators_did(auth: Administration) -> None:
    found_company(auth.desk, FIRST)
    as_first: dict[str, Any] = {"company": FIRST.company_id, "as_client": "first"}
    path = "/v2/clients/first"
    few = ["clients.manage", "files.read"]
    auth.call("PATCH", path, {"scopes": few, "name": "renamed", "plan": "default"}, **as_first)
    declared = (auth.call("GET", path, **as_first).json or {})["secrets"][0]["id"]
    fresh = auth.made(f"{path}/secrets", {}, **as_first)["secret"]
    auth.call("DELETE", f"{path}/secrets/{declared}", **as_first)
    key = (auth.call("GET", f"{path}/api-keys", **as_first).json or {})["data"][0]["id"]
    auth.call("DELETE", f"{path}/api-keys/{key}", **as_first)
    auth.call("PATCH", f"/v2/companies/{FIRST.company_id}", {"name": "Mine"})
    found_company(auth.desk, FIRST)
    client, company = auth.desk.directory.client("first"), auth.desk.directory.company(FIRST.company_id)
    assert client
    assert company
    assert (client.name, client.plan, client.scopes, company.name) == ("renamed", "default", frozenset(few), "Mine")
    assert (auth.knows("first", FIRST.secret), auth.knows("first", fresh)) == (False, True)
    assert not key_known(auth.desk, FIRST.api_key)


def test_what_is_declared_anew_holds(auth: Administration) -> None:
    found_company(auth.desk, FIRST)
    fresh = auth.made("/v2/clients/first/secrets", {}, company=FIRST.company_id)["secret"]
    anew = dataclasses.replace(FIRST, secret="t" * 43, api_key="paperlane_" + "l" * 43)
    found_company(auth.desk, anew)
    assert [auth.knows("first", secret) for secret in (FIRST.secret, fresh, anew.secret)] == [False, True, True]
    assert [key_known(auth.desk, key) for key in (FIRST.api_key, anew.api_key)] == [False, True]


def test_scopes_that_are_new_reach_the_first_client(auth: Administration, monkeypatch: pytest.MonkeyPatch) -> None:
    found_company(auth.desk, FIRST)
    monkeypatch.setitem(SCOPES, "novelties.read", "Read novelties.")
    found_company(auth.desk, FIRST)
    client = auth.desk.directory.client("first")
    assert client
    assert "novelties.read" in client.scopes


def test_a_deleted_first_client_stays_deleted(auth: Administration) -> None:
    found_company(auth.desk, FIRST)
    auth.call("DELETE", "/v2/clients/first", company=FIRST.company_id)
    found_company(auth.desk, FIRST)
    assert auth.desk.directory.client("first") is None


def test_another_pepper_is_no_other_secret(auth: Administration) -> None:
    found_company(auth.desk, FIRST)
    fresh = auth.made("/v2/clients/first/secrets", {}, company=FIRST.company_id)["secret"]
    auth.call("DELETE", "/v2/clients/first/secrets/declared", company=FIRST.company_id)
    current = auth.desk.peppers.current
    for peppers in (Peppers("q" * 40, current), Peppers("q" * 40)):
        desk = dataclasses.replace(auth.desk, peppers=peppers)
        found_company(desk, FIRST)
        assert not peppers.vouches(desk.directory.client("first"), FIRST.secret, auth.now)
    assert auth.knows("first", fresh)
