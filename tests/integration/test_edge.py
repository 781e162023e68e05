"""Who gets past the gateway, over real sockets: API keys, networks, spoofed addresses; and what its audit log says."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pymongo
import pytest

from gateway.forward.denials import OF_AN_ADDRESS
from gateway.forward.upstream import PLACES, WAITING
from tests.support import eventually
from tests.support.gateways import Answer, Gateway, another_gateway, assert_problem, running_gateway
from tests.support.servers import Servers
from tests.support.tokens import authorization, sign
from tests.support.upstreams import Exchange, serve_trust, take_and_give

KEY = "paperlane_" + "k" * 43


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Gateway]:
    """A gateway that believes what its clients say of their addresses."""
    log = tmp_path_factory.mktemp("proxied") / "log"
    with running_gateway(log, servers.mongodb_url("edge"), TRUSTED_PROXIES="127.0.0.0/8", UPSTREAM_SECONDS="30") as it:
        yield it


@pytest.fixture
def quiet(proxied: Gateway) -> Gateway:
    for service in (proxied.auth, proxied.files, proxied.documents):
        service.act = take_and_give
        service.seen.clear()
    proxied.auth.act = serve_trust
    return proxied


def exchange_keys(gateway: Gateway, known: dict[str, str]) -> list[dict[str, Any]]:
    """Have auth exchange these keys for these tokens; what it is asked is put in the list."""
    asked: list[dict[str, Any]] = []

    def act(exchange: Exchange) -> None:
        if exchange.path != "/internal/api-keys/exchange":
            return serve_trust(exchange)
        seen = exchange.take()
        key = json.loads(seen.body)["key"]
        asked.append({"key": key, **seen.headers})
        token = known.get(key)
        body = {"access_token": token, "expires_in": 300} if token else {"code": "authentication_failed"}
        return exchange.give(200 if token else 401, json.dumps(body).encode(), {"Content-Type": "application/json"})

    gateway.auth.act = act
    return asked


@pytest.mark.parametrize("header", ["X-API-Key", "API-KEY"])
def test_an_api_key_becomes_a_token_on_the_way(quiet: Gateway, header: str) -> None:
    key, token = f"paperlane_{header:k<43}", sign(client_id="keyed")
    asked = exchange_keys(quiet, {key: token})
    came_from = {"X-Forwarded-For": "203.0.113.9"}
    answers = [quiet.ask("GET", "/v2/files/1", {header: key, **came_from}) for _ in range(3)]
    assert [answer.status for answer in answers] == [200] * 3
    for seen in quiet.files.seen:
        assert seen.headers["authorization"] == f"Bearer {token}"
        assert header.lower() not in seen.headers
    (once,) = asked
    assert (once["key"], once["x-forwarded-for"]) == (key, "203.0.113.9")
    assert once["x-request-id"] == answers[0].headers["X-Request-Id"]


def test_many_requests_with_a_new_key_are_one_exchange(quiet: Gateway) -> None:
    key = "paperlane_" + "s" * 43
    asked = exchange_keys(quiet, {key: sign(client_id="stampede")})
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: quiet.ask("GET", "/v2/files/1", {"X-API-Key": key}).status, range(32)))
    assert (statuses, len(asked)) == ([200] * 32, 1)


@pytest.mark.parametrize("key", ["paperlane_" + "w" * 43, "paperlane_short", "x" * 500, "a, b", ""])
def test_a_wrong_api_key_is_refused(quiet: Gateway, key: str) -> None:
    asked = exchange_keys(quiet, {})
    answer = quiet.ask("GET", "/v2/files/1", {"X-API-Key": key})
    assert_problem(answer, 401, "authentication_failed")
    assert len(asked) == (len(key) == 53)
    assert not quiet.files.seen


@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": KEY, "API-KEY": KEY},
        {"X-API-Key": KEY, "Authorization": "Bearer x"},
        {"API-KEY": KEY, "Authorization": "Basic eDp5"},
    ],
)
def test_two_kinds_of_credentials_are_refused(quiet: Gateway, headers: dict[str, str]) -> None:
    assert_problem(quiet.ask("GET", "/v2/files/1", headers), 400, "bad_request")
    assert not quiet.files.seen


def test_while_auth_is_away_a_key_it_knew_serves_and_a_new_one_waits(quiet: Gateway) -> None:
    known, new = "paperlane_" + "a" * 43, "paperlane_" + "b" * 43
    exchange_keys(quiet, {known: sign(client_id="cached")})
    assert quiet.ask("GET", "/v2/files/1", {"X-API-Key": known}).status == 200
    quiet.auth.act = Exchange.break_off
    assert quiet.ask("GET", "/v2/files/1", {"X-API-Key": known}).status == 200
    answer = quiet.ask("GET", "/v2/files/1", {"X-API-Key": new})
    assert_problem(answer, 503, "service_unavailable")
    assert answer.headers["Retry-After"].isdigit()


def test_a_token_that_a_service_finds_voided_is_exchanged_anew_once(quiet: Gateway) -> None:
    key = "paperlane_" + "c" * 43
    known = {key: sign(client_id="voided")}
    asked = exchange_keys(quiet, known)
    assert quiet.ask("GET", "/v2/files/1", {"X-API-Key": key}).status == 200
    old, known[key] = known[key], sign(client_id="voided")

    def knows_more(exchange: Exchange) -> None:
        seen = exchange.take()
        exchange.give(401 if seen.headers["authorization"] == f"Bearer {old}" else 200)

    quiet.files.act = knows_more
    assert quiet.ask("GET", "/v2/files/1", {"X-API-Key": key}).status == 200
    assert len(asked) == 2
    quiet.documents.act = knows_more
    assert quiet.ask("GET", "/v2/documents", {"Authorization": f"Bearer {old}"}).status == 401
    assert len(asked) == 2


def test_a_client_may_call_from_its_networks_only(quiet: Gateway) -> None:
    held = authorization(client_id="held", networks=["203.0.113.0/24", "2001:db8::/32"])

    def ask(address: str) -> Answer:
        return quiet.ask("GET", "/v2/files/1", {**held, "X-Forwarded-For": address})

    assert ask("203.0.113.5").status == ask("2001:db8::1").status == 200
    assert ask("198.51.100.1, 203.0.113.5").status == 200
    for address in ("198.51.100.1", "203.0.113.5, 198.51.100.1", "127.0.0.1", "nonsense"):
        assert_problem(ask(address), 403, "access_forbidden")
    assert [seen.headers["x-forwarded-for"] for seen in quiet.files.seen] == [
        "203.0.113.5",
        "2001:db8::1",
        "203.0.113.5",
    ]


def test_nobody_else_is_believed_where_he_comes_from(quiet: Gateway, servers: Servers) -> None:
    held = authorization(client_id="held", networks=["203.0.113.0/24"])
    lies = {
        "X-Forwarded-For": "203.0.113.5",
        "Forwarded": "for=203.0.113.5",
        "X-Real-IP": "203.0.113.5",
        "X-Forwarded-Client-Cert": "Subject=root",
    }
    with another_gateway(quiet, servers.mongodb_url("edge")) as strict:
        assert_problem(strict.ask("GET", "/v2/files/1", {**held, **lies}), 403, "access_forbidden")
        assert strict.ask("GET", "/v2/files/1", {**authorization(), **lies}).status == 200
    assert quiet.files.seen[0].headers["x-forwarded-for"] == "127.0.0.1"
    assert not {"forwarded", "x-real-ip", "x-forwarded-client-cert"} & quiet.files.seen[0].headers.keys()


def test_a_service_that_hangs_leaves_the_gateway_to_the_others(quiet: Gateway) -> None:
    let_go = threading.Event()

    def hang(exchange: Exchange) -> None:
        exchange.take()
        assert let_go.wait(30)
        exchange.give()

    quiet.documents.act = hang
    asking = PLACES + WAITING + 8
    with ThreadPoolExecutor(asking) as pool:
        hung = [pool.submit(quiet.ask, "GET", "/v2/documents", authorization()) for _ in range(asking)]
        eventually(lambda: len(quiet.documents.seen) == PLACES)
        refused = eventually(lambda: [each for each in hung if each.done()][: asking - PLACES - WAITING] or None)
        assert_problem(refused[0].result(), 503, "service_unavailable")
        assert refused[0].result().headers["Retry-After"].isdigit()
        for _ in range(20):
            assert quiet.ask("GET", "/v2/files/1", authorization()).status == 200
        let_go.set()
        statuses = [each.result().status for each in hung]
    assert PLACES <= statuses.count(200) <= PLACES + WAITING
    assert statuses.count(200) + statuses.count(503) == asking
    assert quiet.ask("GET", "/v2/documents", authorization()).status == 200


def test_clients_that_leave_give_their_places_back(quiet: Gateway) -> None:
    def long_answer(exchange: Exchange) -> None:
        exchange.give(200, bytes(20_000_000))

    quiet.files.act = long_answer
    for _ in range(PLACES + WAITING):
        with ExitStack() as leaving:
            connection = quiet.connect()
            leaving.callback(connection.close)
            connection.request("GET", "/v2/files/1", headers=authorization())
            assert connection.getresponse().status == 200
    quiet.files.act = take_and_give
    assert eventually(lambda: quiet.ask("GET", "/v2/files/1", authorization()).status == 200)


@pytest.mark.parametrize("key", ["a b", "", "x" * 256, '"open', "ü"])
def test_a_malformed_idempotency_key_goes_no_further(quiet: Gateway, key: str) -> None:
    headers = {**authorization(), "Idempotency-Key": key.encode().decode("latin-1")}
    assert_problem(quiet.ask("POST", "/v2/files", headers, b"x"), 400, "bad_request")
    assert not quiet.files.seen
    assert quiet.ask("POST", "/v2/auth/token", {"Idempotency-Key": key.encode().decode("latin-1")}).status == 200


@pytest.mark.parametrize("query", ["access_token=x", "a=b&access_token=x", "%61ccess_token=x", "access_token="])
def test_a_token_in_the_address_is_refused(quiet: Gateway, query: str) -> None:
    for method, path in (("GET", "/v2/files/1"), ("POST", "/v2/auth/token")):
        answer = quiet.ask(method, f"{path}?{query}", authorization() if method == "GET" else {})
        assert (answer.status, json.loads(answer.body)["status"]) == (400, 400)
    assert not quiet.files.seen + quiet.auth.seen


def test_refusals_are_noted_but_no_flood_of_them(quiet: Gateway, servers: Servers) -> None:
    mine = {"X-Request-Id": "noted"}
    quiet.ask("POST", "/v2/files", {**authorization(client_id="poor", scopes=["files.read"]), **mine}, b"x")
    stranger = {"X-Forwarded-For": "198.51.100.77", "Authorization": "Bearer flood"}
    for _ in range(2 * OF_AN_ADDRESS):
        assert quiet.ask("GET", "/v2/files/1", stranger).status == 401
    with pymongo.MongoClient[dict[str, Any]](servers.mongodb_url("edge")) as client:
        log = client.get_default_database()["audit"]
        entry = eventually(lambda: log.find_one({"requestId": "noted"}))
        flood = eventually(lambda: log.count_documents({"address": "198.51.100.77"}))
        eventually(lambda: log.count_documents({"address": "198.51.100.77"}) == OF_AN_ADDRESS)
    assert flood <= OF_AN_ADDRESS
    assert (entry["action"], entry["actor"], entry["subject"]) == ("request.denied", "poor", "POST /v2/files")
    assert entry["detail"]["code"] == "access_forbidden"


def test_heads_of_the_audit_log_are_told_to_auth(quiet: Gateway, servers: Servers) -> None:
    with another_gateway(quiet, servers.mongodb_url("edge")) as other:
        other.ask("GET", "/v2/files/1")
        eventually(lambda: [seen for seen in quiet.auth.seen if seen.target == "/internal/audit/heads"])
    reports = [json.loads(seen.body) for seen in quiet.auth.seen if seen.target == "/internal/audit/heads"]
    assert {report["service"] for report in reports} == {"gateway"}


def test_the_gateways_own_log_can_be_read_by_those_who_may(quiet: Gateway) -> None:
    assert_problem(quiet.ask("GET", "/v2/audit/gateway", authorization(scopes=["files.read"])), 403, "access_forbidden")
    page = quiet.ask("GET", "/v2/audit/gateway?limit=1", authorization())
    assert (page.status, page.headers["RateLimit"][:9]) == (200, '"default"')


@pytest.mark.parametrize("request_line", [b"GET /nope HTTP/1.1", b"no request at all"])
def test_clients_that_never_close_stop_nobody(quiet: Gateway, request_line: bytes) -> None:
    """Each would otherwise hold the gateway up for two seconds, one after the other."""
    with ExitStack() as lingering:
        for _ in range(40):
            wire = lingering.enter_context(socket.create_connection(("127.0.0.1", quiet.port), timeout=10))
            wire.sendall(request_line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert wire.recv(65536).startswith(b"HTTP/1.1 40")
        answered = ThreadPoolExecutor(1).submit(quiet.ask, "GET", "/v2/files/1", authorization())
        assert answered.result(timeout=20).status == 200
