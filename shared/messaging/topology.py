"""Exchanges and queues with their names and arguments, all derived from the registry; nothing else names a queue.

    paperlane.facts     topic   ──▶ documents.facts        one work queue per consuming service and family
    paperlane.commands  direct  ──▶ extraction.commands
    extraction.commands.retry.5000   holds a message for 5000 ms, then returns it into extraction.commands
    extraction.dead                  what the service gave up

Every queue of a service begins with its name, so a broker user can be confined to them by one expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pika.exceptions import ChannelClosedByBroker

from shared.contracts.registry import Family, Kind, received_by

RETRY_SECONDS = (5.0, 60.0, 600.0)

# A queue that grows without end fills the broker's disk and then stops them all; a full one refuses, and outboxes wait.
MAX_QUEUE_BYTES = 512 * 1024 * 1024

# The broker's own counter is only a backstop: it must be higher than `reactions.MAX_LOSSES`, or messages would be given
# up without `exhausted` being called. RabbitMQ 4 sets 20 by itself, 3.10 sets none; stated, both do the same.
DELIVERY_LIMIT = 20
# Listing dead letters returns them to their queue, which counts; they must not be dropped for having been looked at.
# Not -1, which RabbitMQ 3.10 accepts and reads as "drop at the first return".
DEAD_LETTER_LIMIT = 1_000_000

_EXCHANGES = {Family.FACT: ("paperlane.facts", "topic"), Family.COMMAND: ("paperlane.commands", "direct")}


class TopologyConflict(Exception):
    """A queue or exchange exists with other arguments than ours; the text says how to cure it."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue, the arguments it is declared with, and the (exchange, routing key) pairs that lead into it."""

    name: str
    arguments: dict[str, Any]
    bindings: tuple[tuple[str, str], ...] = ()


def exchange_of(kind: Kind) -> str:
    return _EXCHANGES[kind.family][0]


def routing_key(kind: Kind) -> str:
    """For example `document-extracted.v1`."""
    return f"{kind.name}.v{kind.version}"


def work_queue(service: str, family: Family) -> str:
    return f"{service}.{family.value}s"


def retry_queue(queue: str, seconds: float) -> str:
    """The delay is part of the name: other delays make other queues, and the old ones run empty into the work queue."""
    return f"{queue}.retry.{_milliseconds(seconds)}"


def dead_letter_queue(service: str) -> str:
    return f"{service}.dead"


def work_queues(service: str) -> tuple[Queue, ...]:
    """One for each family of which the registry lists a kind with this consumer."""
    kinds = received_by(service)
    return tuple(
        Queue(
            work_queue(service, family),
            _quorum(dead_letter_queue(service)) | {"x-delivery-limit": DELIVERY_LIMIT},
            tuple((exchange_of(kind), routing_key(kind)) for kind in kinds if kind.family is family),
        )
        for family in Family
        if any(kind.family is family for kind in kinds)
    )


def dead_letters(service: str) -> Queue:
    return Queue(dead_letter_queue(service), _quorum() | {"x-delivery-limit": DEAD_LETTER_LIMIT})


def queues_of(service: str, retry_seconds: Iterable[float]) -> tuple[Queue, ...]:
    """Every queue of a consuming service, the targets of dead-lettering before those that dead-letter into them."""
    work = work_queues(service)
    retries = (
        Queue(retry_queue(queue.name, seconds), _quorum(queue.name) | {"x-message-ttl": _milliseconds(seconds)})
        for queue in work
        for seconds in retry_seconds
    )
    return (dead_letters(service), *work, *retries)


def declare_exchanges(channel: Any) -> None:
    """Make both exchanges; nothing happens when they are there. TopologyConflict when they are of another type."""
    for name, exchange_type in _EXCHANGES.values():
        with _explained("exchange", name):
            channel.exchange_declare(name, exchange_type, durable=True)


def declare(channel: Any, queues: Sequence[Queue]) -> None:
    """Make the exchanges, these queues and their bindings; nothing happens for those that are there.

    TopologyConflict when one is there with other arguments; the channel is closed then.
    """
    declare_exchanges(channel)
    for queue in queues:
        with _explained("queue", queue.name):
            channel.queue_declare(queue.name, durable=True, arguments=queue.arguments)
        for exchange, key in queue.bindings:
            channel.queue_bind(queue.name, exchange, key)


def _quorum(dead_letter_to: str | None = None) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-max-length-bytes": MAX_QUEUE_BYTES,
        # With the default, drop-head, the broker would fall back to at-most-once dead-lettering without a word.
        "x-overflow": "reject-publish",
    }
    if dead_letter_to:
        arguments |= {
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": dead_letter_to,
            "x-dead-letter-strategy": "at-least-once",
        }
    return arguments


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


@contextmanager
def _explained(what: str, name: str) -> Iterator[None]:
    try:
        yield
    except ChannelClosedByBroker as closed:
        if closed.reply_code != 406:  # PRECONDITION_FAILED, AMQP 0-9-1 §1.2
            raise
        raise TopologyConflict(
            f"The {what} {name} exists with other arguments: {closed.reply_text}. They cannot be changed in place. "
            f"Stop its workers, let it run empty or move its messages away, delete it "
            f"(rabbitmqctl delete_queue {name}; an exchange in the management page), and start again."
        ) from closed
