"""How often a client may call, and that every answer says what is left (S-42)."""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email.message import Message

import httpx
import pytest

from tests.support.oauth import FORM, GRANT, TOKEN_PATH, Actor, Answer, Credentials, ask_token, basic, send
from tests.support.stack import TINY

WINDOW = 60
QUOTA = 600
# A wrong API key; those of one address are counted together, so that many are told to wait.
GUESSED = (401, 429)


def plan(headers: Message | httpx.Headers) -> str:
    """The name of the plan by which the request was counted."""
    return (headers["RateLimit-Policy"] or "").split('"')[1]


def limits(headers: Message | httpx.Headers) -> tuple[int, int, int]:
    """Quota, rest and seconds until the window ends, of headers that say the same in both languages."""
    quota = re.fullmatch(rf"(\d+), \1;w={WINDOW}", headers["x-ratelimit-limit"] or "")
    policy = re.fullmatch(rf'"([a-z0-9-]+)";q=(\d+);w={WINDOW}', headers["RateLimit-Policy"] or "")
    left = re.fullmatch(r'"([a-z0-9-]+)";r=(\d+);t=(\d+)', headers["RateLimit"] or "")
    assert quota, headers
    assert policy, headers
    assert left, headers
    found = int(quota[1]), int(headers["x-ratelimit-remaining"]), int(headers["x-ratelimit-reset"])
    assert (policy[1], int(policy[2])) == (left[1], found[0])
    assert (int(left[2]), int(left[3])) == found[1:]
    assert 0 <= found[1] <= found[0]
    assert 0 <= found[2] <= WINDOW
    return found


@pytest.mark.parametrize(
    ("status", "method", "path", "sent"),
    [
        (200, "GET", "/v2/documents", "token"), (200, "GET", "/v2/openapi.json", None),
        (200, "GET", "/.well-known/jwks.json", None), (200, "GET", "/.well-known/oauth-authorization-server", None),
        (400, "GET", "/v2/documents?limit=x", "token"), (400, "GET", "/v2/documents/%00", "token"),
        (401, "GET", "/v2/documents", None), (401, "GET", "/v2/documents", "Bearer nonsense"),
        (403, "POST", "/v2/companies", "weak"), (404, "GET", "/nowhere", "token"), (404, "GET", "/nowhere", None),
        (404, "GET", f"/v2/documents/{'0' * 24}", "token"), (405, "DELETE", "/v2/documents", "token"),
        (405, "GET", TOKEN_PATH, None), (501, "GET", "/v2/agents", "token"), (400, "POST", TOKEN_PATH, None),
    ],
)  # fmt: skip
def test_s42_every_answer_says_what_is_left(
    url: str, own: Actor, status: int, method: str, path: str, sent: str | None
) -> None:
    known = {"token": f"Bearer {own.token()}", "weak": f"Bearer {own.token('files.read')}"}
    headers = {"Authorization": known.get(sent, sent)} if sent else {}
    answer = send(url, method, path, headers, b"{}" if method == "POST" else None)
    assert answer.status == status, answer
    quota, left, _ = limits(answer.headers)
    assert left < quota
    assert plan(answer.headers) == ("local" if sent in ("token", "weak") else "anonymous")


def test_s42_answers_of_the_token_endpoint_say_it_too(url: str, own: Actor) -> None:
    assert limits(ask_token(url, GRANT, own.credentials.basic).headers)[0] == 10_000
    wrong = ask_token(url, GRANT, basic("unknown", "wrong")).headers
    assert limits(wrong)
    assert plan(wrong) == "anonymous"


def test_s42_what_is_left_goes_down_and_the_window_ends_in_time(url: str, own: Actor) -> None:
    client = Actor(url, own.new_client(plan="default"))
    first = limits(client.call("GET", "/v2/documents").headers)
    began = time.monotonic()
    seen = [limits(client.call("GET", "/v2/documents").headers) for _ in range(5)]
    assert first[0] == QUOTA
    assert first[2] in (WINDOW - 1, WINDOW)
    rests = [first[1], *(rest for _, rest, _ in seen)]
    assert rests == sorted(rests, reverse=True)
    assert rests[-1] == rests[0] - 5
    time_passed = time.monotonic() - began
    assert first[2] - seen[-1][2] <= time_passed + 1
    client.close()


