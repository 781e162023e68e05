"""Companies, clients and keys over HTTP: who may make them, what limits them, and what stays apart: S-20."""

from __future__ import annotations

from typing import Any

import pytest

from shared.scopes import SCOPES
from tests.support import eventually
from tests.support.forging import Forge
from tests.support.lane import Lane
from tests.support.oauth import GRANT, REVOKED_SECONDS, Actor, ask_token, basic, claims_of, send
from tests.support.samples import BUNDLE

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
EVERYTHING = sorted(set(SCOPES) - {"companies.manage"})


def acting(own: Actor, **members: Any) -> Actor:
    """A new client of the company, at work."""
    return Actor(own.base_url, own.new_client(**members))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/authorize"), ("GET", "/v2/auth/authorize"), ("GET", "/oauth/authorize"), ("POST", "/register"),
        ("POST", "/v2/auth/register"), ("POST", "/v2/register"), ("GET", "/v2/auth/clients"),
    ],
)  # fmt: skip
def test_s20_nothing_is_there_to_authorize_or_register(url: str, own: Actor, method: str, path: str) -> None:
    headers = {"Authorization": f"Bearer {own.token()}", "Content-Type": "application/json"}
    assert send(url, method, path, headers, b"{}" if method == "POST" else None).status == 404


def test_s20_clients_are_made_under_a_scope(url: str, own: Actor) -> None:
    body = {"name": "x", "scopes": ["documents.read"]}
    assert own.http.post("/v2/clients", json=body).status_code == 401
    reader = acting(own, scopes=["documents.read", "companies.read"])
    for method, path in (("POST", "/v2/clients"), ("POST", "/v2/companies")):
        assert reader.call(method, path, json=body).status_code == 403
    reader.close()


def test_s20_nobody_grants_what_he_lacks(own: Actor) -> None:
    manager = acting(own, scopes=["clients.manage", "documents.read"])
    body = {"name": "x", "scopes": ["documents.read", "files.read"]}
    refused = manager.call("POST", "/v2/clients", json=body)
    assert refused.status_code in (400, 403)
    assert "files.read" in refused.json()["detail"]
    made = manager.new_client(scopes=["documents.read"])
    for change in ({"scopes": ["files.read"]}, {"scopes": ["documents.read", "audit.read"]}):
        assert manager.call("PATCH", f"/v2/clients/{made.id}", json=change).status_code in (400, 403)
    manager.close()


def test_s20_nobody_takes_over_a_client_that_may_more(own: Actor) -> None:
    """A secret or key of a client with more scopes would be a grant of those scopes."""
    manager = acting(own, scopes=["clients.manage", "documents.read"])
    strong = f"/v2/clients/{own.credentials.id}"
    for path, body in ((f"{strong}/secrets", {"overlapSeconds": 60}), (f"{strong}/api-keys", {"name": "x"})):
        assert manager.call("POST", path, json=body).status_code in (400, 403), path
    manager.close()


def test_s20_a_limited_manager_hands_on_its_limits(lane: Lane, own: Actor) -> None:
    """Who is held to a project or network cannot make a client that is not."""
    project = lane.local["project_id"]
    manager = acting(own, scopes=["clients.manage", "documents.read"], projects=[project], networks=["127.0.0.0/8"])
    for body in (
        {"projects": None, "networks": ["127.0.0.1/32"]},
        {"projects": ["f" * 24], "networks": ["127.0.0.1/32"]},
        {"projects": [project]},
        {"projects": [project], "networks": ["0.0.0.0/0"]},
    ):
        answer = manager.call("POST", "/v2/clients", json={"name": "x", "scopes": ["documents.read"], **body})
        if answer.status_code == 201:
            shown = manager.call("GET", f"/v2/clients/{answer.json()['id']}").json()
            assert shown["projects"] == [project], body
            assert shown["networks"] == ["127.0.0.0/8"], body
        else:
            assert answer.status_code in (400, 403, 404), answer.text
    manager.close()


@pytest.mark.parametrize(
    "change",
    [
        {"scopes": ["unknown"]}, {"scopes": "documents.read"}, {"scopes": []}, {"scopes": [1]}, {"plan": "unknown"},
        {"plan": 1}, {"lifetimeSeconds": 0}, {"lifetimeSeconds": "3600"}, {"lifetimeSeconds": 5.7},
        {"lifetimeSeconds": 10**20}, {"networks": ["300.0.0.0/8"]}, {"networks": ["10.0.0.1/8"]}, {"networks": "all"},
        {"projects": ["x"]}, {"projects": "all"}, {"states": "some"}, {"name": ""}, {"name": "x" * 1000},
        {"name": None}, {"authMethod": "none"}, {"unknown": 1}, {"disabled": "yes"},
    ],
    ids=str,
)  # fmt: skip
def test_s20_what_no_client_can_be(own: Actor, change: dict[str, object]) -> None:
    answer = own.call("POST", "/v2/clients", json={"name": "x", "scopes": ["documents.read"], **change})
    assert answer.status_code in (400, 404), answer.text
    assert answer.status_code == 400 or "projects" in change
    assert next(iter(change)) in answer.json()["detail"]


