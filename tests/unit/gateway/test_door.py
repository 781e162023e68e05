"""What happens to a request at the door, with services that are only pretended."""

from collections.abc import Iterator
from http.client import IncompleteRead
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from werkzeug.test import Client, TestResponse

from gateway.app import create_app
from gateway.docs.page import assets
from gateway.forward.upstream import Reply, Request
from gateway.wiring import READY_SECONDS, Desk, Kept
from shared.bearer import Bearer
from shared.contracts.auth import Trust
from shared.errors import BadGateway, Unavailable
from tests.support.fakes.audit import MemoryJournal, MemoryTrail
from tests.support.fakes.gateway import edge
from tests.support.tokens import authorization, bearer


def operation(service: str, scope: str | None) -> dict[str, Any]:
    answers = {"200": {"content": {"application/json": {"example": {"an": "example"}}}}}
    security = [{"oauth2": [scope]}] if scope else []
    return {"x-paperlane-service": service, "security": security, "responses": answers}


DOCUMENT = {
    "paths": {
        "/v2/files/{file_id}": {"get": operation("files", "files.read"), "post": operation("files", "files.write")},
        "/v2/openapi.json": {"get": operation("gateway", None)},
    }
}


class Pretended:
    """A service that gives `reply` to everything, or raises it."""

    def __init__(self, reply: Reply | Exception) -> None:
        self._reply = reply
        self.asked: list[Request] = []

    def send(self, request: Request) -> Reply:
        self.asked.append(request)
        if isinstance(self._reply, Exception):
            raise self._reply
        return self._reply


def client(service: Pretended, checks: Bearer | None = None, journal: MemoryJournal | None = None) -> Client:
    checks = checks or bearer()
    watched = edge(DOCUMENT, {"files": service}, checks, journal=journal)
    desk = Desk(b"{}", assets(), MemoryTrail(), checks, watched, "https://api.test:8443")
    door = create_app(desk)
    return Client(lambda environ, start_response: door({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response))


def fine() -> Pretended:
    return Pretended(Reply("200 OK", [("X-Thing", "1")], iter((b"one", b"two"))))


def body_of(answer: TestResponse) -> dict[str, Any]:
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    return body


def test_a_good_request_goes_through_with_our_own_headers() -> None:
    service = fine()
    answer = client(service).get("/v2/files/1?a=b", headers={**authorization(), "X-Request-Id": "r-1"})
    assert (answer.status_code, answer.data, answer.headers["X-Thing"]) == (200, b"onetwo", "1")
    (request,) = service.asked
    assert (request.method, request.target, request.body) == ("GET", "/v2/files/1?a=b", None)
    ours = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "api.test:8443", "X-Forwarded-For": "127.0.0.1"}
    assert ours.items() <= request.headers.items()
    assert request.headers["X-Request-Id"] == answer.headers["X-Request-Id"] == "r-1"


def test_who_has_no_token_is_not_even_read() -> None:
    service = fine()
    answer = client(service).post("/v2/files/1", data=bytes(2_000_000))
    assert (answer.status_code, body_of(answer)["code"]) == (401, "authentication_failed")
    assert client(service).post("/v2/files/1", headers=authorization(scopes=["files.read"])).status_code == 403
    assert not service.asked


def test_without_a_trust_document_tokens_cannot_be_checked() -> None:
    def no_trust() -> Trust:
        raise Unavailable("Tokens cannot be checked at the moment.")

    answer = client(fine(), Bearer(no_trust)).get("/v2/files/1", headers=authorization())
    assert (answer.status_code, body_of(answer)["code"]) == (503, "service_unavailable")
    assert answer.headers["Retry-After"]


def test_a_service_that_fails_is_told_as_a_problem() -> None:
    answer = client(Pretended(BadGateway("The service broke off."))).get("/v2/files/1", headers=authorization())
    assert body_of(answer) == {
        "type": "urn:paperlane:problem:bad_gateway",
        "title": "Bad gateway",
        "detail": "The service broke off.",
        "status": 502,
        "code": "bad_gateway",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_our_own_app_answers_the_document_and_only_that() -> None:
    answer = client(fine()).get("/v2/openapi.json", headers={"X-Request-Id": "r-2"})
    assert (answer.status_code, answer.data, answer.headers["X-Request-Id"]) == (200, b"{}", "r-2")
    refused = client(fine()).get("/v2/openapi.json?x=1")
    assert (refused.status_code, body_of(refused)["code"]) == (400, "bad_request")


def test_the_mock_asks_nobody_and_notes_nothing() -> None:
    service, journal = fine(), MemoryJournal()
    http = client(service, journal=journal)
    refused = http.get("/_mock/v2/files/1")
    assert (refused.status_code, body_of(refused)["code"]) == (401, "authentication_failed")
    assert http.get("/_mock/v2/nothing", headers={"X-API-Key": "paperlane_" + "k" * 43}).status_code == 404
    shown = http.get("/_mock/v2/files/1", headers=authorization(scopes=[]))
    assert (shown.status_code, shown.get_json()) == (200, {"an": "example"})
    for answer in (refused, shown):
        assert answer.headers["X-Paperlane-Mock"] == "true"
        assert answer.headers["RateLimit-Policy"].startswith('"anonymous"')
    assert (service.asked, journal.entries) == ([], [])
    assert "X-Paperlane-Mock" not in http.get("/v2/files/1", headers=authorization()).headers


def test_every_way_to_end_is_logged_and_measured_once() -> None:
    def breaking() -> Iterator[bytes]:
        yield b"one"
        raise IncompleteRead(b"", 3)

    def count() -> float:
        labels = {"service": "gateway", "method": "GET", "route": "/v2/files/{file_id}", "status": "200"}
        return REGISTRY.get_sample_value("paperlane_http_seconds_count", labels) or 0

    before = count()
    with capture_logs() as lines:
        whole = client(fine()).get("/v2/files/1", headers=authorization())
        assert whole.data == b"onetwo"
        whole.close()
        broken = client(Pretended(Reply("200 OK", [], breaking()))).get("/v2/files/1", headers=authorization())
        with pytest.raises(IncompleteRead):
            broken.get_data()
        broken.close()
        gone = client(fine()).get("/v2/files/1", headers=authorization())
        gone.close()
    assert count() - before == 3
    assert [line["event"] for line in lines] == ["answered", "answer_broke_off", "answered", "answered"]
    assert lines[0]["route"] == "/v2/files/{file_id}"


def test_what_strangers_make_up_is_no_new_measure() -> None:
    with capture_logs() as lines, client(fine()).open("/nowhere", method="INVENTED") as answer:
        assert answer.status_code == 404
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [("-", "-", 404)]


def test_readiness_is_asked_again_after_a_second_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("gateway.wiring.time.monotonic", lambda: now[0])
    answers = iter([{"files": True}, {"files": False}])
    ready = Kept(lambda: next(answers))
    assert ready() == ready() == {"files": True}
    now[0] += READY_SECONDS
    assert ready() == {"files": False}
