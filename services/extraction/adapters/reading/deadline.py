"""How long reading may take: a page its share of computing, and the pages of a document together what there is."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic


class Deadline:
    """`seconds` from now by `clock`, and no later than `latest`."""

    def __init__(self, seconds: float, latest: Deadline | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._end, self._latest = clock, clock() + seconds, latest

    @property
    def left(self) -> float:
        """The seconds that are left, never negative."""
        left = max(0.0, self._end - self._clock())
        return min(left, self._latest.left) if self._latest else left

    @property
    def is_over(self) -> bool:
        return self.left == 0
