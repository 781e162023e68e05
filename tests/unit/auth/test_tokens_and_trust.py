"""Asking about tokens, giving them back, exchanging API keys, and what all of it does to the trust document."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.auth.adapters.trust import LiveTrust, Sources
from services.auth.app import create_app
from services.auth.domain.administration import voided
from services.auth.domain.clients import ApiKey, Company
from services.auth.domain.tokens import Grant, claims_of
from services.auth.ports import Desk
from shared.bearer import Bearer
from shared.contracts.auth import CLIENT_HEADER, Trust
from shared.contracts.envelope import read_json
from shared.errors import Unauthenticated, Unavailable
from shared.scopes import SCOPES
from tests.support.auth import CLIENT, COMPANY, ISSUER, NOW, SECRET, add_client, make_client, make_desk
from tests.support.fakes.audit import MemoryJournal

KEY = "paperlane_" + "k" * 43
PAIR = (CLIENT, SECRET)
NEIGHBOUR, STRANGER = ("neighbour", SECRET), ("stranger", SECRET)


@pytest.fixture
def desk() -> Desk:
    desk = make_desk()
    add_client(desk, NEIGHBOUR[0])
    desk.directory.add_company(Company("b" * 24, "Other", 2, NOW), make_client(desk, STRANGER[0], company_id="b" * 24))
    own: dict[str, Any] = {"client_id": CLIENT, "company_id": COMPANY, "created_at": NOW, "created_by": CLIENT}
    desk.directory.add_api_key(ApiKey(id="k1", name="a", digest=desk.peppers.digest(KEY), hint="kkkk", **own))
    return desk


@pytest.fixture
def http(desk: Desk) -> FlaskClient:
    return create_app(desk).test_client()


def get_token(http: FlaskClient, pair: tuple[str, str] = PAIR) -> str:
    answer = http.post("/v2/auth/token", data={"grant_type": "client_credentials"}, auth=pair)
    assert answer.json is not None
    return str(answer.json["access_token"])


def introspect(http: FlaskClient, token: str, pair: tuple[str, str] = PAIR) -> dict[str, Any]:
    answer = http.post("/v2/auth/introspect", data={"token": token, "token_type_hint": "x"}, auth=pair)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert isinstance(answer.json, dict)
    return answer.json


def revoke(http: FlaskClient, token: str, pair: tuple[str, str] = PAIR) -> None:
    answer = http.post("/v2/auth/revoke", data={"token": token, "token_type_hint": "refresh_token"}, auth=pair)
    assert answer.status_code == 200


def exchange(http: FlaskClient, key: str, address: str = "127.0.0.1") -> Any:
    return http.post("/internal/api-keys/exchange", json={"key": key}, environ_base={"REMOTE_ADDR": address})


def trust(http: FlaskClient) -> Trust:
    return read_json(Trust, http.get("/internal/trust").data, "trust")


def test_a_good_token_of_the_own_company_is_described(http: FlaskClient) -> None:
    token = get_token(http)
    for pair in (PAIR, NEIGHBOUR):
        described = introspect(http, token, pair)
        assert (described["active"], described["client_id"], described["company_id"]) == (True, CLIENT, COMPANY)
        assert described["scope"] == " ".join(SCOPES)
        assert described["exp"] - described["iat"] == 3600


def test_of_any_other_token_nothing_is_told(desk: Desk, http: FlaskClient) -> None:
    token = get_token(http)
    assert introspect(http, token, STRANGER) == {"active": False}
    for unknown in ("a.b.c", "x" * 9000, token[:-3], "é"):
        assert introspect(http, unknown) == {"active": False}
    later = create_app(replace(make_desk(lambda: NOW + timedelta(seconds=3631)), signer=desk.signer)).test_client()
    assert introspect(later, token) == {"active": False}


def test_introspection_is_for_clients(http: FlaskClient) -> None:
    for path in ("/v2/auth/introspect", "/v2/auth/revoke"):
        assert http.post(path, data={"token": "x"}).status_code == 401
        refused = http.post(path, data={}, auth=PAIR)
        assert (refused.status_code, refused.json and refused.json["error"]) == (400, "invalid_request")


def test_an_own_token_is_revoked_for_everybody(desk: Desk, http: FlaskClient) -> None:
    token, other = get_token(http), get_token(http)
    revoke(http, token)
    assert introspect(http, token) == {"active": False}
    assert introspect(http, other)["active"]
    bearer = Bearer(lambda: trust(http), NOW.timestamp)
    assert bearer.authenticate(f"Bearer {other}")
    with pytest.raises(Unauthenticated, match="revoked"):
        bearer.authenticate(f"Bearer {token}")
    assert isinstance(desk.journal, MemoryJournal)
    assert (desk.journal.entries[-1].action, desk.journal.entries[-1].actor) == ("token.revoked", CLIENT)


@pytest.mark.parametrize("pair", [NEIGHBOUR, STRANGER])
def test_another_client_s_token_is_not_revoked(http: FlaskClient, pair: tuple[str, str]) -> None:
    token = get_token(http)
    revoke(http, token, pair)
    revoke(http, "nothing that we know")
    assert introspect(http, token)["active"]


def test_a_revocation_in_the_same_second_voids_what_was_before_and_nothing_after(desk: Desk, http: FlaskClient) -> None:
    before = get_token(http)
    desk.directory.void_tokens(COMPANY, NOW)
    after = get_token(http)
    assert introspect(http, before) == {"active": False}
    assert introspect(http, after)["active"]


def test_what_is_given_by_who_does_not_know_yet_is_void_too(desk: Desk, http: FlaskClient) -> None:
    """Another process remembers the client for a second, and would give it the scopes that were taken away."""
    before = desk.directory.client(CLIENT)
    assert before is not None
    narrowed = voided(replace(before, scopes=frozenset({"files.read"})), NOW + timedelta(seconds=0.9))
    desk.directory.change_client(before, narrowed)
    claims = claims_of(Grant(before, before.scopes, 3600), ISSUER, "late", int(NOW.timestamp()) + 2)
    assert introspect(http, desk.signer.sign(claims)) == {"active": False}
    assert introspect(http, get_token(http))["scope"] == "files.read"


def test_an_api_key_is_exchanged_for_a_short_token(http: FlaskClient) -> None:
    answer = exchange(http, KEY)
    assert (answer.status_code, answer.json["expires_in"], answer.headers[CLIENT_HEADER]) == (200, 300, CLIENT)
    assert answer.headers["Cache-Control"] == "no-store"
    caller = Bearer(lambda: trust(http), NOW.timestamp).authenticate(f"Bearer {answer.json['access_token']}")
    assert (caller.client_id, caller.api_key_id, caller.scopes) == (CLIENT, "k1", frozenset(SCOPES))


def test_a_revoked_key_takes_its_tokens_with_it(desk: Desk, http: FlaskClient) -> None:
    token = exchange(http, KEY).json["access_token"]
    desk.directory.revoke_api_key(COMPANY, CLIENT, "k1", NOW)
    assert exchange(http, KEY).status_code == 401
    assert trust(http).revoked_api_keys == ("k1",)
    with pytest.raises(Unauthenticated, match="revoked"):
        Bearer(lambda: trust(http), NOW.timestamp).authenticate(f"Bearer {token}")


@pytest.mark.parametrize("change", [{"disabled_at": NOW}, {"networks": ("192.0.2.0/24",)}, {"scopes": frozenset()}])
def test_a_key_is_worth_no_more_than_its_client(desk: Desk, http: FlaskClient, change: dict[str, Any]) -> None:
    client = desk.directory.client(CLIENT)
    assert client is not None
    desk.directory.change_client(client, replace(client, **change))
    assert exchange(http, KEY).data == exchange(http, "paperlane_" + "x" * 43).data


def test_whoever_guesses_at_keys_is_slowed_down_and_the_right_one_still_works(http: FlaskClient) -> None:
    wrong = [exchange(http, f"paperlane_{number:043}").status_code for number in range(21)]
    assert wrong == [401] * 20 + [429]
    assert exchange(http, KEY).status_code == 200
    assert exchange(http, "no key", "192.0.2.1").status_code == 401


def test_the_trust_document_is_sent_only_when_it_changed(http: FlaskClient) -> None:
    first = http.get("/internal/trust")
    again = http.get("/internal/trust", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert b'"d"' not in first.data


def test_trust_outlives_the_database(desk: Desk) -> None:
    directory = Failing(desk.directory)
    ticks = iter(range(0, 100, 2))
    book = LiveTrust(Sources(directory, desk.revocations, desk.signer, ISSUER, desk.clock), lambda: next(ticks))  # type: ignore[arg-type]
    known = book.current()
    directory.fails = True
    assert book.current() is known
    fresh = LiveTrust(Sources(directory, desk.revocations, desk.signer, ISSUER, desk.clock))  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        fresh.current()


class Failing:
    """A directory whose database is away at times."""

    def __init__(self, directory: Any) -> None:
        self._directory, self.fails = directory, False

    def voided_since(self, since: Any) -> Any:
        if self.fails:
            raise Unavailable("away")
        return self._directory.voided_since(since)


def test_the_key_set_is_public_and_may_be_kept(http: FlaskClient) -> None:
    answer = http.get("/.well-known/jwks.json")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.json is not None
    assert set(answer.json["keys"][0]) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    again = http.get("/.well-known/jwks.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_metadata_say_what_there_is(http: FlaskClient) -> None:
    metadata = http.get("/.well-known/oauth-authorization-server").json
    assert metadata is not None
    assert metadata["issuer"] == ISSUER
    assert metadata["token_endpoint"] == f"{ISSUER}/v2/auth/token"
    assert metadata["grant_types_supported"] == ["client_credentials"]
    assert metadata["response_types_supported"] == []
    methods = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
    for name in ("token", "introspection", "revocation"):
        assert metadata[f"{name}_endpoint_auth_methods_supported"] == methods
        assert metadata[f"{name}_endpoint_auth_signing_alg_values_supported"] == ["ES256", "PS256", "RS256"]
