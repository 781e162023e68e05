"""One connection to RabbitMQ with its one channel, made and dropped together, and the pauses between attempts."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pika
from pika.exceptions import AMQPError

from shared.messaging.topology import TopologyConflict

# What may go wrong between us and a broker. After any of these the connection and its channel are in doubt: drop both.
FAULTS = (AMQPError, OSError, TopologyConflict)

# Short enough to notice a broker that vanished without a word, long enough to survive a busy machine.
HEARTBEAT_SECONDS = 30
# How long a broker short of memory or disk may hold a publication back before we call it failed.
BLOCKED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Session:
    """A connection and its channel in confirm mode, for one thread. Its identity is the generation of delivery tags."""

    connection: Any
    channel: Any

    def pump(self, seconds: float = 0) -> None:
        """Send and receive for up to `seconds`, heartbeats included, and run callbacks. Raises one of FAULTS."""
        self.connection.process_data_events(time_limit=seconds)

    def close(self) -> None:
        with suppress(*FAULTS):
            self.connection.close()


def open_session(url: str, name: str) -> Session:
    """Connect to `url` (amqp or amqps); `name` is shown in the broker's list of connections. Raises one of FAULTS."""
    parameters = pika.URLParameters(url)
    parameters.heartbeat = parameters.heartbeat or HEARTBEAT_SECONDS
    parameters.blocked_connection_timeout = parameters.blocked_connection_timeout or BLOCKED_SECONDS
    parameters.socket_timeout = parameters.stack_timeout = 5
    parameters.client_properties = {"connection_name": name}
    connection = pika.BlockingConnection(parameters)
    try:
        channel = connection.channel()
        channel.confirm_delivery()
    except FAULTS:
        Session(connection, None).close()
        raise
    return Session(connection, channel)


class Backoff:
    """Pauses in seconds between attempts: doubling, with jitter, while faults follow each other closely.

    After a quiet minute they begin anew. The jitter keeps the workers of a cluster from coming back all at once.
    """

    def __init__(self, first: float = 0.1, most: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._first, self._most, self._clock = first, most, clock
        self._pause, self._last = first, float("-inf")

    def next(self) -> float:
        now = self._clock()
        self._pause = self._first if now - self._last > 60 else min(self._pause * 2, self._most)
        self._last = now
        return self._pause * random.uniform(0.5, 1)  # noqa: S311  # spreads load, guards nothing