def test_s42_a_client_is_stopped_at_its_limit_in_every_form(url: str, own: Actor) -> None:
    """700 calls, by token and API key in both headers: 600 are served, whatever they carry."""
    client = Actor(url, own.new_client(plan="default"))
    _, key = own.new_key(client.credentials.id)
    forms = [{"Authorization": f"Bearer {client.token()}"}, {"X-API-Key": key}, {"API-KEY": key}]
    forms.append({"Authorization": f"Bearer {client.new_token()}"})

    def calls(form: dict[str, str]) -> Counter[int]:
        with httpx.Client(base_url=url, trust_env=False, timeout=60) as http:
            return Counter(http.get("/v2/documents?limit=1", headers=form).status_code for _ in range(175))

    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        statuses = sum(pool.map(calls, forms), Counter[int]())
    assert time.monotonic() - began < WINDOW / 2, "too slow to prove anything"
    assert statuses == Counter({200: QUOTA, 429: 100})
    for form in forms:
        _expect_stopped(send(url, "GET", "/v2/documents", form), began)
    assert ask_token(url, GRANT, client.credentials.basic).status == 200, "counted apart"
    neighbour = Actor(url, own.new_client(plan="default"))
    assert neighbour.call("GET", "/v2/documents").status_code == 200
    for actor in (client, neighbour):
        actor.close()


def _expect_stopped(answer: Answer, began: float) -> None:
    quota, left, reset = limits(answer.headers)
    passed = time.monotonic() - began
    assert (answer.status, quota, left) == (429, QUOTA, 0)
    assert WINDOW - passed - 2 <= reset <= WINDOW
    assert reset <= int(answer.headers["Retry-After"]) <= reset + 1
    body = answer.json()
    assert (body["status"], body["code"]) == (429, "rate_limited")
    assert "quota" in body["type"]
    assert body["violated-policies"]
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_s42_calls_for_tokens_have_a_limit_that_wrong_secrets_do_not_touch(url: str, own: Actor) -> None:
    client = own.new_client(plan=TINY.name)
    for _ in range(10):
        assert ask_token(url, GRANT, basic(client.id, "wrong")).status == 401
    statuses = [ask_token(url, GRANT, client.basic).status for _ in range(TINY.tokens + 2)]
    assert statuses == [200] * TINY.tokens + [429] * 2
    stopped = ask_token(url, GRANT, client.basic)
    assert (stopped.headers["Cache-Control"], stopped.headers["Pragma"]) == ("no-store", "no-cache")
    assert stopped.headers["Content-Type"] == "application/json"
    body = stopped.json()
    assert body["code"] == "rate_limited"
    assert body["error"]
    assert body["error_description"]
    assert "access_token" not in body
    assert int(stopped.headers["Retry-After"]) >= limits(stopped.headers)[2] > 0
    assert not {"x-paperlane-client", "x-paperlane-plan"} & {name.lower() for name in stopped.headers}


def test_s42_a_clients_own_word_on_its_plan_or_name_counts_nothing(url: str, own: Actor) -> None:
    client = own.new_client(plan=TINY.name)
    lies = {"X-Paperlane-Client": own.credentials.id, "X-Paperlane-Plan": "local", "X-Forwarded-For": "192.0.2.1"}
    headers = {"Authorization": client.basic, "Content-Type": FORM, **lies}
    answers = [send(url, "POST", TOKEN_PATH, headers, b"grant_type=client_credentials") for _ in range(TINY.tokens + 1)]
    assert [answer.status for answer in answers] == [200] * TINY.tokens + [429]
    for answer in answers:
        assert not {"x-paperlane-client", "x-paperlane-plan"} & {name.lower() for name in answer.headers}


def test_s42_a_key_and_a_token_together_are_refused(url: str, own: Actor) -> None:
    key, bearer = own.new_key(own.credentials.id)[1], f"Bearer {own.token()}"
    for headers in (
        [("X-API-Key", key), ("API-KEY", key)],
        [("X-API-Key", key), ("Authorization", bearer)],
        [("API-KEY", key), ("Authorization", bearer)],
    ):
        answer = send(url, "GET", "/v2/documents", headers)
        assert (answer.status, answer.json()["code"]) == (400, "bad_request"), headers
    assert send(url, "GET", "/v2/documents", [("X-API-Key", key), ("X-API-Key", key)]).status in GUESSED


def test_s42_keys_are_for_the_gateway(doors: dict[str, str], own: Actor) -> None:
    """A service takes tokens only."""
    key = own.new_key(own.credentials.id)[1]
    assert send(doors["documents"], "GET", "/v2/documents", {"X-API-Key": key}).status == 401


def test_s42_a_key_acts_for_its_client(own: Actor) -> None:
    client: Credentials = own.new_client(scopes=["documents.read"])
    headers = {"X-API-Key": own.new_key(client.id)[1]}
    assert own.http.get("/v2/documents", headers=headers).status_code == 200
    assert own.http.get("/v2/projects", headers=headers).status_code == 403
    assert own.http.get("/v2/documents", headers={"X-API-Key": "paperlane_" + "x" * 43}).status_code in GUESSED
