"""A service's messages from RabbitMQ: one thread keeps the connection, one runs the reactions, one message at a time.

pika belongs to one thread. The first thread owns the connection and answers heartbeats even while a reaction takes
minutes; the second works and hands its verdict back, which counts only while the connection that brought the message
lives. A message is acknowledged after its effect, or after its copy for later is confirmed: it is never nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any

import pika
from pika.exceptions import ConnectionWrongStateError, ConsumerCancelled

from shared.clock import rfc3339, utc_now
from shared.logs import get_logger
from shared.messaging.connection import FAULTS, Backoff, Session, open_session
from shared.messaging.crew import Crew
from shared.messaging.publisher import trace_headers
from shared.messaging.reactions import Again, Dead, Delivery, Reactions, Verdict, check, react
from shared.messaging.topology import RETRY_SECONDS, dead_letter_queue, declare, queues_of, retry_queue, work_queues

# Headers of ours. The counter is our own because brokers disagree on what theirs counts: RabbitMQ 3.10 counts each
# return, 4.3 no basic.nack. Lost workers and connections count everywhere, so only those are read from the broker's.
ATTEMPTS, REASON, TIME, QUEUE = "x-attempts", "x-reason", "x-time", "x-queue"
BROKERS_COUNT = "x-delivery-count"

PUMP_SECONDS = 0.25

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    """A delivery that waits for its verdict, and where it came from."""

    session: Session
    tag: int
    queue: str
    properties: Any
    body: bytes


class Consumer(Crew):
    """Runs the reactions of `service` to its messages until stopped; reconnects for as long as it takes.

    A message that fails is tried again after each of `retry_seconds`, then given up. A reaction must end well within
    the broker's `consumer_timeout` (30 minutes unless configured), or the broker takes its message back.
    """

    def __init__(
        self, url: str, service: str, reactions: Reactions, retry_seconds: Sequence[float] = RETRY_SECONDS
    ) -> None:
        check(service, reactions, retry_seconds)
        super().__init__(f"{service} consumer", self._keep_consuming, self._keep_working)
        self._url, self._service, self._reactions = url, service, reactions
        self._retry_seconds = tuple(retry_seconds)
        self._session: Session | None = None
        self._unsettled: set[int] = set()  # delivery tags of this session; the first thread's own
        self._arrived: SimpleQueue[_Held | None] = SimpleQueue()

    @property
    def ready(self) -> bool:
        """Would a message sent now be handled?"""
        return self._session is not None and self.alive and not self.stopping.is_set()

    def _keep_consuming(self) -> None:
        backoff = Backoff()
        try:
            while not self.stopping.is_set():
                try:
                    with closing(open_session(self._url, f"paperlane {self._service}")) as session:
                        self._consume(session)
                except FAULTS as fault:
                    _log.warning("connection to the broker failed", fault=repr(fault))
                    self._session = None
                    self.stopping.wait(backoff.next())
        finally:
            self._arrived.put(None)

    def _consume(self, session: Session) -> None:
        declare(session.channel, queues_of(self._service, self._retry_seconds))
        session.channel.basic_qos(prefetch_count=1)
        queues = [queue.name for queue in work_queues(self._service)]
        for queue in queues:
            session.channel.basic_consume(queue, partial(self._take, session, queue))
        self._unsettled.clear()
        self._session = session
        _log.info("consuming", queues=queues)
        while not self.stopping.is_set():
            session.pump(PUMP_SECONDS)
            if len(session.channel.consumer_tags) < len(queues):
                raise ConsumerCancelled("the broker cancelled a consumer or closed the channel; was a queue deleted?")
        for tag in session.channel.consumer_tags:
            session.channel.basic_cancel(tag)
        while self._unsettled and self.alive:
            session.pump(PUMP_SECONDS)

    def _take(self, session: Session, queue: str, _: Any, method: Any, properties: Any, body: bytes) -> None:
        self._unsettled.add(method.delivery_tag)
        self._arrived.put(_Held(session, method.delivery_tag, queue, properties, body))

    def _keep_working(self) -> None:
        while held := self._arrived.get():
            if held.session is not self._session:
                continue  # its connection is gone, so the broker delivers it again
            headers = held.properties.headers or {}
            delivery = Delivery(
                held.body, _count(headers, ATTEMPTS), _count(headers, BROKERS_COUNT), str(headers.get(REASON, ""))
            )
            verdict = None if self.stopping.is_set() else react(self._reactions, delivery, len(self._retry_seconds))
            with suppress(ConnectionWrongStateError):
                held.session.connection.add_callback_threadsafe(partial(self._settle, held, verdict))

    def _settle(self, held: _Held, verdict: Verdict | None) -> None:
        """Carry out a verdict, in the first thread. None leaves the message to whoever consumes next."""
        if isinstance(verdict, Again):
            seconds = self._retry_seconds[verdict.tier]
            headers = {ATTEMPTS: verdict.failures, REASON: verdict.reason}
            _put(held, retry_queue(held.queue, seconds), headers)
        elif isinstance(verdict, Dead):
            headers = {ATTEMPTS: verdict.attempts, REASON: verdict.reason, TIME: rfc3339(utc_now()), QUEUE: held.queue}
            _put(held, dead_letter_queue(self._service), headers)
        if verdict:
            held.session.channel.basic_ack(held.tag)
        self._unsettled.discard(held.tag)


def _put(held: _Held, queue: str, headers: dict[str, Any]) -> None:
    """A confirmed copy with these headers; one of FAULTS when the queue is full or gone: then the original stays."""
    given = held.properties
    properties = pika.BasicProperties(
        content_type=given.content_type,
        delivery_mode=pika.DeliveryMode.Persistent,
        message_id=given.message_id,
        correlation_id=given.correlation_id,
        type=given.type,
        headers=trace_headers(given) | headers,
    )
    held.session.channel.basic_publish("", queue, held.body, properties, mandatory=True)


def _count(headers: Mapping[str, Any], name: str) -> int:
    value = headers.get(name)
    return value if isinstance(value, int) and value > 0 else 0
