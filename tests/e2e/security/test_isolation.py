"""Companies cannot see, change or even notice each other (S-40), and nobody writes what is not his to write (S-41)."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest

from tests.support.described import Described, body_of, described, json_of, resolved, undeclared
from tests.support.lane import Lane
from tests.support.oauth import Actor, Answer, Text, claims_of, send
from tests.support.samples import BUNDLE
from tests.support.stack import Stack
from tests.support.users import a_user, introduce

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
IDS_IN_BODY = {
    "POST /v2/cases",
    "POST /v2/cases/process-file-batch",
    "POST /v2/documents/process-file",
    "POST /v2/routings",
}
WITH_IDS = [route for route in described() if route.scope and (route.parameters or str(route) in IDS_IN_BODY)]
# All but the one that takes whatever names there are.
WITH_JSON = [
    route for route in described() if route.scope and route.takes == "application/json" and "external" not in route.path
]
# All but e-mails, by which no document arrives yet.
SHOWN = [route for route in described() if route.scope and route.method == "GET" and "email" not in route.path]
NOT_THEIRS = (
    "state", "tenant", "companyId", "company_id", "createdBy", "createdAt", "_id", "id", "__proto__", "constructor",
    "outbox", "version", "number", "marks", "$set", "state.$", "digest", "revokedBefore",
)  # fmt: skip
Things = dict[str, str]


@pytest.fixture(scope="module")
def things(stack: Stack, lane: Lane, own: Actor) -> Things:
    """One of everything that our own company has, by the name of the path's parameter."""
    document, erased = lane.process(SAMPLE), lane.process(SAMPLE)
    assert own.call("DELETE", f"/v2/documents/{erased['id']}").status_code == 200
    client = own.new_client()
    shown = own.call("GET", f"/v2/clients/{client.id}").json()
    company_id = claims_of(own.token())["company_id"]
    user = a_user(company_id)
    introduce(stack, user)
    upload = own.call("POST", "/v2/uploads", headers={"Upload-Length": "7"})
    other = own.made("/v2/projects", {"name": "another project"})["id"]
    rule = {"name": "On", "fromProjectId": document["projectId"], "toProjectId": other, "active": False}
    return {
        "document_id": document["id"],
        "erased_id": erased["id"],
        "case_id": own.made("/v2/cases", {"projectId": document["projectId"]})["id"],
        "file_id": document["fileId"],
        "project_id": document["projectId"],
        "other_project_id": other,
        "routing_id": own.made("/v2/routings", rule)["id"],
        "company_id": company_id,
        "client_id": client.id,
        "secret_id": shown["secrets"][0]["id"],
        "key_id": own.new_key(client.id)[0],
        "user_id": user.id,
        "upload_id": upload.headers["Location"].rpartition("/")[2],
    }


def about(route: Described, things: Things) -> Things:
    """The things as the route needs them: of deletions, only documents that were deleted have a proof."""
    return things | {"document_id": things["erased_id"]} if route.path.endswith("/erasure") else things


def random_like(text: str) -> str:
    """An id of the same shape that names nothing."""
    drawn = {"a": "0123456789abcdef", "g": "ghijkmnopqrstuvwxyz", "A": "ABCDEFGHJKLMNPQRSTUVWXYZ"}
    kinds = (("a", "[0-9a-f]"), ("g", "[g-z]"), ("A", "[A-Z]"))
    for kind, pattern in kinds:
        text = re.sub(pattern, lambda _, kind=kind: secrets.choice(drawn[kind]), text)  # type: ignore[misc]
    return text


def call(actor: Actor, route: Described, values: Things) -> Answer:
    media_type, body = body_of(route, values)
    headers: dict[str, Text] = {"Authorization": f"Bearer {actor.token()}"}
    if media_type:
        headers["Content-Type"] = media_type
    return send(actor.base_url, route.method, route.filled(values), headers, body)


def snapshot(own: Actor, things: Things) -> list[Any]:
    paths = ("/v2/documents/{document_id}", "/v2/documents/{erased_id}/erasure", "/v2/cases/{case_id}",
             "/v2/projects/{project_id}", "/v2/routings/{routing_id}", "/v2/clients/{client_id}",
             "/v2/clients/{client_id}/api-keys", "/v2/companies/{company_id}")  # fmt: skip
    return [own.call("GET", path.format(**things)).json() for path in paths]


