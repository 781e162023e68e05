"""The token endpoint: three ways to authenticate, exact refusals, tokens that our own services accept."""

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from services.auth.app import create_app
from services.auth.domain.clients import Peppers, States
from services.auth.ports import Desk
from shared.bearer import Bearer, Caller
from shared.contracts.auth import CLIENT_HEADER, PLAN_HEADER, Trust
from shared.contracts.envelope import read_json
from shared.scopes import SCOPES
from tests.support.auth import CLIENT, COMPANY, NOW, SECRET, add_client, make_desk
from tests.support.fakes.audit import MemoryJournal

GRANT = {"grant_type": "client_credentials"}
PATH = "/v2/auth/token"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def http(desk: Desk) -> FlaskClient:
    return create_app(desk).test_client()


def basic(user: str = CLIENT, password: str = SECRET) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def body(answer: TestResponse) -> dict[str, Any]:
    assert isinstance(answer.json, dict)
    return answer.json


def caller(http: FlaskClient, answer: TestResponse) -> Caller:
    trust = read_json(Trust, http.get("/internal/trust").data, "trust")
    return Bearer(lambda: trust, now=NOW.timestamp).authenticate(f"Bearer {body(answer)['access_token']}")


def expect_error(answer: TestResponse, status: int, error: str) -> None:
    problem = body(answer)
    assert (answer.status_code, problem["error"], problem["status"]) == (status, error, status), problem
    assert problem["error_description"] == problem["detail"]
    assert problem["type"] == f"urn:paperlane:problem:{problem['code']}"
    assert problem["title"]
    expect_unstored(answer)


def expect_unstored(answer: TestResponse) -> None:
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    assert answer.content_type == "application/json"


def test_a_token_is_issued_that_our_services_accept(http: FlaskClient) -> None:
    answer = http.post(PATH, data=GRANT, headers=basic())
    assert answer.status_code == 200
    expect_unstored(answer)
    assert set(body(answer)) == {"access_token", "token_type", "expires_in", "scope"}
    assert (body(answer)["token_type"], body(answer)["expires_in"]) == ("Bearer", 3600)
    assert (answer.headers[CLIENT_HEADER], answer.headers[PLAN_HEADER]) == (CLIENT, "default")
    assert caller(http, answer) == Caller(CLIENT, COMPANY, frozenset(SCOPES))


def test_a_token_carries_what_limits_its_client(desk: Desk, http: FlaskClient) -> None:
    limits: dict[str, Any] = {"projects": frozenset({"p1"}), "networks": ("127.0.0.0/8",), "plan": "local"}
    add_client(desk, "limited", states=States.DOCUMENTED, lifetime_seconds=86_400, **limits)
    answer = http.post(PATH, data=GRANT | {"scope": "files.read"}, headers=basic("limited"))
    assert body(answer)["expires_in"] == 86_400
    assert answer.headers[PLAN_HEADER] == "local"
    expected = Caller("limited", COMPANY, frozenset({"files.read"}), documented_states=True, **limits)
    assert caller(http, answer) == expected


def test_the_secret_may_come_in_the_form(http: FlaskClient) -> None:
    assert http.post(PATH, data=GRANT | {"client_id": CLIENT, "client_secret": SECRET}).status_code == 200


@pytest.mark.parametrize(
    "scope", ["files.write files.read", "files.read files.write files.read", "files.read  files.write"]
)
def test_a_narrower_scope_is_granted_as_asked(http: FlaskClient, scope: str) -> None:
    answer = http.post(PATH, data=GRANT | {"scope": scope}, headers=basic())
    assert body(answer)["scope"] == "files.read files.write"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        (GRANT | {"scope": "nothing.here"}, "invalid_scope"),
        (GRANT | {"scope": "files.read nothing.here"}, "invalid_scope"),
        (GRANT | {"scope": 'é"\\'}, "invalid_scope"),
        (GRANT | {"client_id": CLIENT, "client_secret": SECRET}, "invalid_request"),
    ],
)
def test_refusals_satisfy_both_worlds(http: FlaskClient, form: dict[str, str], error: str) -> None:
    answer = http.post(PATH, data=form, headers=basic())
    expect_error(answer, 400, error)
    assert body(answer)["code"] == error
    assert not set(body(answer)["error_description"]) & set('"\\é')


def test_a_client_without_scopes_gets_no_token_without_scopes(desk: Desk, http: FlaskClient) -> None:
    add_client(desk, "idle", scopes=frozenset())
    expect_error(http.post(PATH, data=GRANT, headers=basic("idle")), 400, "unauthorized_client")


