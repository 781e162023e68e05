"""How an HTTP application runs: gunicorn with one worker process and threads, and the operators' door beside it."""

from __future__ import annotations

import ctypes
import functools
import json
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import gunicorn.glogging
import gunicorn.util
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from shared import logs
from shared.addresses import BehindProxies
from shared.metrics import OpsServer, Readiness
from shared.origin import received
from shared.settings import HttpProcess
from shared.web import patience
from shared.web.closing import Closer
from shared.web.openapi import describe
from shared.web.problems import PROBLEM_TYPE, framework_problem
from shared.web.routes import Routes

THREADS = 16
# Of a service: more than the gateway has with its clients, so that it is the gateway that tells a client to hurry.
PATIENCE_SECONDS = 60

log = logs.get_logger(__name__)


class Running(NamedTuple):
    """A WSGI application, what its readiness depends on, and what is done when its last request is answered."""

    application: Any
    ready: Readiness
    close: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and what to serve. `build` runs in the worker process, after the fork. `threads` is how many requests are
    handled at once, `patience_seconds` how long one may keep its thread waiting (`shared.web.patience`). `headers` are
    those that the server's own refusals carry as the application's answers do.
    """

    service: str
    process: HttpProcess
    build: Callable[[], Running]
    threads: int = THREADS
    patience_seconds: float = PATIENCE_SECONDS
    headers: Mapping[str, str] = field(default_factory=dict)


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
    logs.configure(serving.service, serving.process.log_level)
    patience.limit(serving.patience_seconds)
    # Its own answers to malformed HTTP are HTML.
    gunicorn.util.write_error = functools.partial(_write_problem, serving.headers)
    gunicorn.util.close_graceful = Closer().close
    _Gunicorn(serving).run()


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": self._serving.process.bind,
            "workers": 1,
            # sync workers reset queued connections at SIGTERM; gthread answers them.
            "worker_class": "gthread",
            "threads": self._serving.threads,
            "keepalive": 75,
            "timeout": 60,
            "graceful_timeout": 30,
            "control_socket_disable": True,
            "limit_request_field_size": 16_380,
            # From 127.0.0.1, gunicorn would believe a client's SCRIPT_NAME and X-Forwarded-Proto.
            "forwarded_allow_ips": "",
            "logger_class": _Logger,
            "post_fork": _end_with_master,
            "pre_request": patience.renew,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        try:
            running = self._serving.build()
        except SystemExit as hopeless:
            # After any other status, gunicorn would start one worker after the other.
            print(hopeless, file=sys.stderr)
            raise SystemExit(Arbiter.WORKER_BOOT_ERROR) from hopeless
        self.cfg.set("worker_exit", lambda _server, _worker: running.close())
        OpsServer(self._serving.process.ops_bind, running.ready).start()
        return BehindProxies(running.application, self._serving.process.trusted_proxies)


def _end_with_master(_server: Any, _worker: Any) -> None:
    """Have the kernel kill this worker when its master dies. Left alone it would linger for half a minute, with the
    operators' port and with connections that it answers no more, while its successor starts beside it.
    """
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


class _Logger(gunicorn.glogging.Logger):  # type: ignore[misc]
    """Leaves formatting to `shared.logs`: gunicorn's lines come out as JSON like all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _write_problem(more: Mapping[str, str], client: socket.socket, status: int, reason: str, message: str) -> None:
    body, origin = framework_problem(status, message), received(None, None, "")
    log.info("refused_unread", status=status, reason=message, request_id=origin.request_id)
    headers = {
        "Connection": "close",
        "Content-Type": PROBLEM_TYPE,
        "Content-Length": len(body),
        "X-Request-Id": origin.request_id,
        **more,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    gunicorn.util.write_nonblock(client, f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode("latin-1") + body)
