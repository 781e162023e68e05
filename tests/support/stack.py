"""The whole product for tests, started as a user would, and a hand on each of its parts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from paperlane.client import Client
from paperlane.local import sample, status
from paperlane.local.home import LOCAL, Home
from paperlane.local.ports import assign
from paperlane.local.settings import PLANS
from paperlane.local.supervision import Supervisor
from shared.plans import Plan
from tests.support import eventually
from tests.support.servers import STACK_VHOST, Servers

COMMAND = Path(sys.executable).with_name("paperlane")
SERVERS = ("mongodb", "rabbitmq", "s3")
UP_SECONDS = 240
HEALTHY_SECONDS = 90
# A new signing key is shown so long before it signs.
PUBLISH_SECONDS = 4
# Of a client that is to reach its limits soon.
TINY = Plan("tiny", requests=20, tokens=5)


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack, and the servers that it uses."""

    home: Home
    servers: Servers

    @property
    def local(self) -> dict[str, Any]:
        """local.json as it is now: process ids change when a part restarts."""
        return self.home.read_json(LOCAL)

    def client(self) -> Client:
        """The SDK's client with every scope; close it."""
        return sample.connect(self.home)

    def http(self) -> httpx.Client:
        """An httpx client at the gateway that sends a token with each request; close it."""
        with self.client() as client:
            headers = {"Authorization": f"Bearer {client.token()}"}
        return httpx.Client(base_url=self.local["base_url"], headers=headers, timeout=60, trust_env=False)

    def pid(self, part: str) -> int | None:
        """The process id of a part, None while it does not run."""
        return self._supervisor(part).programs()[part].pid

    def kill(self, part: str) -> int:
        """SIGKILL the part; it is restarted. Returns the id of the process that was killed."""
        pid = self.pid(part)
        assert pid, f"{part} does not run"
        os.kill(pid, signal.SIGKILL)
        return pid

    def stop(self, part: str) -> None:
        """Stop the part for good, until `start`."""
        self._supervisor(part).stop([part])

    def start(self, part: str) -> None:
        """Start a stopped part and wait until the whole stack is healthy."""
        self._supervisor(part).start([part])
        self.wait_until_healthy()

    def wait_until_healthy(self, seconds: float = HEALTHY_SECONDS) -> None:
        """Return when every part works."""
        eventually(lambda: status.look(self.home).healthy, seconds, every=0.2)

    def log(self, part: str, lines: int = 50) -> str:
        """The last lines that the part wrote."""
        home = self.servers.home if part in SERVERS else self.home
        return "\n".join(home.log_tail(part, lines))

    def _supervisor(self, part: str) -> Supervisor:
        return Supervisor(self.servers.home if part in SERVERS else self.home)


def paperlane(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, with only these PAPERLANE_ variables. Returns when nobody holds its output."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PAPERLANE_")}
    return subprocess.run(
        [COMMAND, *arguments],
        env={**clean, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=UP_SECONDS,
        check=False,
    )


def given(servers: Servers, name: str = STACK_VHOST) -> dict[str, str]:
    """The environment that makes `up` use `servers`, with databases and buckets that begin with `name`."""
    return {
        "PAPERLANE_MONGODB_URL": servers.mongodb_url(name),
        "PAPERLANE_RABBITMQ_URL": servers.rabbitmq_url + STACK_VHOST,
        "PAPERLANE_S3_URL": servers.s3_url,
        "PAPERLANE_S3_ACCESS_KEY": servers.s3_access_key,
        "PAPERLANE_S3_SECRET_KEY": servers.s3_secret_key,
        "PAPERLANE_FILES_BUCKET": f"{name}-files",
        "PAPERLANE_EXTRACTS_BUCKET": f"{name}-extracts",
        "PAPERLANE_RETRY_SECONDS": "0.5,1,2",
        "PAPERLANE_KEY_PUBLISH_SECONDS": str(PUBLISH_SECONDS),
        "PAPERLANE_PLANS": f"{PLANS} {TINY.name}={TINY.requests}/{TINY.tokens}",
    }


def free_port() -> int:
    return assign(["gateway"], {})["gateway"]


@contextmanager
def running_stack(servers: Servers, environment: Mapping[str, str]) -> Iterator[Stack]:
    """A stack on `servers` for the time of the block."""
    with TemporaryDirectory(prefix="paperlane-stack-") as folder:
        try:
            up = paperlane("up", "--no-sample", "--home", folder, "--port", str(free_port()), **environment)
            assert up.returncode == 0, up.stdout
            yield Stack(Home.at(Path(folder)), servers)
        finally:
            paperlane("down", "--home", folder)
