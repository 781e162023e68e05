"""How an HTTP application runs: gunicorn with one worker process and threads, and the operators' door beside it."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gunicorn.glogging
import gunicorn.util
from gunicorn.app.base import BaseApplication
from gunicorn.http.unreader import SocketUnreader

from shared import logs
from shared.metrics import OpsServer, Readiness
from shared.web.openapi import describe
from shared.web.problems import PROBLEM_TYPE, problem
from shared.web.routes import Routes

THREADS = 16


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and what to serve. `build` runs in the worker process, after the fork, and gives the WSGI application and
    what its readiness depends on. `bind` is `host:port` or `fd://0` for a listening socket that was handed down.
    """

    service: str
    bind: str
    ops_bind: str
    log_level: str
    build: Callable[[], tuple[Any, Readiness]]


def main(routes: Routes[Any], serving: Callable[[], Serving]) -> None:
    """What `python -m services.<service>.app` does: serve; or, given `openapi`, print the service's part of the
    OpenAPI document, for which nothing is read or opened.
    """
    if sys.argv[1:] == ["openapi"]:
        json.dump(describe(routes), sys.stdout)
    else:
        serve(serving())


def serve(serving: Serving) -> None:
    """Run until SIGTERM, then finish the requests at hand (30 s at most)."""
    logs.configure(serving.service, serving.log_level)
    # gunicorn would read bodies ahead by 1 MiB and copy that about: several MiB for each upload at hand.
    SocketUnreader.max_body_chunk = 64 * 1024
    gunicorn.util.write_error = _write_problem  # its own answers to malformed HTTP are HTML
    _Gunicorn(serving).run()


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": self._serving.bind,
            "workers": 1,
            # sync workers reset queued connections at SIGTERM; gthread answers them.
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 75,
            "timeout": 60,
            "graceful_timeout": 30,
            "control_socket_disable": True,
            "limit_request_field_size": 16_380,
            "logger_class": _Logger,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        application, ready = self._serving.build()
        OpsServer(self._serving.ops_bind, ready).start()
        return application


class _Logger(gunicorn.glogging.Logger):  # type: ignore[misc]
    """Leaves formatting to `shared.logs`: gunicorn's lines come out as JSON like all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _write_problem(client: socket.socket, status: int, reason: str, message: str) -> None:
    body = problem(status, "bad_request" if status < 500 else "error", reason, message)
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: {PROBLEM_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    gunicorn.util.write_nonblock(client, head.encode("latin-1") + body)
