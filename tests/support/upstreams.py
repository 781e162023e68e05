"""Services for tests of the gateway: they listen on real sockets, answer as a test says, and remember what they got."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared.contracts.envelope import write_json
from tests.support.tokens import trust


@dataclass(frozen=True)
class Seen:
    """A request that a service got; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Exchange(BaseHTTPRequestHandler):
    """One connection of a `Service`: what its `act` is called with."""

    protocol_version = "HTTP/1.1"
    server: Service

    def handle_any(self) -> None:
        self.server.act(self)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = handle_any  # noqa: N815

    def setup(self) -> None:
        super().setup()
        self.server.connections.append(self.connection)

    def take(self, body: bytes | None = None) -> Seen:
        """Remember the request, after reading its body unless that is given."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, self.read_body() if body is None else body)
        self.server.seen.append(seen)
        return seen

    def read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def give(self, status: int = 200, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def break_off(self) -> None:
        """Close the connection without a word more."""
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Not in the output of the tests."""


def take_and_give(exchange: Exchange) -> None:
    exchange.take()
    exchange.give(200, b'{"ok": true}', {"Content-Type": "application/json"})


def serve_trust(exchange: Exchange) -> None:
    """The trust document by which tokens of `tests.support.tokens` are good; anything else as usual."""
    if exchange.path == "/internal/trust":
        exchange.give(200, write_json(trust()), {"Content-Type": "application/json"})
    else:
        take_and_give(exchange)


class Service(ThreadingHTTPServer):
    """Listens on `port`, a free one by default; `act` handles each request and can be changed at any time."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, act: Callable[[Exchange], None] = take_and_give, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Exchange)
        self.act = act
        self.seen: list[Seen] = []
        self.connections: list[Any] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """As when the process dies: nobody listens any more, and every connection is closed."""
        self.shutdown()
        self.server_close()
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that goes away is part of many tests."""
