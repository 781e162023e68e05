"""Threads that make up one part of a worker: started, stopped and watched together."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable

from shared.logs import get_logger

_log = get_logger(__name__)


class Crew:
    """Runs each of `loops` in a thread of its own. A loop returns once `stopping` is set; one that ends earlier died.

    The threads are daemons: a process that is told to end does so, whatever they are caught in.
    """

    def __init__(self, name: str, *loops: Callable[[], object]) -> None:
        self.stopping = threading.Event()
        self._name, self._loops = name, loops
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for loop in self._loops:
            # A new thread begins with an empty context; the copy carries the service's name into its log lines.
            run = contextvars.copy_context().run
            thread = threading.Thread(target=run, args=(_logged, loop), name=self._name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Ask the loops to come to an end; `join` waits for it."""
        self.stopping.set()

    def join(self, seconds: float) -> bool:
        """Wait for the threads, at most `seconds` in all; have they ended?"""
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def alive(self) -> bool:
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)


def _logged(loop: Callable[[], object]) -> None:
    try:
        loop()
    except BaseException:
        _log.exception("a thread died")
