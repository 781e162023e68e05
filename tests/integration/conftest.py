"""What the tests of real servers and sockets ask for by name, beside the servers themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.extraction.adapters.sandbox import Sandbox
from services.extraction.adapters.sandbox.protocol import Limits
from services.extraction.settings import PACKAGED_TESSDATA
from tests.support.gateways import Gateway, running_gateway
from tests.support.rabbit import Rabbit
from tests.support.samples import draw_letter, english
from tests.support.servers import Servers
from tests.support.upstreams import serve_trust, take_and_give
from tests.support.wire import Wire


@pytest.fixture
def rabbit(servers: Servers) -> Rabbit:
    """The broker, without queues of ours."""
    return Rabbit(servers.rabbitmq_url)


@pytest.fixture
def wire(rabbit: Rabbit) -> Iterator[Wire]:
    """A wire to the broker that can be cut."""
    with Wire(rabbit.url) as wire:
        yield wire


@pytest.fixture(scope="session")
def one_gateway(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Gateway]:
    """One gateway for all tests of forwarding, before services that each test plays as it likes."""
    with running_gateway(tmp_path_factory.mktemp("gateway") / "log", servers.mongodb_url("gateway")) as running:
        yield running


@pytest.fixture
def gateway(one_gateway: Gateway) -> Gateway:
    """The gateway; its services behave and remember nothing of earlier tests."""
    for service in (one_gateway.auth, one_gateway.files, one_gateway.documents):
        service.act = take_and_give
        service.seen.clear()
    one_gateway.auth.act = serve_trust
    return one_gateway


@pytest.fixture(scope="session")
def letter() -> bytes:
    """An invoice as a PDF with its text."""
    return draw_letter(english())


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that reads."""
    sandbox = Sandbox(PACKAGED_TESSDATA, Limits(seconds=60))
    sandbox.start()
    yield sandbox
    sandbox.close()
