"""What a process prepares on other servers at its start (indexes, buckets): in the background, until it succeeds.

So a process lives whatever is down, says `ready` only when all is prepared, and needs nobody to restart it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from shared.logs import get_logger

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0

log = get_logger(__name__)


class Preparation:
    """Runs `step`, which must be safe to repeat, in a thread until it returns; `done` tells whether it has."""

    def __init__(self, step: Callable[[], None]) -> None:
        self._step = step
        self._done = threading.Event()
        threading.Thread(target=self._run, name="preparation", daemon=True).start()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Whether it is done after at most so many seconds."""
        return self._done.wait(seconds)

    def _run(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self.done:
            try:
                self._step()
                self._done.set()
            except Exception as fault:  # whatever another server does: say it and try again
                log.warning("not_prepared", reason=str(fault), again_in_seconds=pause)
                threading.Event().wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
