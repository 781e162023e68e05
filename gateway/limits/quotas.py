"""What is left to whom: slices of shared quotas, taken from the store in one update each, and spent in memory."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from gateway.limits.counters import Away, Counters
from shared.plans import WINDOW_SECONDS
from shared.recent import Recent

# The largest part of a quota that one process holds.
LARGEST_SLICE = 0.05
# A slice that lasts shorter is followed by one of twice its size, one that lasts longer by one of half.
QUICK_SECONDS = 1.0
KEYS = 10_000
# What a round trip to the store may take: who waits as long as he was told is let in.
_SLACK_SECONDS = 0.1


class Standing(NamedTuple):
    """How a client stands after a request: `remaining` of `limit` until the window ends, in `seconds`.

    What other processes hold is not in `remaining`.
    """

    allowed: bool
    limit: int
    remaining: int
    seconds: int


class Quotas:
    """Spends quotas, each within windows of a minute. Over all processes no more than `limit` in a window, unless the
    store is away: then each process counts for itself.
    """

    def __init__(self, counters: Counters, now: Callable[[], float] = time.monotonic) -> None:
        self._counters = counters
        self._now = now
        self._shares: Recent[str, _Share] = Recent(KEYS, _Share)

    def spend(self, key: str, limit: int) -> Standing:
        """Charge one to `key`, if it has one left."""
        share = self._shares.of(key)
        with share.lock:  # of this key alone: the store may be asked under it
            now = self._now()
            if now >= share.ends:
                share.forget(limit)
            if not share.left and share.in_store:
                self._take(share, key, limit, now)
            allowed = share.left > 0
            share.left -= allowed
            seconds = min(WINDOW_SECONDS, math.ceil(share.ends - now + _SLACK_SECONDS))
            return Standing(allowed, limit, share.left + share.in_store, seconds)

    def _take(self, share: _Share, key: str, limit: int, now: float) -> None:
        size = share.next_size(limit, now)
        try:
            taken = self._counters.take(key, size)
        except Away:
            share.left, share.in_store = share.in_store, 0
            share.ends = share.ends if share.ends > now else now + WINDOW_SECONDS
            return
        # What was taken beyond the limit is nobody's.
        share.left = max(0, size - max(0, taken.count - limit))
        share.in_store = max(0, limit - taken.count)
        # Counted from before the question: early rather than late, so that nothing is spent in the next window.
        share.ends = now + taken.seconds


class _Share:
    """What a process holds of one quota (`left`), and what the store held of it when it was last asked."""

    __slots__ = ("ends", "in_store", "left", "lock", "size", "taken_at")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.ends = 0.0
        self.left = self.in_store = self.size = 0
        self.taken_at = 0.0

    def forget(self, limit: int) -> None:
        """The window is over, and with it what was left of the slice."""
        self.left, self.in_store, self.size = 0, limit, 0

    def next_size(self, limit: int, now: float) -> int:
        """The next slice: large for who spends quickly, small for who does not, and towards the end of the quota."""
        wanted = self.size * 2 if now - self.taken_at < QUICK_SECONDS else self.size // 2
        self.size = max(1, min(wanted, int(limit * LARGEST_SLICE), self.in_store // 8))
        self.taken_at = now
        return self.size
