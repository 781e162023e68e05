"""The door for operators: health and metrics of one process, on a port of its own that no client ever sees."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

# What a process depends on, by name: whether it works, or a text that says how the process makes do without it.
Parts = Mapping[str, bool | str]
Readiness = Callable[[], Parts]


class OpsServer:
    """Serves `/health/live` (asks nobody), `/health/ready` (the dependencies by name) and `/metrics`.

    `bind` is `host:port`. `ready` is asked at each call; a dependency that is False makes the answer a 503, one that
    the process makes do without does not.
    """

    def __init__(self, bind: str, ready: Readiness) -> None:
        host, _, port = bind.rpartition(":")
        self._server = ThreadingHTTPServer((host, int(port)), _handler(ready))
        self._server.daemon_threads = True

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, name="ops", daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(ready: Readiness) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        error_content_type = "application/json"
        error_message_format = '{"title": "%(message)s", "status": %(code)d}'

        def do_GET(self) -> None:
            if self.path == "/health/live":
                self._answer(200, "application/json", b'{"live": true}')
            elif self.path == "/health/ready":
                parts = dict(ready())
                body = json.dumps({"ready": all(parts.values()), "parts": parts}).encode()
                self._answer(200 if all(parts.values()) else 503, "application/json", body)
            elif self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
            else:
                self._answer(404, "application/json", b'{"title": "Not found"}')

        def _answer(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Probes come every few seconds; their lines would bury the others."""

    return Handler