def test_s20_a_client_is_changed_disabled_and_deleted(url: str, own: Actor) -> None:
    client = own.new_client()
    path = f"/v2/clients/{client.id}"
    assert own.call("PATCH", path, json={"name": "renamed"}).json()["name"] == "renamed"
    assert own.call("GET", path).json()["name"] == "renamed"
    assert client.id in {each["id"] for each in own.call("GET", "/v2/clients?limit=50").json()["data"]}
    for disabled, status in ((True, 401), (False, 200)):
        assert own.call("PATCH", path, json={"disabled": disabled}).status_code == 200
        assert ask_token(url, GRANT, client.basic).status == status
    assert own.call("DELETE", path).status_code == 204
    assert [own.call(method, path).status_code for method in ("GET", "DELETE")] == [404, 404]
    assert ask_token(url, GRANT, client.basic).status == 401


def test_s20_companies_are_apart(own: Actor, other: Actor) -> None:
    mine, theirs = (claims_of(actor.token())["company_id"] for actor in (own, other))
    assert other.call("GET", f"/v2/companies/{theirs}").json()["id"] == theirs
    assert [company["id"] for company in other.call("GET", "/v2/companies").json()["data"]] == [theirs]
    foreign, random = (other.call("GET", f"/v2/companies/{name}") for name in (mine, "0" * 24))
    assert (foreign.status_code, foreign.content) == (random.status_code, random.content)
    assert foreign.status_code == 404
    assert other.call("POST", "/v2/companies", json={"name": "x"}).status_code == 403
    assert "companies.manage" not in claims_of(other.token())["scope"].split()
    assert own.credentials.id not in other.call("GET", "/v2/clients?limit=50").text


def test_s20_a_client_of_one_project_sees_no_other(lane: Lane, own: Actor) -> None:
    project = lane.local["project_id"]
    second = own.made("/v2/projects", {"name": "another project"})["id"]
    document = lane.submit(SAMPLE)
    inside, outside = (acting(own, scopes=EVERYTHING, projects=[one]) for one in (project, second))
    assert inside.call("GET", f"/v2/documents/{document}").status_code == 200
    hidden, random = (outside.call("GET", f"/v2/documents/{name}") for name in (document, "0" * 24))
    assert (hidden.status_code, hidden.content) == (random.status_code, random.content)
    assert hidden.status_code == 404
    assert outside.call("GET", "/v2/documents").json()["data"] == []
    assert outside.call("GET", f"/v2/projects/{project}").status_code == 404
    assert [each["id"] for each in outside.call("GET", "/v2/projects").json()["data"]] == [second]
    uploaded = outside.call("POST", "/v2/files", content=SAMPLE, headers={"Content-Type": "application/pdf"}).json()[
        "id"
    ]
    order = {"fileId": uploaded, "projectId": project}
    assert outside.call("POST", "/v2/documents/process-file", json=order).status_code == 404
    assert outside.call("POST", "/v2/projects", json={"name": "a third"}).status_code in (403, 404)
    file = lane.client.document(document)["fileId"]
    assert outside.call("GET", f"/v2/files/{file}").status_code == 404
    for actor in (inside, outside):
        actor.close()


def test_s20_a_client_of_one_network_calls_from_nowhere_else(url: str, own: Actor) -> None:
    """The gateway's peer is 127.0.0.1; what a client claims about its address is not believed."""
    near = acting(own, networks=["127.0.0.1/32"])
    assert near.call("GET", "/v2/documents").status_code == 200
    far = own.new_client(networks=["192.0.2.0/24", "2001:db8::/32"])
    claims = {"X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.7", "X-Real-IP": "192.0.2.7"}
    body = b"grant_type=client_credentials"
    headers = {"Authorization": far.basic, "Content-Type": "application/x-www-form-urlencoded", **claims}
    answer = send(url, "POST", "/v2/auth/token", headers, body)
    assert answer.lasting == ask_token(url, GRANT, basic("unknown", "wrong")).lasting
    _, key = own.new_key(far.id)
    assert send(url, "GET", "/v2/documents", {"X-API-Key": key, **claims}).status in (401, 403)
    near.close()


def test_s20_a_token_that_left_its_network_is_of_no_use(url: str, forge: Forge) -> None:
    token = forge.token(networks=["192.0.2.0/24"])
    answer = send(url, "GET", "/v2/documents", {"Authorization": f"Bearer {token}"})
    assert (answer.status, answer.json()["code"]) == (403, "access_forbidden")


def test_s20_a_client_may_be_shown_the_documented_states_only(lane: Lane, own: Actor) -> None:
    document = lane.process(SAMPLE)["id"]
    lane.post(f"/v2/documents/{document}/transfer", {"successful": True})
    plain = acting(own, scopes=EVERYTHING, states="documented")
    shown = plain.call("GET", f"/v2/documents/{document}").json()
    assert lane.client.document(document)["state"] == "transferred"
    assert shown["state"] == "doneAutomatically"
    history = plain.call("GET", f"/v2/documents/{document}/states").json()
    assert "transferred" not in {entry["state"] for entry in history}
    listed = plain.call("GET", "/v2/documents?state=doneAutomatically&limit=50").json()["data"]
    assert document in {each["id"] for each in listed}
    plain.close()


def test_s20_limits_reach_tokens_that_are_out(own: Actor) -> None:
    client = acting(own, scopes=["documents.read", "files.read"])
    client.token()
    path = f"/v2/clients/{client.credentials.id}"
    assert own.call("PATCH", path, json={"scopes": ["files.read"]}).status_code == 200
    eventually(lambda: client.call("GET", "/v2/documents").status_code == 401, seconds=REVOKED_SECONDS, every=0.1)
    client.forget()
    assert client.call("GET", "/v2/documents").status_code == 403
    client.close()
