"""How connections end, over real sockets: answers arrive, what is sent late is drained, nobody is waited for long."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from shared.web import closing
from shared.web.closing import Closer
from tests.support import eventually


@pytest.fixture
def wires() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """Connections, each with our end and the client's."""
    with ExitStack() as stack, socket.create_server(("127.0.0.1", 0)) as listener:
        pairs = []
        for _ in range(4):
            client = stack.enter_context(socket.create_connection(listener.getsockname(), timeout=10))
            pairs.append((stack.enter_context(listener.accept()[0]), client))
        yield pairs


def test_the_last_answer_arrives_although_the_client_goes_on_sending(
    wires: list[tuple[socket.socket, socket.socket]],
) -> None:
    ours, client = wires[0]
    client.sendall(b"x" * 10_000)
    ours.sendall(b"the last answer")
    Closer().close(ours)
    client.sendall(b"more")
    assert b"".join(iter(lambda: client.recv(4096), b"")) == b"the last answer"
    client.close()
    assert eventually(lambda: ours.fileno() == -1)


def test_whoever_never_closes_is_waited_for_a_while_only(
    wires: list[tuple[socket.socket, socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "LINGER_SECONDS", 0.2)
    ours, _ = wires[0]
    closer = Closer()
    closer.close(ours)
    closer.close(ours)  # as gunicorn may
    assert eventually(lambda: ours.fileno() == -1)
    closer.close(wires[1][0])
    assert eventually(lambda: wires[1][0].fileno() == -1)


def test_only_so_many_linger(wires: list[tuple[socket.socket, socket.socket]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "MOST", 2)
    monkeypatch.setattr(closing, "LINGER_SECONDS", 3600)
    closer = Closer()
    for ours, _ in wires:
        closer.close(ours)
    assert eventually(lambda: [ours.fileno() == -1 for ours, _ in wires] == [True, True, False, False])


def test_a_client_that_sends_without_end_is_cut_off(
    wires: list[tuple[socket.socket, socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "LINGER_SECONDS", 3600)
    ours, client = wires[0]
    client.settimeout(0.2)
    Closer().close(ours)

    def sends_on() -> bool:
        with suppress(OSError):
            client.sendall(b"x" * 65_536)
        return ours.fileno() == -1

    assert eventually(sends_on)
