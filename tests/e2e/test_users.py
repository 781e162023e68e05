"""The persons that a company knows, as a client of the running stack sees them."""

from __future__ import annotations

from tests.support.lane import Lane
from tests.support.stack import Stack
from tests.support.users import a_user, introduce


def test_a_company_knows_nobody_at_first(stranger: Lane) -> None:
    assert stranger.get("/v2/users") == {"data": [], "limit": 20, "offset": 0, "totalCount": 0}


def test_a_user_is_found_by_ones_own_company(stack: Stack, lane: Lane) -> None:
    company = lane.get(f"/v2/companies/{stack.local['company_id']}")
    user = a_user(company["id"], "Zoë of the lane", active=False)
    introduce(stack, user)
    shown = lane.get(f"/v2/users/{user.id}")
    access = {"companyId": company["id"], "companyName": company["name"], "active": False,
              "createdAt": "2026-03-01T08:15:30.120Z", "roles": ["clerk"]}  # fmt: skip
    assert shown["companiesAccess"] == [access]
    assert lane.get("/v2/users?search=ZOË&active=false&roles=manager&roles=clerk")["data"] == [shown]
    assert lane.get("/v2/users?search=zoë&active=true")["data"] == []
