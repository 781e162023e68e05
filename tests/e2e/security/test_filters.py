"""What MongoDB would take for an operator is text to every filter of every list, or refused (D-06)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.described import Described, described, resolved
from tests.support.lane import Lane
from tests.support.oauth import Actor, claims_of
from tests.support.samples import BUNDLE
from tests.support.stack import Stack
from tests.support.users import a_user, introduce

VALUES = ("$ne", "[$gt]", '{"$ne":null}', '{"$gt":""}', "$where", "true;return true", ".*", "[]", "{}")
SUFFIXES = ("[$ne]", "[$gt]", "[$regex]", "[]", ".$ne", "[$where]")


def queried(route: Described) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in route.operation["parameters"] if each["in"] == "query"}


def answered(route: Described) -> Mapping[str, Any]:
    """The members of the answer of success."""
    content = route.operation["responses"]["200"]["content"]
    return dict(resolved(content.get("application/json", {"schema": {}})["schema"]).get("properties", {}))


ROUTES = [route for route in described() if route.method == "GET" and queried(route)]
# But the gateway's log, which may be empty: it has refusals alone, such as too many requests.
LISTS = [route for route in ROUTES if "totalCount" in answered(route) and route.path != "/v2/audit/gateway"]


@pytest.fixture(scope="module")
def things(stack: Stack, lane: Lane, own: Actor) -> dict[str, str]:
    """Something in every list, and the ids that stand in paths."""
    projects = [own.made("/v2/projects", {"name": "Filtered"})["id"] for _ in range(2)]
    own.made("/v2/routings", {"name": "Filtered", "fromProjectId": projects[0], "toProjectId": projects[1]})
    file_id = lane.client.upload((BUNDLE / "invoice.pdf").read_bytes(), "filtered.pdf", "application/pdf")
    order = {"fileId": file_id, "projectId": projects[0], "externalId": "filtered"}
    document = lane.post("/v2/documents/process-file", order).json()["documentId"]
    company_id = claims_of(own.token())["company_id"]
    user = a_user(company_id)
    introduce(stack, user)
    client = own.new_client()
    own.new_key(client.id)
    return {
        "document_id": document,
        "file_id": file_id,
        "project_id": projects[0],
        "case_id": own.call("GET", f"/v2/documents/{document}").json()["caseId"],
        "company_id": company_id,
        "client_id": client.id,
        "user_id": user.id,
    }


def rows(answer: dict[str, Any]) -> list[Any]:
    return list(next(answer[name] for name in ("data", "chains", "projects") if name in answer))


def follows(row: Mapping[str, Any], chain: str | None) -> bool:
    """Whether it comes behind this one in the order of the names, which a verification in parts goes on from."""
    return chain is not None and row["chain"] > chain


def needed(route: Described) -> dict[str, Any]:
    """A good value for each parameter that must be there."""
    return {
        name: "1" if parameter["schema"]["type"] == "array" else "x"
        for name, parameter in queried(route).items()
        if parameter.get("required")
    }


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_d06_an_operator_is_text_or_refused(route: Described, things: dict[str, str], own: Actor) -> None:
    path = route.filled(things)
    for name in queried(route):
        tried = [{name: value} for value in VALUES] + [{name + suffix: "x"} for suffix in SUFFIXES]
        for query in tried:
            answer = own.call("GET", f"{path}?{urlencode({**needed(route), **query})}")
            assert answer.status_code in (200, 400), (query, answer.text)
            shown = rows(answer.json()) if answer.status_code == 200 else []
            assert [row for row in shown if not follows(row, query.get("chain"))] == [], query
            assert name in query or answer.status_code == 400, query


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_d06_there_was_something_to_show(route: Described, things: dict[str, str], own: Actor) -> None:
    assert rows(own.call("GET", route.filled(things)).json())
