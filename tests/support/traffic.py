"""Calls without a break, from several threads, for as long as something is done to the system."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answered:
    """One call: when it began and ended, by `time.time`, and the status of the answer."""

    began: float
    ended: float
    status: int


@dataclass(slots=True)
class Traffic:
    """What each caller, by name, was answered so far."""

    answers: dict[str, list[Answered]] = field(default_factory=dict)

    def wrong(self, name: str, right: int = 200, since: float = 0, until: float = float("inf")) -> list[Answered]:
        """The answers to calls of this time that had another status; there must have been some calls."""
        within = [each for each in self.answers[name] if each.began >= since and each.ended <= until]
        assert within, f"{name} made no calls from {since} to {until}"
        return [each for each in within if each.status != right]


@contextmanager
def flowing(callers: Mapping[str, Callable[[], int]]) -> Iterator[Traffic]:
    """Have each of these called over and over, in a thread of its own, until the block ends; what one raises comes
    through then.
    """
    traffic = Traffic({name: [] for name in callers})
    over = threading.Event()

    def run(name: str) -> None:
        while not over.is_set():
            began = time.time()
            status = callers[name]()
            traffic.answers[name].append(Answered(began, time.time(), status))

    with ThreadPoolExecutor(len(callers)) as pool:
        running = [pool.submit(run, name) for name in callers]
        try:
            yield traffic
        finally:
            over.set()
    for each in running:
        each.result()
