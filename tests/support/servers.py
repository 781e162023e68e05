"""Real servers for tests: MongoDB, RabbitMQ and S3 of their own on free ports, gone afterwards with all they kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from paperlane.local import lifecycle
from paperlane.local.home import LOCAL, Home
from paperlane.local.servers.mongodb import database_url
from paperlane.local.settings import StackSettings

STACK_VHOST = "stack"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers are. Each test takes names of its own for databases, queues and buckets; the virtual host
    `stack`, databases `stack_…` and buckets `stack-…` belong to the fixture `stack`.
    """

    home: Home

    def mongodb_url(self, database: str) -> str:
        return database_url(self._known("mongodb")["url"], database)

    @property
    def rabbitmq_url(self) -> str:
        return str(self._known("rabbitmq")["url"])

    @property
    def s3_url(self) -> str:
        return str(self._known("s3")["url"])

    @property
    def s3_access_key(self) -> str:
        return str(self._known("s3")["access_key"])

    @property
    def s3_secret_key(self) -> str:
        return str(self._known("s3")["secret_key"])

    def _known(self, server: str) -> dict[str, Any]:
        return dict(self.home.read_json(LOCAL)["servers"][server])


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Servers for the time of the block."""
    with TemporaryDirectory(prefix="paperlane-servers-") as folder:
        home = Home.at(Path(folder))
        home.prepare()
        try:
            settings = StackSettings(vhosts=("/", STACK_VHOST))
            lifecycle.bring_up(home, settings, os.environ, print, services=())
            yield Servers(home)
        finally:
            lifecycle.take_down(home, print)
