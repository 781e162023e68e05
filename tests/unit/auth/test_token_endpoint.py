"""The token endpoint: client credentials by HTTP Basic, exact refusals, tokens that our own services accept."""

import base64

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from services.auth.app import create_app
from shared.bearer import Bearer
from shared.contracts.auth import Trust
from shared.contracts.envelope import read_json
from shared.scopes import SCOPES
from tests.support.auth import CLIENT, COMPANY, NOW, SECRET, make_desk


def make_client() -> FlaskClient:
    return create_app(make_desk()).test_client()


@pytest.fixture
def client() -> FlaskClient:
    return make_client()


def basic(user: str = CLIENT, password: str = SECRET) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


GRANT = {"grant_type": "client_credentials"}


def test_a_token_is_issued_that_our_services_accept(client: FlaskClient) -> None:
    answer = client.post("/v2/auth/token", data=GRANT, headers=basic())
    assert answer.status_code == 200
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    body = answer.json
    assert body is not None
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, " ".join(SCOPES))
    trust = read_json(Trust, client.get("/internal/trust").data, "trust")
    caller = Bearer(lambda: trust, now=NOW.timestamp).authenticate(f"Bearer {body['access_token']}")
    assert (caller.client_id, caller.company_id, caller.scopes) == (CLIENT, COMPANY, frozenset(SCOPES))


def test_a_narrower_scope_is_granted_as_asked(client: FlaskClient) -> None:
    answer = client.post("/v2/auth/token", data=GRANT | {"scope": "files.write files.read"}, headers=basic())
    assert answer.json is not None
    assert answer.json["scope"] == "files.read files.write"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, 400, "invalid_request"),
        (GRANT | {"scope": "nothing.here"}, 400, "invalid_scope"),
        (GRANT | {"scope": "files.read nothing.here"}, 400, "invalid_scope"),
        (GRANT | {"client_id": CLIENT, "client_secret": SECRET}, 400, "invalid_request"),
    ],
)
def test_refusals_satisfy_both_worlds(client: FlaskClient, form: dict[str, str], status: int, error: str) -> None:
    answer = client.post("/v2/auth/token", data=form, headers=basic())
    assert answer.json is not None
    assert (answer.status_code, answer.content_type) == (status, "application/json")
    assert (answer.json["error"], answer.json["code"], answer.json["status"]) == (error, error, status)
    assert answer.json["error_description"] == answer.json["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_is_not_known_learns_nothing(client: FlaskClient) -> None:
    answers = [
        client.post("/v2/auth/token", data=GRANT, headers=headers)
        for headers in (basic("nobody"), basic(password="wrong"), basic(CLIENT, ""), {}, {"Authorization": "Basic ?"})
    ]
    assert {(answer.status_code, answer.data) for answer in answers} == {(401, answers[0].data)}
    assert all(answer.headers["WWW-Authenticate"].startswith('Basic realm="paperlane"') for answer in answers)


@given(st.binary(max_size=60))
def test_no_basic_header_breaks_it(noise: bytes) -> None:
    for value in ("Basic " + base64.b64encode(noise).decode(), "Basic " + noise.decode("latin-1")):
        if "\r" in value or "\n" in value:
            continue
        answer = SHARED.post("/v2/auth/token", data=GRANT, headers={"Authorization": value})
        assert answer.status_code == 401


@given(st.binary(max_size=80))
def test_no_form_breaks_it(noise: bytes) -> None:
    answer = SHARED.post(
        "/v2/auth/token", data=noise, headers=basic(), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400


SHARED = make_client()


def test_the_trust_document_is_sent_only_when_it_changed(client: FlaskClient) -> None:
    first = client.get("/internal/trust")
    again = client.get("/internal/trust", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert b'"d"' not in first.data


def test_other_methods_are_not_served(client: FlaskClient) -> None:
    answer = client.get("/v2/auth/token")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
