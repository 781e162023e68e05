"""Sending messages so that a return without an error means: the broker has it on disk, in a queue."""

from __future__ import annotations

from typing import Any, Protocol

import pika
from pika.exceptions import NackError, UnroutableError
from prometheus_client import Counter

from shared.contracts.envelope import Envelope, encode
from shared.contracts.registry import kind_of
from shared.messaging.connection import FAULTS, Session, open_session
from shared.messaging.topology import declare_exchanges, exchange_of, routing_key

TRACEPARENT = "traceparent"

FAILURES = Counter("paperlane_publish_failures", "Messages the broker did not take.", ["type", "reason"])


class PublishFailed(Exception):
    """The broker is away, full or in doubt; the message may or may not be there. Send it again, with the same id."""


class Unroutable(Exception):
    """The broker took the message, but no queue is bound for it: its consumer has never run here."""


class Publisher(Protocol):
    """What a relay sends with; used by one thread only."""

    def publish(self, envelope: Envelope) -> None:
        """Return once the message is safe in every queue bound for it. PublishFailed or Unroutable otherwise."""

    def idle(self) -> None:
        """Called now and then while there is nothing to publish. Never raises."""

    def close(self) -> None:
        """Called once, at the end. Never raises."""


class RabbitPublisher:
    """A Publisher to RabbitMQ that connects at the first message and again after each fault."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: Session | None = None

    def publish(self, envelope: Envelope) -> None:
        kind = kind_of(envelope)
        body = encode(envelope)
        try:
            # Without `mandatory` a broker confirms a message that no queue takes, and it is gone.
            self._open().channel.basic_publish(
                exchange_of(kind), routing_key(kind), body, _properties(envelope), mandatory=True
            )
        except UnroutableError as returned:
            FAILURES.labels(envelope.type, "unroutable").inc()
            raise Unroutable(f"no queue is bound for {routing_key(kind)}") from returned
        except FAULTS as fault:
            if not isinstance(fault, NackError):
                self.close()
            FAILURES.labels(envelope.type, "failed").inc()
            raise PublishFailed(f"{envelope.type} {envelope.id} was not confirmed: {fault!r}") from fault

    def idle(self) -> None:
        """Answer heartbeats, so that the broker does not take a quiet publisher for a dead one."""
        if self._session:
            try:
                self._session.pump()
            except FAULTS:
                self.close()

    def close(self) -> None:
        if self._session:
            self._session.close()
            self._session = None

    def _open(self) -> Session:
        if self._session is None:
            self._session = open_session(self._url, "paperlane relay")
            declare_exchanges(self._session.channel)
        return self._session


def _properties(envelope: Envelope) -> pika.BasicProperties:
    return pika.BasicProperties(
        content_type="application/json",
        delivery_mode=pika.DeliveryMode.Persistent,
        message_id=envelope.id,
        correlation_id=envelope.correlation_id,
        type=envelope.type,
        headers={TRACEPARENT: envelope.traceparent} if envelope.traceparent else None,
    )


def trace_headers(properties: Any) -> dict[str, Any]:
    """What of a delivery's headers must stay with a copy of it, so that its trace goes on."""
    headers = properties.headers or {}
    return {TRACEPARENT: headers[TRACEPARENT]} if TRACEPARENT in headers else {}
