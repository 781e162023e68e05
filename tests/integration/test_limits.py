"""Rate limits over real gateway processes and a real MongoDB: how much gets through, and what every answer says."""

import json
import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pymongo
import pytest

from gateway.limits.counters import Away, MongoCounters
from shared.plans import WINDOW_SECONDS
from tests.support import eventually
from tests.support.fakes.gateway import MemoryCounters
from tests.support.gateways import Answer, Gateway, another_gateway, assert_problem, running_gateway
from tests.support.servers import Servers
from tests.support.tokens import authorization
from tests.support.upstreams import Exchange, serve_trust
from tests.support.wire import Wire

LIMIT = 400
PLANS = f"default={LIMIT}/5 anonymous=300/300 small=3/2"
PROCESSES = 4


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Gateway]:
    """A gateway with quotas that a test can use up; each test takes clients of its own."""
    log = tmp_path_factory.mktemp("limited") / "log"
    with running_gateway(log, servers.mongodb_url("limits"), PLANS=PLANS) as running:
        yield running


@pytest.fixture
def quiet(limited: Gateway) -> Gateway:
    limited.auth.act = serve_trust
    for service in (limited.auth, limited.files):
        service.seen.clear()
    return limited


def hammer(gateway: Gateway, headers: dict[str, str], times: int) -> list[int]:
    """The statuses of so many requests on one connection."""
    statuses = []
    with closing(HTTPConnection("127.0.0.1", gateway.port, timeout=30)) as connection:
        for _ in range(times):
            connection.request("GET", "/v2/files/1", headers=headers)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
    return statuses


