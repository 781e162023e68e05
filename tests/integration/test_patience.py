"""Clients that never finish what they began to send: they are turned away, and the others are served meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from shared.web.patience import PatientUnreader


class Impatient(PatientUnreader):
    most_seconds = 0.2


@pytest.fixture
def wire() -> Iterator[tuple[socket.socket, Impatient]]:
    with ExitStack() as closing:
        ours, theirs = (closing.enter_context(end) for end in socket.socketpair())
        yield ours, Impatient(theirs)


def test_who_sends_is_served(wire: tuple[socket.socket, Impatient]) -> None:
    client, unreader = wire
    for _ in range(50):
        client.sendall(b"x" * 100)
        assert unreader.chunk() == b"x" * 100


def test_who_sends_nothing_is_given_up(wire: tuple[socket.socket, Impatient]) -> None:
    _, unreader = wire
    with pytest.raises(TimeoutError):
        unreader.chunk()
    with pytest.raises(TimeoutError):
        unreader.chunk()


def test_a_drip_does_not_renew_the_credit(wire: tuple[socket.socket, Impatient]) -> None:
    client, unreader = wire
    client.sendall(b"x")
    assert unreader.chunk() == b"x"
    with pytest.raises(TimeoutError):
        unreader.chunk()
    client.sendall(b"x")
    with pytest.raises(TimeoutError):
        unreader.chunk()
