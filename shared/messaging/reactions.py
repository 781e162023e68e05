"""What becomes of one delivery: its reaction runs, and how that ends decides between done, again later, and given up.

Pure of any broker: the consumer and the in-memory twin both ask `react` and carry out its verdict.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import ClassVar

from prometheus_client import Counter, Histogram

from shared.contracts.envelope import Envelope, Malformed, decode
from shared.contracts.registry import body_of, received_by
from shared.errors import Refusal, Unavailable
from shared.logs import bound, get_logger
from shared.origin import trace_id

# After this many workers that never finished with a message, the next one gives it up instead of dying of it too.
# Connections lost while a reaction runs count as well, so a few must be forgiven.
MAX_LOSSES = 5
MAX_REASON = 500  # characters; the headers of a message must fit into one frame

HANDLED = Counter("paperlane_messages_handled", "Deliveries by how they ended.", ["type", "outcome"])
SECONDS = Histogram(
    "paperlane_reaction_seconds",
    "How long reactions ran.",
    ["type"],
    buckets=(0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300),
)

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a service does with one kind of message.

    `run` may be called more than once for one message and must then have one effect. An Unavailable from it is tried
    again for as long as it takes; after too many other errors, or one that is final, `exhausted` is called with the
    reason before the message goes to the dead letters. While that fails, the message comes back after the longest
    delay, so that nothing is given up without its owner knowing.
    """

    run: Callable[[Envelope], None]
    exhausted: Callable[[Envelope, str], None] | None = None


Reactions = Mapping[type, Reaction]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it arrives. `failures`: runs that ended in an error; `losses`: deliveries that never came to an end
    because their worker or connection was lost; `reason`: of the last failure.
    """

    body: bytes
    failures: int = 0
    losses: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    outcome: ClassVar[str] = "done"


@dataclass(frozen=True, slots=True)
class Again:
    """Deliver once more after the delay of this tier (0 is the shortest), with these counts."""

    tier: int
    failures: int
    reason: str
    outcome: ClassVar[str] = "retried"


@dataclass(frozen=True, slots=True)
class Dead:
    """Put it to the dead letters, with these headers."""

    attempts: int
    reason: str
    outcome: ClassVar[str] = "dead"


Verdict = Done | Again | Dead


def check(service: str, reactions: Reactions, retry_seconds: Sequence[float]) -> None:
    """ValueError unless there is a reaction for exactly the kinds this service receives, and a delay to retry after."""
    expected = {kind.body for kind in received_by(service)}
    if reactions.keys() != expected:
        names = sorted(body.__name__ for body in reactions.keys() ^ expected)
        raise ValueError(f"the reactions of {service} and the registry of messages disagree on {', '.join(names)}")
    if not retry_seconds:
        raise ValueError("at least one retry delay is needed")


def react(reactions: Reactions, delivery: Delivery, tiers: int) -> Verdict:
    """Handle one delivery, with `tiers` delays to retry after. Raises nothing that an Exception is."""
    try:
        envelope = decode(delivery.body, body_of)
        reaction = _reaction_to(envelope, reactions)
    except Malformed as fault:
        _log.error("message refused unread", reason=str(fault))
        return _counted("unknown", _dead(delivery, fault))
    with told_of(envelope):
        return _counted(envelope.type, _attempt(reaction, envelope, delivery, tiers))


def told_of(envelope: Envelope) -> AbstractContextManager[object]:
    """While it is entered, this thread's log lines name the message, its trace, and the request that began it all."""
    return bound(
        correlation_id=envelope.correlation_id,
        trace_id=trace_id(envelope.traceparent),
        message_id=envelope.id,
        message_type=envelope.type,
        company_id=envelope.company_id,
    )


def _reaction_to(envelope: Envelope, reactions: Reactions) -> Reaction:
    try:
        return reactions[type(envelope.body)]
    except KeyError:
        raise Malformed(f"{envelope.type}.v{envelope.version} is not for this service") from None


def _attempt(reaction: Reaction, envelope: Envelope, delivery: Delivery, tiers: int) -> Verdict:
    if delivery.failures > tiers:  # given up before, but `exhausted` failed
        return _give_up(reaction, envelope, delivery, tiers)
    if delivery.losses >= MAX_LOSSES:
        lost = f"{delivery.losses} workers or their connections were lost while they handled it"
        return _give_up(reaction, envelope, replace(delivery, reason=lost), tiers)
    began = time.perf_counter()
    try:
        with SECONDS.labels(envelope.type).time():
            reaction.run(envelope)
    except Unavailable as away:
        # Something that everybody needs is away. That says nothing about this message: it waits as long as it takes.
        tried = min(delivery.failures + 1, tiers)
        _log.warning("message waits", attempt=tried, reason=_text(away))
        return Again(tried - 1, tried, _text(away))
    except Exception as fault:
        failed = replace(delivery, failures=delivery.failures + 1, reason=_text(fault))
        if failed.failures > tiers or _is_final(fault):
            _log.exception("message refused")
            return _give_up(reaction, envelope, failed, tiers)
        _log.warning("reaction failed", attempt=failed.failures, exc_info=True)
        return Again(delivery.failures, failed.failures, failed.reason)
    _log.info("message handled", milliseconds=round((time.perf_counter() - began) * 1000, 1))
    return Done()


def _give_up(reaction: Reaction, envelope: Envelope, delivery: Delivery, tiers: int) -> Verdict:
    attempts = delivery.failures + delivery.losses
    try:
        if reaction.exhausted:
            reaction.exhausted(envelope, delivery.reason)
    except Exception as fault:
        _log.exception("message could not be given up")
        if not _is_final(fault):
            return Again(tiers - 1, max(attempts, tiers + 1), delivery.reason)
    _log.error("message given up", attempts=attempts, reason=delivery.reason)
    return Dead(attempts, delivery.reason)


def _dead(delivery: Delivery, fault: Exception) -> Dead:
    return Dead(delivery.failures + delivery.losses + 1, _text(fault))


def _is_final(fault: Exception) -> bool:
    return isinstance(fault, Malformed) or (isinstance(fault, Refusal) and not fault.retryable)


def _text(fault: Exception) -> str:
    name = fault.code if isinstance(fault, Refusal) else type(fault).__name__
    return f"{name}: {fault}"[:MAX_REASON]


def _counted(message_type: str, verdict: Verdict) -> Verdict:
    HANDLED.labels(message_type, verdict.outcome).inc()
    return verdict
