"""From the outboxes in the services' records to the broker: what an outbox offers, and the relay that empties it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from prometheus_client import Histogram

from shared.clock import from_rfc3339, utc_now
from shared.contracts.envelope import Envelope
from shared.logs import get_logger
from shared.messaging.connection import Backoff
from shared.messaging.crew import Crew
from shared.messaging.publisher import Publisher, PublishFailed, Unroutable
from shared.messaging.reactions import told_of

IDLE_SECONDS = 0.05

LAG = Histogram(
    "paperlane_relay_lag_seconds",
    "From a message's birth in a record to the broker's confirmation.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800),
)

_log = get_logger(__name__)


class Outbox(Protocol):
    """Messages that were saved together with what they announce, and are not sent yet."""

    def lease(self) -> Sequence[Envelope]:
        """The unsent messages of one record, oldest first, kept from other relays for a while; empty if none is due."""

    def sent(self, envelope: Envelope) -> None:
        """This one is with the broker; forget it."""

    def release(self, envelopes: Sequence[Envelope]) -> None:
        """These, of one lease, could not be sent; they are due again at once, behind everything that is due already."""


class Outboxes:
    """Several outboxes as one, for one relay: each has its turn, whatever the others hold."""

    def __init__(self, *outboxes: Outbox) -> None:
        self._turns = deque(outboxes)
        self._leased = outboxes[0]

    def lease(self) -> Sequence[Envelope]:
        for _ in range(len(self._turns)):
            outbox = self._turns[0]
            self._turns.rotate(-1)
            if envelopes := outbox.lease():
                self._leased = outbox
                return envelopes
        return ()

    def sent(self, envelope: Envelope) -> None:
        self._leased.sent(envelope)

    def release(self, envelopes: Sequence[Envelope]) -> None:
        self._leased.release(envelopes)


class Relay(Crew):
    """Publishes what the outbox holds, each message at least once and those of a record in order.

    `after` is called for each message between its confirmation and its removal; like everything here it may be called
    again for the same message when a process dies in between.
    """

    def __init__(self, outbox: Outbox, publisher: Publisher, after: Callable[[Envelope], None] | None = None) -> None:
        super().__init__("relay", self._keep_sending)
        self._outbox, self._publisher, self._after = outbox, publisher, after
        self._backoff = Backoff()
        self._unroutable: set[str] = set()

    def step(self) -> float:
        """Send what one record holds; the seconds to rest before the next step, 0 while there may be more."""
        try:
            envelopes = self._outbox.lease()
            if envelopes:
                return self._send(envelopes)
            self._publisher.idle()
        except Exception:
            # The database is away, or one record is unlike what we know. Its lease keeps it out of the others' way.
            _log.exception("relay step failed")
            return self._backoff.next()
        self._unroutable.clear()
        return IDLE_SECONDS

    def _keep_sending(self) -> None:
        while not self.stopping.wait(self.step()):
            pass
        self._publisher.close()

    def _send(self, envelopes: Sequence[Envelope]) -> float:
        for position, envelope in enumerate(envelopes):
            with told_of(envelope):
                try:
                    self._send_one(envelope)
                except Unroutable as fault:
                    self._outbox.release(envelopes[position:])
                    return self._rest_after_a_round(envelope, fault)
                except PublishFailed as fault:
                    _log.warning("message not published", fault=str(fault))
                    self._outbox.release(envelopes[position:])
                    return self._backoff.next()
        return 0

    def _send_one(self, envelope: Envelope) -> None:
        self._publisher.publish(envelope)
        with suppress(ValueError):  # a time that cannot be read must not keep its message from being settled
            LAG.observe((utc_now() - from_rfc3339(envelope.time)).total_seconds())
        if self._after:
            self._after(envelope)
        self._outbox.sent(envelope)

    def _rest_after_a_round(self, envelope: Envelope, fault: Unroutable) -> float:
        """No rest while other records may be waiting; the same message again means that each had its turn."""
        if envelope.id not in self._unroutable:
            self._unroutable.add(envelope.id)
            return 0
        _log.warning("message kept until a queue takes it", fault=str(fault))
        self._unroutable.clear()
        return self._backoff.next()
