"""One service behind the gateway: the connections kept alive to it, and what its failures mean to a client.

On http.client itself: urllib3's pool on top of it costs a request more than twice the processor time.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from io import BytesIO
from urllib.parse import urlsplit

from urllib3.util import wait_for_read

from gateway.errors import Busy
from gateway.forward.body import PIECE_BYTES, Body
from gateway.forward.headers import downwards
from shared.contracts.auth import CLIENT_HEADER, PLAN_HEADER
from shared.errors import BadGateway, GatewayTimeout, Refusal, Unavailable
from shared.logs import get_logger
from shared.web.serve import THREADS

CONNECT_SECONDS = 2.0
REACH_SECONDS = 0.3
# Services close a connection that was idle for 75 s; a request sent at that moment would be lost.
IDLE_SECONDS = 60.0
# How many requests a service has at hand at most. Others wait for a place, as many as there are while the service gives
# answers: a burst is worked off. Before one that has not answered for a while only so many wait, so that a service that
# hangs does not hold all threads of the gateway.
PLACES = THREADS
WAITING = 3 * THREADS
WAIT_SECONDS = 5.0
STUCK_SECONDS = 1.0
# RFC 9110 §9.2.2: what may be sent again although the service may have acted on it.
_SAFE = ("GET", "HEAD")

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What goes to the service. `headers` hold the framing of `body`: its length, or that it is chunked."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: Body | None

    @property
    def is_whole(self) -> bool:
        """Whether it can be sent once more, body and all."""
        return self.body is None or self.body.is_held

    @property
    def is_repeatable(self) -> bool:
        """Whether the service cannot have acted on it, or acting twice does no harm."""
        return self.method in _SAFE if self.body is None else not self.body.begun


def posting(path: str, data: bytes, headers: Mapping[str, str] | None = None) -> Request:
    """A request of the gateway's own: this JSON to that path."""
    framing = {"Content-Type": "application/json", "Content-Length": str(len(data))}
    return Request("POST", path, {**framing, **(headers or {})}, Body(BytesIO(data), len(data), len(data)))


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the client. `pieces` raises OSError or HTTPException when the service breaks off; they must
    be read to their end, or closed. `client` and `plan` are whom auth named to the gateway.
    """

    status: str
    headers: list[tuple[str, str]]
    pieces: Iterator[bytes]
    client: str = ""
    plan: str = ""

    def close(self) -> None:
        if isinstance(self.pieces, Rest):
            self.pieces.close()


class Rest:
    """The pieces of a long answer. When they have all been read, or are closed, `done` is told whether they were."""

    def __init__(self, first: bytes, pieces: Iterator[bytes], done: Callable[[bool], None]) -> None:
        self._first = first
        self._pieces = pieces
        self._done: Callable[[bool], None] | None = done

    def __iter__(self) -> Rest:
        return self

    def __next__(self) -> bytes:
        if first := self._first:
            self._first = b""
            return first
        try:
            return next(self._pieces)
        except StopIteration:
            self._end(whole=True)
            raise
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._end(whole=False)

    def _end(self, whole: bool) -> None:
        if self._done is not None:
            done, self._done = self._done, None
            done(whole)


class Places:
    """Room for so many requests at once; the others wait, some of them in vain."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(PLACES)
        self._counting = threading.Lock()
        self._waiting = 0
        self._left_at = time.monotonic()

    def enter(self) -> bool:
        """Whether there was a place; if so, `leave` must follow."""
        if self._free.acquire(blocking=False):
            return True
        with self._counting:
            self._waiting += 1
        try:
            return self._wait()
        finally:
            with self._counting:
                self._waiting -= 1

    def leave(self) -> None:
        self._left_at = time.monotonic()
        self._free.release()

    def _wait(self) -> bool:
        until = time.monotonic() + WAIT_SECONDS
        while (now := time.monotonic()) < until:
            if self._waiting > WAITING and now - self._left_at > STUCK_SECONDS:
                return False
            if self._free.acquire(timeout=min(STUCK_SECONDS / 2, until - now)):
                return True
        return False