def test_four_processes_together_give_what_one_would(quiet: Gateway, servers: Servers) -> None:
    headers = authorization(client_id="hammering")
    with ExitStack() as processes:
        gateways = [quiet] + [
            processes.enter_context(another_gateway(quiet, servers.mongodb_url("limits"), PLANS=PLANS))
            for _ in range(PROCESSES - 1)
        ]
        with ThreadPoolExecutor(2 * PROCESSES) as pool:
            work = [pool.submit(hammer, gateway, headers, LIMIT // 4) for gateway in gateways * 2]
            statuses = [status for part in work for status in part.result()]
    assert set(statuses) == {200, 429}
    assert LIMIT * 0.95 <= statuses.count(200) <= LIMIT
    assert len(quiet.files.seen) == statuses.count(200)


def told(answer: Answer) -> dict[str, str]:
    return {name: answer.headers[name] for name in answer.headers if "ratelimit" in name.lower()}


def test_every_answer_says_how_the_client_stands(quiet: Gateway) -> None:
    mine, token = authorization(client_id="standing"), authorization(client_id="standing", scopes=["files.read"])
    answers = [
        quiet.ask("GET", "/v2/files/1", mine),
        quiet.ask("HEAD", "/v2/files/1", mine),
        quiet.ask("GET", "/v2/openapi.json", mine),
        quiet.ask("GET", "/v2/openapi.json?x=1", mine),
        quiet.ask("POST", "/v2/files", token, b"x"),
        quiet.ask("GET", "/v2/nothing", mine),
        quiet.ask("PUT", "/v2/files/1", mine),
        quiet.ask("GET", "/v2/agents", mine),
        quiet.ask("GET", "/v2//files", mine),
        quiet.ask("POST", "/v2/files", {**mine, "Idempotency-Key": "a b"}, b"x"),
        quiet.ask("GET", "/v2/files/1?access_token=x", mine),
    ]
    assert [answer.status for answer in answers] == [200, 200, 200, 400, 403, 404, 405, 501, 400, 400, 400]
    for number, answer in enumerate(answers, 1):
        reset = answer.headers["x-ratelimit-reset"]
        assert 0 <= int(reset) <= WINDOW_SECONDS
        assert told(answer) == {
            "x-ratelimit-limit": f"{LIMIT}, {LIMIT};w=60",
            "x-ratelimit-remaining": str(LIMIT - number),
            "x-ratelimit-reset": reset,
            "RateLimit-Policy": f'"default";q={LIMIT};w=60',
            "RateLimit": f'"default";r={LIMIT - number};t={reset}',
        }


def test_whoever_shows_nothing_good_pays_by_address(quiet: Gateway) -> None:
    stolen = authorization(client_id="at-home", networks=["192.0.2.0/24"])
    answers = [
        quiet.ask("GET", "/v2/files/1"),
        quiet.ask("GET", "/v2/files/1", {"Authorization": "Bearer x"}),
        quiet.ask("GET", "/v2/files/1", stolen),
        quiet.ask("GET", "/v2/openapi.json"),
        quiet.ask("GET", "/v2/nothing", {"Authorization": "Bearer x"}),
        quiet.ask("POST", "/v2/auth/token", {"Authorization": "Bearer x", "Content-Length": "2000000"}),
    ]
    assert [answer.status for answer in answers] == [401, 401, 403, 200, 404, 413]
    left = [int(answer.headers["x-ratelimit-remaining"]) for answer in answers]
    assert left == list(range(left[0], left[0] - len(left), -1))
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"anonymous";q=300;w=60'}


def test_who_has_used_up_his_quota_is_told_when_to_come_back(quiet: Gateway) -> None:
    headers = authorization(client_id="eager", plan="small")
    assert hammer(quiet, headers, 3) == [200] * 3
    for path in ("/v2/files/1", "/v2/nothing"):
        answer = quiet.ask("GET", path, headers)
        assert_problem(answer, 429, "rate_limited")
        problem = json.loads(answer.body)
        assert problem["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
        assert problem["violated-policies"] == ["small"]
        assert int(answer.headers["Retry-After"]) >= int(answer.headers["x-ratelimit-reset"]) > 0
        assert answer.headers["RateLimit"].startswith('"small";r=0;t=')
    assert len(quiet.files.seen) == 3
    assert quiet.ask("GET", "/v2/files/1", authorization(client_id="patient")).status == 200


def give_token(exchange: Exchange) -> None:
    """An auth that gives everybody a token whose secret is right."""
    exchange.take()
    good = exchange.headers["Authorization"] == "Basic good"
    named = {"X-Paperlane-Client": "tokens", "X-Paperlane-Plan": "small"}
    exchange.give(200 if good else 401, b"{}", {"Content-Type": "application/json", **(named if good else {})})


def test_tokens_are_paid_for_by_who_gets_them_and_failures_by_the_address(quiet: Gateway) -> None:
    def ask(secret: str) -> Answer:
        return quiet.ask("POST", "/v2/auth/token", {"Authorization": f"Basic {secret}"})

    quiet.auth.act = give_token
    before = int(ask("bad").headers["x-ratelimit-remaining"])
    assert [ask("bad").headers["x-ratelimit-remaining"] for _ in range(2)] == [str(before - 1), str(before - 2)]
    first = ask("good")
    assert told(first)["RateLimit"].startswith('"small-tokens";r=1;t=')
    assert not [name for name in first.headers if name.lower().startswith("x-paperlane")]
    assert ask("good").status == 200
    over = ask("good")
    assert (over.status, over.headers["Content-Type"]) == (429, "application/json")
    assert (over.headers["Cache-Control"], over.headers["Pragma"]) == ("no-store", "no-cache")
    body: dict[str, Any] = json.loads(over.body)
    assert (body["code"], body["error"]) == ("rate_limited", "temporarily_unavailable")
    assert body["type"].endswith("#quota-exceeded")
    assert body["error_description"] == body["detail"]
    assert re.fullmatch(r"\d+", over.headers["Retry-After"])
    assert ask("bad").status == 401
    asked = [seen for seen in quiet.auth.seen if seen.target == "/v2/auth/token"]
    assert len(asked) == 7, "the token endpoint is always asked"


def test_a_store_that_is_away_is_no_outage(tmp_path: Path, servers: Servers) -> None:
    headers = authorization(client_id="offline", plan="small")
    # As one of a replica set it would be asked where the set says that it is.
    alone = servers.mongodb_url("limits_away").partition("?")[0] + "?directConnection=true"
    with Wire(alone) as wire:
        with running_gateway(tmp_path / "log", wire.url, PLANS=PLANS) as gateway:
            assert hammer(gateway, authorization(client_id="before"), 1) == [200]
            wire.down = True
            wire.cut()
            assert hammer(gateway, headers, 5) == [200] * 3 + [429] * 2
            assert b"\npaperlane_limits_store_down 1.0" in gateway.ops("/metrics").body
            ready = eventually(lambda: found if b"itself" in (found := gateway.ops("/health/ready")).body else None)
            assert ready.status == 200
            wire.down = False

            def back() -> bool:
                hammer(gateway, authorization(client_id=secrets.token_hex(4)), 1)
                return b"\npaperlane_limits_store_down 0.0" in gateway.ops("/metrics").body

            eventually(back)
        assert "limits_store_away" in gateway.log.read_text()


@pytest.fixture(params=["mongodb", "memory"])
def counters(request: pytest.FixtureRequest, servers: Servers) -> Any:
    """The real counters and those of the unit tests keep the same promises."""
    if request.param == "memory":
        return MemoryCounters(lambda: 0.0)
    return MongoCounters(servers.mongodb_url("limits_counters"))


def test_counters_count_together_and_tell_when_a_window_ends(counters: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: counters.take("a", 5), range(20)))
    assert sorted(each.count for each in taken) == list(range(5, 101, 5))
    assert all(0 < each.seconds <= WINDOW_SECONDS for each in taken)
    assert counters.take("b", 1).count == 1


def test_a_window_that_is_over_is_followed_by_another(servers: Servers) -> None:
    counters = MongoCounters(servers.mongodb_url("limits_windows"))
    counters.prepare()
    counters.take("a", 5)
    with pymongo.MongoClient[dict[str, Any]](servers.mongodb_url("limits_windows")) as client:
        records = client.get_default_database()["counters"]
        records.update_one({"_id": "a"}, [{"$set": {"expireAt": "$$NOW"}}])
        later = counters.take("a", 3)
        assert (later.count, round(later.seconds)) == (3, WINDOW_SECONDS)
        assert any("expireAfterSeconds" in index for index in records.list_indexes())


def test_counters_that_cannot_be_reached_are_away() -> None:
    with pytest.raises(Away):
        MongoCounters("mongodb://127.0.0.1:1/gateway").take("a", 1)
