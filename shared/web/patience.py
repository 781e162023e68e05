"""How long a client may keep a thread waiting: each request has some seconds of credit, and earns more by sending.

gunicorn's threaded worker has no such limit of its own: a handful of clients that never finish a body would hold all
threads for as long as they like.
"""

from __future__ import annotations

import errno
import time
from typing import Any, cast

import gunicorn.http.parser
from gunicorn.http.unreader import SocketUnreader

# The slowest client that is served for as long as it takes.
BYTES_PER_SECOND = 1_000
# How long a client may take to accept one piece of an answer (64 KiB at most).
SEND_SECONDS = 60
# What of a refused body is read and thrown away at most, so that the connection can be used again as was promised with
# the answer. gunicorn takes five seconds for it; its own 64 KiB would break that promise to whoever sends more.
DRAINED_BYTES = 1_000_000_000


def limit(seconds: float) -> None:
    """Give each request to this process so many seconds of credit."""
    gunicorn.http.parser._DRAIN_MAX_BYTES = DRAINED_BYTES
    gunicorn.http.parser.SocketUnreader = type("Patient", (PatientUnreader,), {"most_seconds": seconds})


def renew(_worker: Any, request: Any) -> None:
    """gunicorn's `pre_request`: what a connection's earlier requests and this one's head took is forgotten."""
    request.unreader.credit = request.unreader.most_seconds


class PatientUnreader(SocketUnreader):  # type: ignore[misc]
    """Reads from a client until its credit is used up, then raises TimeoutError."""

    most_seconds: float
    # gunicorn would read bodies ahead by 1 MiB and copy that about: several MiB for each upload at hand.
    max_body_chunk = 64 * 1024

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.credit = self.most_seconds

    def chunk(self, size_hint: int | None = None) -> bytes:
        began = time.monotonic()
        try:
            if self.credit <= 0:
                raise TimeoutError
            self.sock.settimeout(self.credit)
            data = cast(bytes, super().chunk(size_hint))
        except TimeoutError as slow:
            self.credit = 0
            # The number has gunicorn log it in debug lines only, like a client that is gone.
            raise TimeoutError(errno.ECONNRESET, "the client is too slow") from slow
        finally:
            self.sock.settimeout(SEND_SECONDS)
        earned = len(data) / BYTES_PER_SECOND
        self.credit = min(self.most_seconds, self.credit - (time.monotonic() - began) + earned)
        return data
