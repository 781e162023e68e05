"""The life of a worker process: it starts its parts, watches them, and ends in order when it is told to."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from typing import NoReturn, Protocol

from shared.logs import get_logger

WATCH_SECONDS = 0.5

_log = get_logger(__name__)


class Part(Protocol):
    """A consumer or a relay: threads of its own that run from `start` until some time after `stop`."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def join(self, seconds: float) -> bool: ...

    @property
    def alive(self) -> bool: ...


class Ops(Protocol):
    """The operators' door, see `shared.metrics.OpsServer`."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def run_worker(service: str, parts: Sequence[Part], ops: Ops, grace_seconds: float = 25) -> NoReturn:
    """Run until SIGTERM or SIGINT, then finish what is running within `grace_seconds` and exit 0.

    What is not finished by then is left to the next worker: the broker delivers it again. Exits 1 when a part dies by
    itself, so that the supervisor starts a whole worker again rather than keep half of one.
    """
    # A queue's `put` may be called from a signal handler; an Event's `set` may deadlock there.
    asked: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: asked.put(received))
    ops.start()
    for part in parts:
        part.start()
    _log.info("worker started", worker=service)
    status = _watch(parts, asked)
    for part in parts:
        part.stop()
    deadline = time.monotonic() + grace_seconds
    unfinished = [part for part in parts if not part.join(max(0, deadline - time.monotonic()))]
    if unfinished:
        _log.warning("a reaction is still running; its message will be delivered again", grace_seconds=grace_seconds)
    ops.stop()
    _log.info("worker stopped", worker=service, status=status)
    raise SystemExit(status)


def _watch(parts: Sequence[Part], asked: SimpleQueue[int]) -> int:
    """The exit status: 0 once a signal came, 1 once a part is no longer whole."""
    while all(part.alive for part in parts):
        try:
            _log.info("worker stops", signal=signal.Signals(asked.get(timeout=WATCH_SECONDS)).name)
        except Empty:
            continue
        return 0
    _log.error("worker ends because a thread died")
    return 1
