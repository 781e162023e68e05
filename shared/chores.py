"""What a worker does from time to time, beside what messages ask of it."""

from __future__ import annotations

from collections.abc import Callable

from shared.logs import get_logger
from shared.messaging.connection import Backoff
from shared.messaging.crew import Crew

IDLE_SECONDS = 1.0

# Does one piece of what is due; whether there was any.
Chore = Callable[[], bool]

_log = get_logger(__name__)


class Chores(Crew):
    """Does what is due, one piece of each chore after the other, until nothing is; then looks again after a second.

    A chore must be safe to repeat, and for several processes at once.
    """

    def __init__(self, *chores: Chore) -> None:
        super().__init__("chores", self._keep_doing)
        self._chores = chores
        self._backoff = Backoff()

    def step(self) -> float:
        """One piece of each; the seconds to rest before the next step, 0 while there may be more."""
        found, failed = False, False
        for chore in self._chores:
            try:
                found = chore() or found
            except Exception:  # what it needs is away; the others may do without
                _log.exception("chore failed")
                failed = True
        if failed:
            return self._backoff.next()
        return 0 if found else IDLE_SECONDS

    def _keep_doing(self) -> None:
        while not self.stopping.wait(self.step()):
            pass
