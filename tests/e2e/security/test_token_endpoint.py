"""The token endpoint against RFC 6749, over the wire: S-01 to S-05."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.oauth import ASSERTION_TYPE, FORM, GRANT, TOKEN_PATH, Actor, Answer, Text, ask_token, basic, send

PAIR = ("grant_type", "client_credentials")
NQSCHAR = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+\Z")


def expect_error(answer: Answer, status: int, error: str) -> None:
    """A refusal in the words of RFC 6749 §5.2 and of the contract at once (S-02, S-03)."""
    body = answer.json()
    assert (answer.status, body["error"], body["code"], body["status"]) == (status, error, error, status), body
    assert NQSCHAR.match(body["error_description"]), body
    assert body["title"]
    assert body["detail"]
    assert body["type"]
    expect_unstored(answer)
    challenge = answer.headers["WWW-Authenticate"] or ""
    assert challenge.startswith('Basic realm="') == (status == 401), challenge


def expect_unstored(answer: Answer) -> None:
    headers = answer.headers
    assert (headers["Cache-Control"], headers["Pragma"]) == ("no-store", "no-cache"), answer
    assert headers["Content-Type"] == "application/json", answer


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_s01_only_post_gets_a_token(url: str, own: Actor, method: str) -> None:
    answer = send(url, method, TOKEN_PATH, {"Authorization": own.credentials.basic, "Content-Type": FORM}, b"")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    expect_unstored(answer)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", json.dumps(GRANT).encode()),
        ("application/json", b"grant_type=client_credentials"),
        ("text/plain", b"grant_type=client_credentials"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nclient_'),
        (None, b"grant_type=client_credentials"),
        (FORM, b""),
        (FORM, b"\xff\xfe=1&grant_type=client_credentials"),
        (FORM, b"grant_type=client_credentials&x=%ff%fe"),
        (FORM, "grant_type=client_credentials&x=é".encode()),
    ],
    ids=["json", "form as json", "text", "multipart", "no type", "empty", "bytes", "escaped bytes", "not ascii"],
)
def test_s01_the_body_is_a_form(url: str, own: Actor, content_type: str | None, body: bytes) -> None:
    answer = ask_token(url, body, own.credentials.basic, content_type=content_type)
    expect_error(answer, 400, "invalid_request")


@pytest.mark.parametrize("content_type", [FORM.upper(), f"{FORM};charset=UTF-8", f"{FORM} ; charset=utf-8"])
def test_s01_a_form_is_a_form_however_it_is_written(url: str, own: Actor, content_type: str) -> None:
    assert ask_token(url, GRANT, own.credentials.basic, content_type=content_type).status == 200


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("grant_type=client_credentials", {}),
        ("grant_type=client_credentials", GRANT),
        ("client_id={id}&client_secret={secret}", GRANT),
        ("client_secret={secret}", GRANT),
        ("scope=documents.read", GRANT),
        ("anything=1", GRANT),
    ],
)
def test_s01_nothing_comes_in_the_query(url: str, own: Actor, query: str, body: dict[str, str]) -> None:
    client = own.credentials
    path = f"{TOKEN_PATH}?{query.format(id=client.id, secret=client.secret)}"
    expect_error(ask_token(url, body, client.basic, path=path), 400, "invalid_request")


def test_s02_a_token_comes_alone_and_is_kept_by_nobody(url: str, own: Actor) -> None:
    answer = ask_token(url, GRANT, own.credentials.basic)
    assert answer.status == 200
    expect_unstored(answer)
    body = answer.json()
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)


@pytest.mark.parametrize(
    "form",
    [
        [],
        [("scope", "documents.read")],
        [PAIR, PAIR],
        [PAIR, ("scope", "documents.read"), ("scope", "documents.read")],
        [PAIR, ("resource", "a"), ("resource", "b")],
        [("grant_type", "")],
        [PAIR, ("client_id", "{id}"), ("client_secret", "{secret}")],
        [PAIR, ("client_id", "{id}"), ("client_secret", "wrong")],
        [PAIR, ("client_secret", "{secret}")],
        [PAIR, ("client_assertion_type", ASSERTION_TYPE), ("client_assertion", "a.b.c")],
        [*((f"p{n}", "") for n in range(100)), PAIR],
    ],
    ids=[
        "nothing", "no grant_type", "grant_type twice", "scope twice", "unknown twice", "grant_type empty",
        "two methods", "two methods, one wrong", "secret only", "basic and assertion", "too many",
    ],
)  # fmt: skip
def test_s03_malformed_requests(url: str, own: Actor, form: list[tuple[str, str]]) -> None:
    client = own.credentials
    filled = [(name, value.format(id=client.id, secret=client.secret)) for name, value in form]
    expect_error(ask_token(url, filled, client.basic), 400, "invalid_request")


def test_s03_another_client_in_the_body_than_in_the_header(url: str, own: Actor) -> None:
    answer = ask_token(url, {**GRANT, "client_id": "another"}, own.credentials.basic)
    assert (answer.status, answer.json()["error"]) in ((400, "invalid_request"), (401, "invalid_client"))


@pytest.mark.parametrize(
    ("form", "authorization"),
    [
        (GRANT, None),
        (GRANT, "Basic"),
        (GRANT, "Basic !!!"),
        (GRANT, "Basic " + "=" * 8),
        (GRANT, b"Basic \xff\xfe"),
        (GRANT, "Basic YQ=="),
        (GRANT, basic("", "")),
        (GRANT, basic(b"\xff\xfe", b"\x80")),
        (GRANT, basic("%ff%fe", "%80")),
        (GRANT, basic("unknown", "wrong")),
        (GRANT, basic("{id}", "")),
        (GRANT, "Bearer abc"),
        (GRANT, "Digest username=x"),
        ({**GRANT, "client_id": "{id}"}, None),
        ({**GRANT, "client_id": "unknown", "client_secret": "wrong"}, None),
        ({**GRANT, "client_id": "unknown\x00", "client_secret": "wr\x00ng"}, None),
        ({**GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": "a.b.c"}, None),
        ({**GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": "\ud7ff"}, None),
    ],
    ids=[
        "none", "no credentials", "no base64", "padding", "bytes", "no colon", "empty", "not UTF-8", "escapes",
        "unknown", "no secret", "bearer", "digest", "id only", "unknown in form", "NUL", "no JWT", "not ASCII",
    ],
)  # fmt: skip
def test_s03_bad_clients(url: str, own: Actor, form: dict[str, str], authorization: Text | None) -> None:
    filled = {name: value.format(id=own.credentials.id) for name, value in form.items()}
    expect_error(ask_token(url, filled, authorization), 401, "invalid_client")


@pytest.mark.parametrize(
    "grant_type",
    ["password", "authorization_code", "refresh_token", "implicit", "CLIENT_CREDENTIALS", " client_credentials",
     "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:token-exchange"],
)  # fmt: skip
def test_s03_other_grants(url: str, own: Actor, grant_type: str) -> None:
    form = {"grant_type": grant_type, "username": "u", "password": "p"}
    expect_error(ask_token(url, form, own.credentials.basic), 400, "unsupported_grant_type")


@pytest.mark.parametrize(
    "scope", ["unknown", "documents.read unknown", "projects.write", "documents.read\tx", "é", '"', " ", "*"]
)
def test_s03_scopes_that_the_client_may_not_have(url: str, own: Actor, scope: str) -> None:
    client = own.new_client(scopes=["documents.read"])
    expect_error(ask_token(url, {**GRANT, "scope": scope}, client.basic), 400, "invalid_scope")


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        (None, "documents.read documents.write"),
        ("", "documents.read documents.write"),
        ("documents.read", "documents.read"),
        ("documents.write documents.read", "documents.read documents.write"),
        ("documents.read documents.read", "documents.read"),
    ],
)
def test_s03_scopes_are_granted_as_asked_for(url: str, own: Actor, scope: str | None, granted: str) -> None:
    client = own.new_client(scopes=["documents.read", "documents.write"])
    answer = ask_token(url, GRANT | ({} if scope is None else {"scope": scope}), client.basic)
    assert (answer.status, answer.json()["scope"]) == (200, granted)


def test_s04_nobody_learns_which_clients_exist(url: str, own: Actor) -> None:
    disabled, elsewhere, ended = own.new_client(), own.new_client(networks=["192.0.2.0/24"]), own.new_client()
    assert own.call("PATCH", f"/v2/clients/{disabled.id}", json={"disabled": True}).status_code == 200
    assert own.call("DELETE", f"/v2/clients/{ended.id}").status_code in (202, 204)
    answers = {
        "unknown": ask_token(url, GRANT, basic("unknown", own.credentials.secret)),
        "wrong secret": ask_token(url, GRANT, basic(own.credentials.id, "wrong")),
        "disabled": ask_token(url, GRANT, disabled.basic),
        "wrong network": ask_token(url, GRANT, elsewhere.basic),
        "deleted": ask_token(url, GRANT, ended.basic),
        "in the form": ask_token(url, {**GRANT, "client_id": "unknown", "client_secret": "wrong"}),
        "assertion": ask_token(
            url, {**GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": "eyJhbGciOiJFUzI1NiJ9.e30.AA"}
        ),
    }
    expect_error(answers["unknown"], 401, "invalid_client")
    assert {name for name, answer in answers.items() if answer.lasting != answers["unknown"].lasting} == set()


def test_s05_an_encoded_pair_is_the_pair(url: str, own: Actor) -> None:
    client = own.credentials
    for encode in (str, lambda text: "".join(f"%{ord(character):02X}" for character in text)):
        assert ask_token(url, GRANT, basic(encode(client.id), encode(client.secret))).status == 200
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", client.id + client.secret)


@pytest.mark.parametrize("scheme", ["basic", "BASIC", "bAsIc"])
def test_s05_the_scheme_has_no_case(url: str, own: Actor, scheme: str) -> None:
    assert ask_token(url, GRANT, own.credentials.basic.replace("Basic", scheme)).status == 200


@pytest.mark.parametrize("form", [False, True], ids=["client_secret_basic", "client_secret_post"])
def test_s03_either_way_of_sending_the_secret(url: str, own: Actor, form: bool) -> None:
    client = own.credentials
    pair = {"client_id": client.id, "client_secret": client.secret}
    answer = ask_token(url, GRANT | pair) if form else ask_token(url, GRANT, client.basic)
    assert answer.status == 200
