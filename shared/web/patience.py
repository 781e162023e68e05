"""How long a client may keep a thread waiting: each connection has some seconds of credit, and earns more by sending.

gunicorn's threaded worker has no such limit of its own: a handful of clients that never finish a body would hold all
threads for as long as they like.
"""

from __future__ import annotations

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
    """Give each connection of this process so many seconds of credit."""
    gunicorn.http.parser._DRAIN_MAX_BYTES = DRAINED_BYTES
    gunicorn.http.parser.SocketUnreader = type("Patient", (PatientUnreader,), {"most_seconds": seconds})


class PatientUnreader(SocketUnreader):  # type: ignore[misc]
    """Reads from a client until its credit is used up, then raises TimeoutError."""

    most_seconds: float
    # gunicorn would read bodies ahead by 1 MiB and copy that about: several MiB for each upload at hand.
    max_body_chunk = 64 * 1024

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._credit = self.most_seconds

    def chunk(self, size_hint: int | None = None) -> bytes:
        if self._credit <= 0:
            raise TimeoutError("the client is too slow")
        self.sock.settimeout(self._credit)
        began = time.monotonic()
        data = b""
        try:
            data = cast(bytes, super().chunk(size_hint))
        finally:
            earned = len(data) / BYTES_PER_SECOND
            self._credit = min(self.most_seconds, self._credit - (time.monotonic() - began) + earned)
            self.sock.settimeout(SEND_SECONDS)
        return data
