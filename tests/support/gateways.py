"""The gateway as a process of its own, before services that a test plays, and clients with a sharp tongue."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

from tests.support import eventually
from tests.support.upstreams import Service, serve_trust

ROOT = Path(__file__).parents[2]
PUBLIC_URL = "https://api.paperlane.test"
SILENT_SECONDS = 1
PLENTY = "default=1000000/1000000 anonymous=1000000/1000000"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes


def assert_problem(answer: Answer, status: int, code: str) -> None:
    """A refusal as the contract has it."""
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer
    problem = json.loads(answer.body)
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["type"]
    assert problem["detail"]
    assert answer.headers["X-Request-Id"]
    assert answer.headers["RateLimit"]


@dataclass
class Gateway:
    """A running gateway, the services behind it, and where its operators' door is."""

    port: int
    ops_port: int
    auth: Service
    files: Service
    documents: Service
    log: Path

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | Iterable[bytes] | None = None,
    ) -> Answer:
        """One request on a connection of its own; an iterable body goes out chunked unless a length is declared."""
        with closing(self.connect()) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # a refused body; the answer is there, as for curl
                connection.request(method, target, body=body, headers=dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def ask_raw(self, request: bytes) -> bytes:
        """Whatever comes back for these very bytes until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as wire:
            wire.sendall(request)
            wire.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: wire.recv(65536), b""))

    def ops(self, path: str) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self.ops_port, timeout=10)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


@contextmanager
def running_gateway(log: Path, mongodb_url: str, **more: str) -> Iterator[Gateway]:
    """A gateway that is ready, before three services, with quotas nobody reaches unless `more` settings say so."""
    model = Gateway(0, 0, Service(serve_trust), Service(), Service(), log)
    with another_gateway(model, mongodb_url, **more) as gateway:
        try:
            yield gateway
        finally:
            for service in (gateway.auth, gateway.files, gateway.documents):
                service.stop()


@contextmanager
def another_gateway(model: Gateway, mongodb_url: str, **more: str) -> Iterator[Gateway]:
    """A process more before the services of `model`; it gets its listening socket handed down, as in production."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gateway = replace(model, port=listener.getsockname()[1], ops_port=free_port())
        settings = {
            "BIND": "fd://0",
            "OPS_BIND": f"127.0.0.1:{gateway.ops_port}",
            "BASE_URL": PUBLIC_URL,
            "AUTH_URL": model.auth.url,
            "FILES_URL": model.files.url,
            "DOCUMENTS_URL": model.documents.url,
            "UPSTREAM_SECONDS": str(SILENT_SECONDS),
            "MONGODB_URL": mongodb_url,
            "PLANS": PLENTY,
            "AUDIT_KEY": secrets.token_urlsafe(32),
            "AUDIT_SPOOL": str(model.log.with_name("spool")),
            **more,
        }
        environment = {"PATH": os.defpath, **{f"PAPERLANE_{name}": value for name, value in settings.items()}}
        with model.log.open("ab") as output:
            command = [sys.executable, "-m", "gateway.app"]
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=listener.fileno(), stdout=output, stderr=output
            )
    try:
        eventually(lambda: _is_ready(gateway), seconds=20)
        yield gateway
    finally:
        process.terminate()
        process.wait(20)


def _is_ready(gateway: Gateway) -> bool:
    try:
        return gateway.ops("/health/ready").status == 200
    except OSError:
        return False
