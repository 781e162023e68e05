"""How connections end: told so, drained, and closed, by a thread of its own.

After its last answer a connection lingers, so that what the client still sends does not make the kernel throw the
answer away (RFC 9112 §9.6). gunicorn lingers where it takes in requests: ten clients that never close would stop it for
twenty seconds.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from queue import Empty, SimpleQueue

LINGER_SECONDS = 2.0
MOST = 256
"""How many connections linger at once; one more, and the oldest ends."""
DRAINED_BYTES = 65_536
_PIECE = 4096


class Closer:
    """Closes sockets gracefully. Its thread begins with the first of them, so after a fork."""

    def __init__(self) -> None:
        self._handed: SimpleQueue[socket.socket] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        # Of the thread alone: until when each lingers, oldest first, and what it has sent since.
        self._lingering: OrderedDict[socket.socket, float] = OrderedDict()
        self._drained: dict[socket.socket, int] = {}

    def close(self, sock: socket.socket) -> None:
        """Say that nothing more comes, and leave the rest to the thread."""
        try:
            sock.shutdown(socket.SHUT_WR)
            sock.setblocking(False)
        except OSError:
            sock.close()
            return
        self._handed.put(sock)
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="closer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        with selectors.DefaultSelector() as ready:
            while True:
                self._take_in(ready)
                for key, _ in ready.select(0.05):
                    self._drain(ready, key.fileobj)  # type: ignore[arg-type]  # only sockets are registered
                self._end_overdue(ready)

    def _take_in(self, ready: selectors.BaseSelector) -> None:
        """Whatever was handed over; waits for it while nothing lingers."""
        with suppress(Empty):
            while True:
                sock = self._handed.get(block=not self._lingering)
                try:
                    ready.register(sock, selectors.EVENT_READ)
                except (KeyError, ValueError, OSError):  # handed over before, or closed meanwhile
                    continue
                self._lingering[sock] = time.monotonic() + LINGER_SECONDS
                self._drained[sock] = 0

    def _drain(self, ready: selectors.BaseSelector, sock: socket.socket) -> None:
        try:
            data = sock.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._drained[sock] += len(data)
        if not data or self._drained[sock] >= DRAINED_BYTES:
            self._end(ready, sock)

    def _end_overdue(self, ready: selectors.BaseSelector) -> None:
        now = time.monotonic()
        while self._lingering:
            oldest, until = next(iter(self._lingering.items()))
            if now < until and len(self._lingering) <= MOST:
                return
            self._end(ready, oldest)

    def _end(self, ready: selectors.BaseSelector, sock: socket.socket) -> None:
        ready.unregister(sock)
        del self._lingering[sock], self._drained[sock]
        with suppress(OSError):
            sock.close()
