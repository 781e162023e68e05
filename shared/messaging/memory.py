"""The broker's twin in one process: the same topology, codec and verdicts, no socket, no thread, a clock of its own."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shared.contracts.envelope import Envelope, encode
from shared.contracts.registry import kind_of
from shared.messaging.publisher import PublishFailed, Unroutable
from shared.messaging.reactions import Again, Dead, Delivery, Reactions, Verdict, check, react
from shared.messaging.topology import DELIVERY_LIMIT, RETRY_SECONDS, exchange_of, routing_key, work_queues


class WorkerLost(BaseException):
    """Raised by a reaction to play a worker that dies (SIGKILL) while it runs; the next one gets the message."""


class TakenBack(BaseException):
    """Raised by a reaction to play a return that 4.x does not count: basic.nack, or a consumer that timed out."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message given up: its bytes, its reason, how often it was tried, the queue it came from."""

    body: bytes
    reason: str
    attempts: int
    queue: str


class MemoryBroker:
    """Queues of one process. Nothing moves until `deliver_next` or `deliver_all` is called; delays pass at once.

    `redelivery` chooses whose counting of returned messages to follow. `down = True` makes every publication fail.
    """

    def __init__(
        self, retry_seconds: Sequence[float] = RETRY_SECONDS, redelivery: Literal["3.10", "4.x"] = "4.x"
    ) -> None:
        self.down = False
        self.now = 0.0  # seconds; moves when only delayed messages are left
        self.dead: dict[str, list[DeadLetter]] = {}
        self._retry_seconds, self._redelivery = tuple(retry_seconds), redelivery
        self._services: dict[str, tuple[str, Reactions]] = {}  # by work queue
        self._bound: dict[tuple[str, str], list[str]] = {}
        self._queues: dict[str, deque[Delivery]] = {}
        self._delayed: list[tuple[float, int, str, Delivery]] = []
        self._order = itertools.count()

    def publisher(self) -> MemoryPublisher:
        return MemoryPublisher(self)

    def consume(self, service: str, reactions: Reactions) -> None:
        """Declare the queues of `service` and have its messages handled by these reactions from now on."""
        check(service, reactions, self._retry_seconds)
        self.dead.setdefault(service, [])
        for queue in work_queues(service):
            self._services[queue.name] = service, reactions
            if queue.name not in self._queues:
                self._queues[queue.name] = deque()
                for binding in queue.bindings:
                    self._bound.setdefault(binding, []).append(queue.name)

    def send(self, exchange: str, key: str, body: bytes) -> None:
        """Route raw bytes as the broker would. Unroutable when no queue is bound, PublishFailed when `down`."""
        if self.down:
            raise PublishFailed("the broker is away")
        queues = self._bound.get((exchange, key))
        if not queues:
            raise Unroutable(f"no queue is bound for {key}")
        for queue in queues:
            self._queues[queue].append(Delivery(body))

    def deliver_all(self) -> int:
        """Deliver until nothing is left, later messages included; how many deliveries that took."""
        return sum(1 for _ in iter(self.deliver_next, False))

    def deliver_next(self) -> bool:
        """Deliver one message: the first of the first queue that has one, else the delayed one that is due first."""
        if not any(self._queues.values()) and self._delayed:
            self.now, _, name, delivery = heapq.heappop(self._delayed)
            self._queues[name].append(delivery)
        for name, queue in self._queues.items():
            if queue:
                self._deliver(name, queue.popleft())
                return True
        return False

    def _deliver(self, queue: str, delivery: Delivery) -> None:
        service, reactions = self._services[queue]
        try:
            self._settle(service, queue, delivery, react(reactions, delivery, len(self._retry_seconds)))
        except WorkerLost:
            self._return(service, queue, replace(delivery, losses=delivery.losses + 1))
        except TakenBack:
            self._return(service, queue, replace(delivery, losses=delivery.losses + (self._redelivery == "3.10")))

    def _settle(self, service: str, queue: str, delivery: Delivery, verdict: Verdict) -> None:
        if isinstance(verdict, Again):
            due = self.now + self._retry_seconds[verdict.tier]
            later = Delivery(delivery.body, verdict.failures, reason=verdict.reason)
            heapq.heappush(self._delayed, (due, next(self._order), queue, later))
        elif isinstance(verdict, Dead):
            self.dead[service].append(DeadLetter(delivery.body, verdict.reason, verdict.attempts, queue))

    def _return(self, service: str, queue: str, delivery: Delivery) -> None:
        if delivery.losses > DELIVERY_LIMIT:
            self.dead[service].append(DeadLetter(delivery.body, "delivery_limit", delivery.losses, queue))
        else:
            self._queues[queue].appendleft(delivery)


class MemoryPublisher:
    """A Publisher into a MemoryBroker."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    def publish(self, envelope: Envelope) -> None:
        kind = kind_of(envelope)
        self._broker.send(exchange_of(kind), routing_key(kind), encode(envelope))

    def idle(self) -> None:
        """There is no connection to keep."""

    def close(self) -> None:
        """There is no connection to close."""
