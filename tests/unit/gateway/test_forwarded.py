"""What travels: headers in both directions, bodies upwards."""

from io import BytesIO

import pytest
from gunicorn.http.errors import InvalidChunkSize, NoMoreData

from gateway.forward.body import PIECE_BYTES, Body, body_of
from gateway.forward.headers import downwards, upwards
from gateway.forward.upstream import Request
from shared.errors import BadRequest, PayloadTooLarge, RequestTimeout


class Breaking(BytesIO):
    """A client's body that breaks off after its first piece, as our server tells it."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(bytes(PIECE_BYTES))
        self._fault = fault

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise self._fault
        return data


def test_a_body_comes_in_pieces_and_is_counted() -> None:
    body = Body(BytesIO(bytes(3 * PIECE_BYTES + 1)), None, limit=3 * PIECE_BYTES)
    pieces = iter(body)
    assert [len(next(pieces)) for _ in range(3)] == [PIECE_BYTES] * 3
    with pytest.raises(PayloadTooLarge):
        next(pieces)


def test_a_body_at_the_limit_passes() -> None:
    assert b"".join(Body(BytesIO(b"12345"), 5, limit=5)) == b"12345"
    assert b"".join(Body(BytesIO(b"12345"), None, limit=5)) == b"12345"


def test_a_body_that_ends_early_is_no_shorter_body() -> None:
    with pytest.raises(BadRequest, match="3 of 5"):
        list(Body(BytesIO(b"123"), 5, limit=9))


@pytest.mark.parametrize("fault", [ConnectionResetError(), NoMoreData(), InvalidChunkSize(b"x")])
def test_a_fault_of_the_client_is_not_one_of_the_service(fault: Exception) -> None:
    with pytest.raises(BadRequest):
        list(Body(Breaking(fault), None, limit=9 * PIECE_BYTES))


def test_a_client_that_is_too_slow_is_told_so() -> None:
    with pytest.raises(RequestTimeout):
        list(Body(Breaking(TimeoutError()), None, limit=9 * PIECE_BYTES))


def test_a_body_that_is_held_can_be_sent_later() -> None:
    body = Body(BytesIO(b"12345"), 5, limit=5)
    body.hold()
    assert not body.begun
    assert list(body) == [b"12345"]
    assert body.begun


def test_a_request_has_a_body_when_it_says_so() -> None:
    stream = BytesIO(b"12345")
    assert body_of({"wsgi.input": stream}, 9) is None
    assert body_of({"wsgi.input": stream, "CONTENT_LENGTH": ""}, 9) is None
    assert body_of({"wsgi.input": stream, "CONTENT_LENGTH": "0"}, 9) is None
    declared = body_of({"wsgi.input": stream, "CONTENT_LENGTH": "5"}, 5)
    assert declared is not None
    assert not declared.begun
    assert list(declared) == [b"12345"]
    assert declared.begun
    assert body_of({"wsgi.input": stream, "HTTP_TRANSFER_ENCODING": "Chunked"}, 9) is not None


def test_what_is_declared_too_large_is_refused_unread() -> None:
    with pytest.raises(PayloadTooLarge):
        body_of({"CONTENT_LENGTH": "6"}, 5)


def test_only_chunked_is_understood() -> None:
    with pytest.raises(BadRequest):
        body_of({"HTTP_TRANSFER_ENCODING": "gzip, chunked"}, 5)


def test_repeatable_is_what_the_service_cannot_have_acted_on() -> None:
    body = Body(BytesIO(b"1"), 1, 1)
    assert Request("GET", "/", {}, None).is_repeatable
    assert Request("HEAD", "/", {}, None).is_repeatable
    assert not Request("POST", "/", {}, None).is_repeatable
    assert Request("POST", "/", {}, body).is_repeatable
    assert list(body)
    assert not Request("POST", "/", {}, body).is_repeatable


def test_a_header_that_connection_names_stays_but_framing_does_not_depend_on_it() -> None:
    environ = {
        "HTTP_CONNECTION": "close, Authorization,x-one , Content-Length",
        "HTTP_AUTHORIZATION": "Bearer x",
        "HTTP_X_ONE": "1",
        "HTTP_X_TWO": "2",
        "CONTENT_LENGTH": "5",
        "CONTENT_TYPE": "text/plain",
        "REMOTE_ADDR": "10.0.0.1",
        "wsgi.input": BytesIO(),
    }
    assert upwards(environ) == {"X-Two": "2", "Content-Length": "5", "Content-Type": "text/plain"}
    assert upwards({"HTTP_TRANSFER_ENCODING": "chunked"}) == {"Transfer-Encoding": "chunked"}


def test_repeated_headers_of_an_answer_stay_repeated() -> None:
    headers = [("X-A", "1"), ("x-a", "2"), ("Transfer-Encoding", "chunked"), ("x-b", "3"), ("Date", "today")]
    assert downwards(headers, "X-B, close") == [("X-A", "1"), ("x-a", "2")]
