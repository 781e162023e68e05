"""The body of a request on its way to the service: piece by piece, counted, never whole in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from gunicorn.http.errors import ParseException

from shared.errors import BadRequest, PayloadTooLarge, RequestTimeout

PIECE_BYTES = 64 * 1024


class Body:
    """The pieces of a request's body. `length` is what Content-Length declares, None for a chunked body.

    `begun` tells that some of it may have been sent. Iterating raises PayloadTooLarge beyond `limit` bytes, and
    BadRequest when the client breaks off: the service then sees a broken request, never a shorter body.
    """

    def __init__(self, stream: BinaryIO, length: int | None, limit: int) -> None:
        self.begun = False
        self._held: bytes | None = None
        self._length = length
        self._stream = stream
        self._limit = limit

    def hold(self) -> None:
        """Read all of it now, so that a slow client keeps no thread of the service waiting. For small bodies."""
        self._held = b"".join(self)
        self.begun = False

    @property
    def is_held(self) -> bool:
        """Whether all of it is at hand, to be sent as often as need be."""
        return self._held is not None

    def __iter__(self) -> Iterator[bytes]:
        self.begun = True
        return self._pieces() if self._held is None else iter((self._held,))

    def _pieces(self) -> Iterator[bytes]:
        count = 0
        while piece := self._read():
            count += len(piece)
            if count > self._limit:
                raise too_large(self._limit)
            yield piece
        if self._length not in (None, count):
            raise BadRequest(f"The body ended after {count} of {self._length} bytes.")

    def _read(self) -> bytes:
        try:
            return self._stream.read(PIECE_BYTES)
        except TimeoutError as fault:
            raise RequestTimeout("The body comes too slowly. Send the request again.") from fault
        except (OSError, ParseException) as fault:
            # As an OSError it would pass for a fault of the connection to the service.
            raise BadRequest("The body broke off, or its chunks are malformed.") from fault


def body_of(environ: Mapping[str, Any], limit: int) -> Body | None:
    """The request's body, None when it has none; PayloadTooLarge when it declares more than `limit` bytes."""
    coding = environ.get("HTTP_TRANSFER_ENCODING", "")
    if coding:
        if coding.lower() != "chunked":
            raise BadRequest("Transfer-Encoding: only chunked is understood.")
        return Body(environ["wsgi.input"], None, limit)
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > limit:
        raise too_large(limit)
    return Body(environ["wsgi.input"], length, limit) if length else None


def too_large(limit: int) -> PayloadTooLarge:
    return PayloadTooLarge(f"The body is larger than {limit} bytes.")