@pytest.mark.parametrize("route", WITH_IDS, ids=str)
def test_s40_another_companys_id_is_like_a_random_one(
    route: Described, things: Things, own: Actor, other: Actor
) -> None:
    before = snapshot(own, things)
    random = {name: random_like(value) for name, value in things.items()}
    foreign, unknown = (call(other, route, values) for values in (about(route, things), random))
    # Whoever does not run the platform is refused before anything is looked up.
    assert foreign.status == (403 if route.scope == "companies.manage" else 404), foreign.body
    assert _anonymous(foreign, things) == _anonymous(unknown, random)
    assert snapshot(own, things) == before


@pytest.mark.parametrize("route", [route for route in WITH_IDS if len(route.parameters) > 1], ids=str)
def test_s40_what_belongs_to_another_is_not_found_under_ones_own(
    route: Described, things: Things, own: Actor, other: Actor
) -> None:
    mine = things | {route.parameters[0]: other.credentials.id}
    foreign, unknown = (
        call(other, route, mine | {name: value})
        for name in route.parameters[1:]
        for value in (things[name], random_like(things[name]))
    )
    assert (foreign.status, unknown.status) == (404, 404)


@pytest.mark.parametrize("route", [route for route in WITH_IDS if route.parameters], ids=str)
@pytest.mark.parametrize("malformed", ["x", "%20", "%27%22", "%24ne", "a" * 500, "%e2%82%ac", "0" * 23, "..%00"])
def test_s40_a_malformed_id_names_nothing(route: Described, things: Things, own: Actor, malformed: str) -> None:
    answer = call(own, route, things | {route.parameters[-1]: malformed})
    assert answer.status in ((400, 404) if "%00" in malformed else (404,)), answer.body


def test_s40_lists_and_filters_show_ones_own_only(things: Things, other: Actor) -> None:
    for name, kind in (("projectId", "project_id"), ("fileId", "file_id")):
        foreign, unknown = (
            other.call("GET", f"/v2/documents?{name}={value}") for value in (things[kind], random_like(things[kind]))
        )
        assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
        assert foreign.json()["data"] == []
    for path in ("documents", "cases", "projects", "routings", "clients", "companies", "users"):
        shown = other.call("GET", f"/v2/{path}?limit=50").text
        assert not [value for value in things.values() if value in shown]


@pytest.mark.parametrize("route", [route for route in WITH_IDS if route.parameters], ids=str)
def test_s40_a_missing_scope_is_told_before_any_lookup(route: Described, things: Things, own: Actor) -> None:
    weak = "documents.read" if route.scope != "documents.read" else "files.read"
    answers = [
        send(own.base_url, route.method, route.filled(values), {"Authorization": f"Bearer {own.token(weak)}"})
        for values in (things, {name: random_like(value) for name, value in things.items()})
    ]
    assert answers[0].status == 403
    assert answers[0].lasting == answers[1].lasting


@pytest.mark.parametrize("route", WITH_JSON, ids=str)
def test_s41_members_that_are_not_the_clients_are_refused(route: Described, things: Things, own: Actor) -> None:
    before = snapshot(own, things)
    known = resolved(route.operation["requestBody"]["content"]["application/json"]["schema"])
    for member in set(NOT_THEIRS) - set(known.get("properties", {})):
        body = json_of(route, things) | {member: "x"}
        answer = own.call(route.method, route.filled(things), json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), (member, answer.text)
        assert member.partition(".")[0] in answer.json()["detail"]
    assert snapshot(own, things) == before


@pytest.mark.parametrize("route", SHOWN, ids=str)
def test_s41_answers_show_what_is_described_and_no_more(route: Described, things: Things, own: Actor) -> None:
    query = {"chain": "x", "at": "1"} if route.path.endswith("/hashes") else {}
    answer = own.call("GET", route.filled(about(route, things)), params=query)
    assert answer.status_code == 200, answer.text
    content = route.operation["responses"]["200"].get("content", {})
    if "application/json" in content:
        assert undeclared(content["application/json"]["schema"], answer.json()) == []
    else:
        assert answer.headers["Content-Type"] in content


def _anonymous(answer: Answer, values: Things) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """The answer, without the ids that it was asked with."""
    status, body, headers = answer.lasting
    for value in values.values():
        body = body.replace(value.encode(), b"ID")
    return status, body, tuple(pair for pair in headers if pair[0] != "content-length" or b"ID" not in body)