class Upstream:
    """The service `name` at `url`, which may be silent for `silent_seconds` while it reads a request or answers."""

    def __init__(self, name: str, url: str, silent_seconds: float) -> None:
        address = urlsplit(url)
        self._name = name
        self._address = (address.hostname or "", address.port or 80)
        self._silent_seconds = silent_seconds
        self._places = Places()
        # The last used is used first. As many as there were requests at once: no more than our server has threads.
        self._idle: deque[tuple[HTTPConnection, float]] = deque()

    def send(self, request: Request) -> Reply:
        """The service's reply, once its head and the first piece of its body are there.

        Busy when it has too much at hand, Unavailable when it cannot be reached, GatewayTimeout when it is silent,
        BadGateway when its answer is broken; what the request's body raises comes through. A repeatable request that
        met a connection which died while it was kept alive goes out once more on a new one, so that nobody sees a
        service restart.
        """
        if not self._places.enter():
            log.warning("upstream_busy", upstream=self._name)
            raise Busy(self._name)
        try:
            return self._send(request)
        except BaseException:
            self._places.leave()
            raise

    def _send(self, request: Request) -> Reply:
        try:
            connection = self._kept_alive()
            if connection is not None:
                try:
                    return self._exchange(connection, request)
                except ConnectionError:
                    if not request.is_repeatable:
                        raise
            return self._exchange(self._connect(), request)
        except TimeoutError as fault:
            raise self._failed(GatewayTimeout(f"The {self._name} service did not answer in time."), fault) from fault
        except (OSError, HTTPException) as fault:
            raise self._failed(BadGateway(f"The {self._name} service broke off its answer."), fault) from fault

    def is_reachable(self) -> bool:
        """Whether something accepts connections there."""
        try:
            socket.create_connection(self._address, REACH_SECONDS).close()
        except OSError:
            return False
        return True

    def _kept_alive(self) -> HTTPConnection | None:
        with suppress(IndexError):
            while True:
                connection, since = self._idle.pop()
                # A connection that has something to read between two requests was closed by the other side.
                if time.monotonic() - since < IDLE_SECONDS and not wait_for_read(connection.sock, 0):
                    return connection
                connection.close()
        return None

    def _connect(self) -> HTTPConnection:
        connection = HTTPConnection(*self._address, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
        except OSError as fault:
            away = Unavailable(f"The {self._name} service is not there at the moment. Send the request again.")
            raise self._failed(away, fault) from fault
        connection.sock.settimeout(self._silent_seconds)
        return connection

    def _exchange(self, connection: HTTPConnection, request: Request) -> Reply:
        try:
            connection.putrequest(request.method, request.target, skip_accept_encoding=True)
            for name, value in request.headers.items():
                connection.putheader(name, value)
            # A service that refuses a body may close before it has read it: its answer lies there all the same.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.endheaders(request.body, encode_chunked="Transfer-Encoding" in request.headers)
            answer = connection.getresponse()
            pieces = _pieces(answer)
            # With its first piece at hand a small answer is whole; if it is broken, that can still be told.
            first = next(pieces, b"")
        except BaseException:
            connection.close()
            raise
        told = answer.headers
        headers = downwards(told.items(), told.get("Connection", ""))
        rest: Iterator[bytes]
        if answer.isclosed():
            self._end(connection, whole=True)
            rest = iter((first,)) if first else iter(())
        else:
            rest = Rest(first, pieces, partial(self._end, connection))
        status = f"{answer.status} {answer.reason}"
        return Reply(status, headers, rest, told.get(CLIENT_HEADER, ""), told.get(PLAN_HEADER, ""))

    def _end(self, connection: HTTPConnection, whole: bool) -> None:
        """After its last byte a connection is free for the next request, unless the service closes it."""
        if not whole:
            connection.close()
        elif connection.sock is not None:
            self._idle.append((connection, time.monotonic()))
        self._places.leave()

    def _failed(self, refusal: Refusal, fault: Exception) -> Refusal:
        log.warning("upstream_failed", upstream=self._name, code=refusal.code, reason=repr(fault))
        return refusal


def _pieces(answer: HTTPResponse) -> Iterator[bytes]:
    """The body of an answer; IncompleteRead when it is shorter than its Content-Length, which http.client lets pass."""
    while True:
        piece = answer.read(PIECE_BYTES)
        if answer.length and len(piece) < PIECE_BYTES:
            raise IncompleteRead(piece, answer.length)
        if not piece:
            return
        yield piece
