"""A request's body: it arrives whole and with the digest it was sent with, or it is refused."""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, cast

import pytest
from gunicorn.http.errors import ChunkMissingTerminator, NoMoreData
from werkzeug.exceptions import ClientDisconnected

from services.files.api.body import Body
from services.files.domain.digests import DigestCheck
from services.files.errors import DigestMismatch, IncompleteBody

NOTHING: Mapping[str, bytes] = {}


class Broken(BytesIO):
    """A body whose connection breaks after its bytes."""

    def __init__(self, data: bytes, fault: Exception) -> None:
        super().__init__(data)
        self._fault = fault

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise self._fault
        return data


def drain(body: Body, size: int = 1000) -> bytes:
    return b"".join(iter(lambda: body.read(size), b""))


def body_over(data: bytes, length: int | None, expected: Mapping[str, bytes] = NOTHING) -> Body:
    return Body(BytesIO(data), length, DigestCheck(expected))


@pytest.mark.parametrize("size", [0, 500, 1000, 5000])
def test_a_whole_body_passes(size: int) -> None:
    data = bytes(size)
    assert drain(body_over(data, size)) == drain(body_over(data, None)) == data


@pytest.mark.parametrize("sent", [0, 500, 1000, 5000])
def test_a_body_shorter_than_declared_is_refused_at_its_end(sent: int) -> None:
    with pytest.raises(IncompleteBody):
        drain(body_over(bytes(sent), 6000))


@pytest.mark.parametrize(
    "fault", [ConnectionResetError(), NoMoreData(), ChunkMissingTerminator(b""), ClientDisconnected()]
)
@pytest.mark.parametrize("sent", [0, 500, 5000])
def test_a_body_that_breaks_off_is_incomplete(fault: Exception, sent: int) -> None:
    stream = cast(Any, Broken(bytes(sent), fault))
    with pytest.raises(IncompleteBody):
        drain(Body(stream, None, DigestCheck(NOTHING)))


def test_every_digest_must_fit_and_is_compared_at_the_end() -> None:
    data = bytes(range(256)) * 20
    right = {"sha256": hashlib.sha256(data).digest(), "sha512": hashlib.sha512(data).digest()}
    assert drain(body_over(data, None, right)) == data
    body = body_over(data, None, right | {"sha512": bytes(64)})
    assert body.read(len(data)) == data
    with pytest.raises(DigestMismatch):
        body.read(1)