def test_what_the_framework_refuses_reads_alike(http: FlaskClient) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = http.open(PATH, method=method)
        expect_error(answer, 405, "invalid_request")
        assert answer.headers["Allow"] == "POST"
    expect_error(http.post(f"{PATH}/x"), 404, "invalid_request")
    expect_error(http.post(PATH, json=GRANT, headers=basic()), 400, "invalid_request")
    expect_error(
        http.post(f"{PATH}?grant_type=client_credentials", data=GRANT, headers=basic()), 400, "invalid_request"
    )
    expect_error(
        http.post(PATH, data=b"x" * 1_000_001, content_type="application/x-www-form-urlencoded"), 413, "invalid_request"
    )
    assert http.get("/v2/nothing").content_type == "application/problem+json"


def test_who_is_not_known_learns_nothing(desk: Desk, http: FlaskClient) -> None:
    add_client(desk, "disabled", disabled_at=NOW)
    add_client(desk, "elsewhere", networks=("192.0.2.0/24",))
    add_client(desk, "signer", auth_method="private_key_jwt")
    pairs = [basic("nobody"), basic(password="wrong"), basic("disabled"), basic("elsewhere"), basic("signer")]
    answers = [http.post(PATH, data=GRANT, headers=headers) for headers in (*pairs, basic(CLIENT, ""), {})]
    expect_error(answers[0], 401, "invalid_client")
    assert {answer.data for answer in answers} == {answers[0].data}
    challenges = {answer.headers["WWW-Authenticate"] for answer in answers}
    assert challenges == {'Basic realm="paperlane", charset="UTF-8"'}


def test_a_disabled_company_gets_nothing(desk: Desk, http: FlaskClient) -> None:
    company = desk.directory.company(COMPANY)
    assert company is not None
    desk.directory.change_company(company, replace(company, disabled_at=NOW))
    expect_error(http.post(PATH, data=GRANT, headers=basic()), 401, "invalid_client")


def test_the_audit_log_knows_who_got_tokens_and_who_did_not(desk: Desk, http: FlaskClient) -> None:
    add_client(desk, "elsewhere", networks=("192.0.2.0/24",))
    http.post(PATH, data=GRANT, headers=basic())
    http.post(PATH, data=GRANT, headers=basic("no\nbody" + "x" * 200))
    http.post(PATH, data=GRANT, headers=basic("elsewhere"))
    http.post(PATH, data=GRANT | {"scope": "x"}, headers=basic())
    assert isinstance(desk.journal, MemoryJournal)
    issued, unknown, elsewhere, scope = desk.journal.entries
    assert (issued.action, issued.actor, issued.company_id) == ("token.issued", CLIENT, COMPANY)
    assert issued.subject
    assert (unknown.action, unknown.actor) == ("token.denied", "no?body" + "x" * 93)
    assert elsewhere.detail == {"reason": "address not in the client's networks"}
    assert (scope.action, scope.detail) == ("token.denied", {"reason": "invalid_scope"})
    assert SECRET not in str(desk.journal.entries)


def test_whoever_guesses_is_slowed_down_and_the_right_secret_still_works(http: FlaskClient) -> None:
    for name in (CLIENT, "nobody"):
        wrong = [http.post(PATH, data=GRANT, headers=basic(name, "wrong")) for _ in range(21)]
        assert [answer.status_code for answer in wrong] == [401] * 20 + [429]
        expect_error(wrong[-1], 429, "temporarily_unavailable")
        assert body(wrong[-1])["code"] == "rate_limited"
        assert 0 < int(wrong[-1].headers["Retry-After"]) <= 30
    assert http.post(PATH, data=GRANT, headers=basic()).status_code == 200


def test_a_secret_under_the_previous_pepper_is_digested_anew() -> None:
    desk = make_desk()
    peppers = Peppers("q" * 32, desk.peppers.current)
    http = create_app(replace(desk, peppers=peppers)).test_client()
    assert http.post(PATH, data=GRANT, headers=basic()).status_code == 200
    client = desk.directory.client(CLIENT)
    assert client is not None
    assert client.secrets[0].digest == peppers.digest(SECRET)


def test_a_secret_that_has_ended_is_wrong(desk: Desk, http: FlaskClient) -> None:
    client = desk.directory.client(CLIENT)
    assert client is not None
    ended = tuple(replace(secret, not_after=NOW - timedelta(seconds=1)) for secret in client.secrets)
    desk.directory.change_client(client, replace(client, secrets=ended))
    expect_error(http.post(PATH, data=GRANT, headers=basic()), 401, "invalid_client")


SHARED = create_app(make_desk()).test_client()


@settings(deadline=None)  # a slow machine is no fault
@given(st.binary(max_size=60))
def test_no_basic_header_breaks_it(noise: bytes) -> None:
    for value in ("Basic " + base64.b64encode(noise).decode(), "Basic " + noise.decode("latin-1")):
        if "\r" in value or "\n" in value:
            continue
        answer = SHARED.post(PATH, data=GRANT, headers={"Authorization": value})
        assert answer.status_code in (401, 429)


@settings(deadline=None)  # a slow machine is no fault
@given(st.binary(max_size=80))
def test_no_form_breaks_it(noise: bytes) -> None:
    answer = SHARED.post(PATH, data=noise, headers=basic(), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
