"""Clients over HTTP: what they can be, who may make them so, and that nobody locks himself out."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from shared.scopes import SCOPES
from tests.support.administering import Administration
from tests.support.auth import CLIENT
from tests.support.tokens import OTHER_COMPANY

KEY = ECKey.generate_key("P-256")
PROJECT = "6040dc9680b782b365ea77d5"


@pytest.fixture
def auth() -> Administration:
    return Administration()


def jwk(key: Any = KEY, alg: str = "ES256", **members: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": "k1", "alg": alg, **members}


def test_a_client_is_made_shown_listed_and_deleted(auth: Administration) -> None:
    made = auth.new_client(
        projects=[PROJECT], networks=["192.0.2.0/24", "2001:DB8:0::/32"], states="documented", lifetimeSeconds=60,
        plan="local",
    )  # fmt: skip
    assert re.fullmatch(r"client-[0-9a-f]{24}", made["id"])
    assert re.fullmatch(r"paperlane_secret_[A-Za-z0-9_-]{43}", made["secret"])
    assert auth.knows(made["id"], made["secret"])
    shown = auth.shown(made["id"])
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert (shown["projects"], shown["networks"]) == ([PROJECT], ["192.0.2.0/24", "2001:db8::/32"])
    assert (shown["states"], shown["lifetimeSeconds"], shown["plan"]) == ("documented", 60, "local")
    listed = auth.call("GET", "/v2/clients?limit=1").json or {}
    assert listed["totalCount"] == 2
    assert auth.call("DELETE", f"/v2/clients/{made['id']}").status_code == 204
    assert auth.call("GET", f"/v2/clients/{made['id']}").status_code == 404
    assert auth.call("DELETE", f"/v2/clients/{made['id']}").status_code == 404
    assert auth.actions == ["client.created", "client.deleted"]


def test_what_is_left_out_is_what_surprises_least(auth: Administration) -> None:
    made = auth.made("/v2/clients", {"name": "x"})
    assert set(made["scopes"]) == set(SCOPES) - {"clients.manage", "companies.manage"}
    assert (made["plan"], made["lifetimeSeconds"], made["states"]) == ("default", 3600, "all")
    assert (made["projects"], made["networks"], made["disabled"]) == (None, [], False)
    limited = auth.made("/v2/clients", {"name": "x"}, projects=[PROJECT], networks=["10.0.0.0/8"])
    assert (limited["projects"], limited["networks"]) == ([PROJECT], ["10.0.0.0/8"])
    only = auth.call("POST", "/v2/clients", {"name": "x"}, scopes=["clients.manage"])
    assert (only.status_code, "scopes" in only.text) == (400, True)


@pytest.mark.parametrize(
    "change",
    [
        {"scopes": ["unknown"]}, {"scopes": []}, {"scopes": [["x"]]}, {"plan": "anonymous"}, {"plan": "unknown"},
        {"lifetimeSeconds": 59}, {"lifetimeSeconds": 86_401}, {"lifetimeSeconds": "3600"}, {"lifetimeSeconds": 3600.5},
        {"lifetimeSeconds": True}, {"networks": ["10.0.0.1/8"]}, {"networks": [1]}, {"networks": ["10.0.0.0/8"] * 21},
        {"networks": ["fe80::%a,10.0.0.1/128"]},
        {"projects": ["x"]}, {"projects": [PROJECT] * 51}, {"states": "some"}, {"states": []}, {"name": " "},
        {"name": "x" * 101}, {"authMethod": "none"}, {"authMethod": {}}, {"unknown": 1}, {"disabled": "yes"},
        {"companyId": OTHER_COMPANY}, {"version": 1}, {"secrets": []}, {"__proto__": {}},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_client_can_be(auth: Administration, change: dict[str, Any]) -> None:
    answer = auth.call("POST", "/v2/clients", {"name": "x", "scopes": ["files.read"], **change})
    assert (answer.status_code, answer.json and answer.json["code"]) == (400, "bad_request")
    assert next(iter(change)) in answer.text
    patched = auth.call("PATCH", f"/v2/clients/{CLIENT}", change)
    assert patched.status_code == 400
    assert auth.actions == []


def test_signing_clients_have_keys_and_no_secret(auth: Administration) -> None:
    rsa = jwk(RSAKey.generate_key(2048), "PS256", kid="k2")
    made = auth.new_client(authMethod="private_key_jwt", jwks=[jwk(), rsa])
    assert (made["secret"], made["secrets"]) == (None, [])
    assert made["jwks"] == [jwk(), rsa]
    path = f"/v2/clients/{made['id']}"
    assert auth.call("POST", f"{path}/secrets", {}).status_code == 409
    assert auth.call("PATCH", path, {"authMethod": "client_secret"}).status_code == 200
    assert auth.call("POST", f"{path}/secrets", {}).status_code == 201
    back = auth.call("PATCH", path, {"authMethod": "private_key_jwt"}).json or {}
    assert back["secrets"] == []


@pytest.mark.parametrize(
    "keys",
    [
        [], ["text"], [jwk(), jwk()], [jwk(kid="")], [jwk(alg="RS256")], [jwk(alg="none")], [jwk(x="AAAA")],
        [jwk(x="ä")], [jwk(y=KEY.as_dict(private=False)["x"])], [jwk(use="enc")], [jwk(x5u="https://x")],
        [jwk(d="x")], [{**KEY.as_dict(private=True), "kid": "k", "alg": "ES256"}], [jwk(crv="P-384")],
        [{"kty": "oct", "k": "x", "alg": "HS256", "kid": "x"}], [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}],
        [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "RS256", "kid": "x"}], [{"kty": {}}],
        [jwk(kid=f"k{n}") for n in range(6)],
    ],
    ids=lambda keys: str(keys)[:50],
)  # fmt: skip
def test_keys_that_no_client_may_have(auth: Administration, keys: list[Any]) -> None:
    answer = auth.call("POST", "/v2/clients", {"name": "x", "authMethod": "private_key_jwt", "jwks": keys})
    assert answer.status_code == 400
    assert "jwks" in answer.text


def test_a_signing_client_without_keys_is_refused(auth: Administration) -> None:
    answer = auth.call("POST", "/v2/clients", {"name": "x", "authMethod": "private_key_jwt"})
    assert (answer.status_code, "jwks" in answer.text) == (400, True)


def test_nobody_gives_what_he_lacks(auth: Administration) -> None:
    weak: dict[str, Any] = {"as_client": "weak", "scopes": ["clients.manage", "files.read"]}
    body = {"name": "x", "scopes": ["files.read", "files.write"]}
    refused = auth.call("POST", "/v2/clients", body, **weak)
    assert (refused.status_code, refused.json and refused.json["code"]) == (403, "access_forbidden")
    assert "files.write" in refused.text
    own = auth.made("/v2/clients", {"name": "x", "scopes": ["files.read"]}, **weak)["id"]
    assert auth.call("PATCH", f"/v2/clients/{own}", {"scopes": ["audit.read"]}, **weak).status_code == 403
    assert auth.call("PATCH", f"/v2/clients/{own}", {"plan": "local"}, **weak).status_code == 403
    strong = auth.new_client(scopes=["files.read", "files.write"])["id"]
    for path, change in (("secrets", {}), ("api-keys", {"name": "x"})):
        assert auth.call("POST", f"/v2/clients/{strong}/{path}", change, **weak).status_code == 403
    signing = {"authMethod": "private_key_jwt", "jwks": [jwk()]}
    assert auth.call("PATCH", f"/v2/clients/{strong}", signing, **weak).status_code == 403
    assert auth.call("PATCH", f"/v2/clients/{strong}", {"scopes": ["files.write"]}, **weak).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"projects": None}, 403), ({"projects": ["f" * 24]}, 403), ({"projects": []}, 201),
        ({"networks": []}, 403), ({"networks": ["0.0.0.0/0"]}, 403), ({"networks": ["::/0"]}, 403),
        ({"networks": ["127.1.0.0/16"]}, 201),
    ],
    ids=str,
)  # fmt: skip
def test_who_is_limited_hands_on_his_limits(auth: Administration, change: dict[str, Any], status: int) -> None:
    limits: dict[str, Any] = {"as_client": "limited", "projects": [PROJECT], "networks": ["127.0.0.0/8"]}
    answer = auth.call("POST", "/v2/clients", {"name": "x", "scopes": ["files.read"], **change}, **limits)
    assert answer.status_code == status
    wide = auth.new_client()["id"]
    assert auth.call("POST", f"/v2/clients/{wide}/secrets", {}, **limits).status_code == 403
    assert auth.call("PATCH", f"/v2/clients/{wide}", change, **limits).status_code == 403
    assert auth.call("DELETE", f"/v2/clients/{wide}", **limits).status_code == 403
    narrow = auth.new_client(projects=[PROJECT], networks=["10.0.0.0/8"])["id"]
    assert auth.call("PATCH", f"/v2/clients/{narrow}", change, **limits).status_code == (200 if status == 201 else 403)


def test_whoever_does_not_run_the_platform_keeps_his_hands_off_its_clients(auth: Administration) -> None:
    weak: dict[str, Any] = {"as_client": "weak", "scopes": ["clients.manage", "documents.read"]}
    path = f"/v2/clients/{CLIENT}"
    for method, under, body in (
        ("PATCH", "", {"disabled": True}), ("PATCH", "", {"lifetimeSeconds": 60}), ("DELETE", "", None),
        ("POST", "/revoke-tokens", None), ("DELETE", "/secrets/one", None), ("POST", "/api-keys", {"name": "x"}),
    ):  # fmt: skip
        assert auth.call(method, path + under, body, **weak).status_code == 403, (method, under)
    assert auth.actions == []
    other = auth.new_client(scopes=["documents.write"])["id"]
    assert auth.call("PATCH", f"/v2/clients/{other}", {"disabled": True}, **weak).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"disabled": True}, {"scopes": ["files.read"]}, {"networks": ["192.0.2.0/24"]},
        {"authMethod": "private_key_jwt"},
    ],
    ids=str,
)  # fmt: skip
def test_nobody_locks_himself_out(auth: Administration, change: dict[str, Any]) -> None:
    answer = auth.call("PATCH", f"/v2/clients/{CLIENT}", change)
    assert answer.status_code == (400 if "authMethod" in change else 409)
    assert auth.call("DELETE", f"/v2/clients/{CLIENT}").status_code == 409
    assert auth.shown(CLIENT)["disabled"] is False
    assert auth.call("PATCH", f"/v2/clients/{CLIENT}", {"networks": ["127.0.0.0/8"]}).status_code == 200


def test_a_client_that_signs_cannot_give_up_its_key(auth: Administration) -> None:
    manager = auth.new_client(scopes=["clients.manage"], authMethod="private_key_jwt", jwks=[jwk()])["id"]
    path = f"/v2/clients/{manager}"
    assert auth.call("PATCH", path, {"authMethod": "client_secret"}, as_client=manager).status_code == 409
    assert auth.call("PATCH", path, {"authMethod": "client_secret"}).status_code == 200


@pytest.mark.parametrize(
    ("change", "voids"),
    [
        ({"scopes": ["files.read"]}, True), ({"projects": [PROJECT]}, True), ({"networks": ["10.0.0.0/8"]}, True),
        ({"disabled": True}, True), ({"scopes": ["files.read", "files.write", "audit.read"]}, False),
        ({"name": "renamed"}, False), ({"states": "documented", "lifetimeSeconds": 60}, False),
    ],
    ids=str,
)  # fmt: skip
def test_taking_something_away_voids_tokens(auth: Administration, change: dict[str, Any], voids: bool) -> None:
    made = auth.new_client(scopes=["files.read", "files.write"])["id"]
    assert auth.call("PATCH", f"/v2/clients/{made}", change).status_code == 200
    client = auth.desk.directory.client(made)
    assert client
    assert (client.revoked_before > auth.now.timestamp()) == voids
    assert auth.actions == ["client.created", "client.changed"]


def test_a_disabled_client_comes_back_without_its_old_tokens(auth: Administration) -> None:
    made = auth.new_client()
    path = f"/v2/clients/{made['id']}"
    auth.call("PATCH", path, {"disabled": True})
    assert not auth.knows(made["id"], made["secret"])
    assert (auth.call("PATCH", path, {"disabled": False}).json or {})["disabled"] is False
    assert auth.knows(made["id"], made["secret"])
    assert auth.desk.trust.current().trust.revoked_before[made["id"]] > auth.now.timestamp()


def test_tokens_are_revoked_again_and_again_but_not_into_the_future(auth: Administration) -> None:
    path = f"/v2/clients/{auth.new_client()['id']}/revoke-tokens"
    statuses = [auth.call("POST", path).status_code for _ in range(25)]
    assert statuses[:20] == [202] * 20
    assert statuses[-1] == 409
    auth.wait(30)
    assert auth.call("POST", path).status_code == 202


def test_another_companys_client_is_like_none(auth: Administration) -> None:
    made = auth.new_client()["id"]
    for method, rest, body in (
        ("GET", "", None), ("PATCH", "", {"name": "x"}), ("DELETE", "", None), ("POST", "/secrets", {}),
        ("DELETE", "/secrets/x", None), ("POST", "/revoke-tokens", None), ("GET", "/api-keys", None),
        ("POST", "/api-keys", {"name": "x"}), ("DELETE", "/api-keys/x", None),
    ):  # fmt: skip
        foreign, unknown = (
            auth.call(method, f"/v2/clients/{name}{rest}", body, company=OTHER_COMPANY)
            for name in (made, "client-" + "0" * 24)
        )
        assert (foreign.status_code, foreign.data) == (404, unknown.data)


def test_fifty_at_once_make_one_client(auth: Administration) -> None:
    def once(_: int) -> tuple[int, bytes]:
        answer = auth.call("POST", "/v2/clients", {"name": "x"}, key="the-same")
        return answer.status_code, answer.data

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(once, range(50)))
    assert len(answers) == 1
    status, body = answers.pop()
    assert status == 201
    assert (auth.call("GET", "/v2/clients").json or {})["totalCount"] == 2
    outcomes = {entry.subject: entry.detail.get("outcome", "done") for entry in auth.entries}
    assert [subject for subject, outcome in outcomes.items() if outcome == "done"] == [json.loads(body)["id"]]


def test_a_change_is_in_the_audit_log_before_it_is_made(auth: Administration, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> bool:
        assert auth.actions == ["client.created"]
        raise KeyboardInterrupt

    monkeypatch.setattr(auth.desk.directory, "add_client", killed)
    with pytest.raises(KeyboardInterrupt):
        auth.call("POST", "/v2/clients", {"name": "x"})
    assert [dict(entry.detail) for entry in auth.entries] == [{}, {"outcome": "unconfirmed"}]


def test_a_key_that_is_used_again_is_refused(auth: Administration) -> None:
    auth.made("/v2/clients", {"name": "x"}, key="k")
    other = auth.call("POST", "/v2/clients", {"name": "y"}, key="k")
    assert (other.status_code, other.json and other.json["code"]) == (422, "idempotency_key_reused")
    refused = auth.call("POST", "/v2/clients", {"name": "x", "plan": "none"}, key="k2")
    assert refused.status_code == 400
    assert auth.call("POST", "/v2/clients", {"name": "x"}, key="k2").status_code == 201
