"""The body of a request as its bytes come in: whole, or refused; and what its headers promise of it, checked."""

from __future__ import annotations

from typing import IO

from flask import Request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected

from services.files.domain.digests import DIGEST_HEADER, DigestCheck, read_digests
from services.files.errors import DigestMismatch, IncompleteBody


class Body:
    """A readable over the body of `length` bytes, None if that is not known before."""

    def __init__(self, stream: IO[bytes], length: int | None, check: DigestCheck) -> None:
        self._stream = stream
        self._length = length
        self._check = check
        self._size = 0

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end. IncompleteBody, DigestMismatch."""
        try:
            data = self._stream.read(size)
        except (OSError, ParseException, ClientDisconnected) as fault:  # connection lost, chunks malformed
            raise IncompleteBody from fault
        self._size += len(data)
        self._check.add(data)
        if not data:
            if self._length not in (None, self._size):
                raise IncompleteBody
            if not self._check.fits:
                raise DigestMismatch
        return data


def body_of(request: Request) -> Body:
    """The request's body; BadRequest for a Content-Digest that cannot be read."""
    check = DigestCheck(read_digests(request.headers.get(DIGEST_HEADER, "")))
    return Body(request.stream, request.content_length, check)
