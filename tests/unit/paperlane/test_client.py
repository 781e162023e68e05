"""The client of the HTTP API, on answers that nobody sent."""

from collections.abc import Callable

import httpx
import pytest

from paperlane.client import ApiRefusal, Client

Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer, lifetime: int = 3600) -> Client:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/auth/token":
            return httpx.Response(200, json={"access_token": "abc", "expires_in": lifetime})
        return answer(request)

    made = Client("http://gateway", "id", "secret")
    made._http = httpx.Client(base_url="http://gateway", transport=httpx.MockTransport(handle))
    return made


def test_each_call_carries_the_token() -> None:
    with client(lambda request: httpx.Response(200, json={"seen": request.headers["Authorization"]})) as api:
        assert api.document("1") == {"seen": "Bearer abc"}


@pytest.mark.parametrize(("lifetime", "asked"), [(3600, 1), (10, 2)])
def test_a_token_is_asked_for_again_only_when_it_is_about_to_expire(lifetime: int, asked: int) -> None:
    tokens = 0

    def handle(request: httpx.Request) -> httpx.Response:
        nonlocal tokens
        tokens += request.url.path == "/v2/auth/token"
        return httpx.Response(200, json={"access_token": "abc", "expires_in": lifetime})

    with Client("http://gateway", "id", "secret") as api:
        api._http = httpx.Client(base_url="http://gateway", transport=httpx.MockTransport(handle))
        api.token()
        api.token()
    assert tokens == asked


def test_a_file_name_travels_percent_encoded() -> None:
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(201, json={"id": "f"})

    with client(handle) as api:
        assert api.upload(b"%PDF", "Größe 1.pdf", "application/pdf") == "f"
    assert sent[0].headers["X-Hy-Filename"] == "Gr%C3%B6%C3%9Fe%201.pdf"
    assert sent[0].content == b"%PDF"


def test_a_problem_becomes_a_refusal_with_its_words() -> None:
    problem = {"title": "Conflict", "detail": "Already transferred.", "status": 409}
    with client(lambda _: httpx.Response(409, json=problem)) as api, pytest.raises(ApiRefusal) as refused:
        api.states("1")
    assert (refused.value.status, str(refused.value)) == (409, "Conflict: Already transferred.")


def test_an_answer_that_is_no_problem_is_a_refusal_too() -> None:
    with client(lambda _: httpx.Response(502, text="<html>")) as api, pytest.raises(ApiRefusal, match="Bad Gateway"):
        api.states("1")


def test_nobody_there_is_a_refusal_too() -> None:
    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with client(nobody) as api, pytest.raises(ApiRefusal, match="does not answer") as refused:
        api.states("1")
    assert refused.value.status == 0
