"""What tests ask for by name: the real servers and the whole stack, each started when the first test needs it."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from shared import database, logs
from tests.support.servers import Servers, running_servers
from tests.support.stack import Stack, given, running_stack


def pytest_configure() -> None:
    """End at SIGTERM as at Ctrl-C, so that no server stays behind. And log as in production: structlog's own way draws
    each frame of a fault with all its variables, for a second.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logs.configure("tests")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is away is given up soon, where production waits 4 s for the next primary."""
    monkeypatch.setitem(database._GUARANTEES, "serverSelectionTimeoutMS", 200)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """MongoDB, RabbitMQ and S3 on free ports, for the whole session."""
    with running_servers() as running:
        yield running


@pytest.fixture(scope="session")
def stack(servers: Servers) -> Iterator[Stack]:
    """Everything, as after `make up --no-sample`, on the session's servers."""
    with running_stack(servers, given(servers)) as running:
        yield running
