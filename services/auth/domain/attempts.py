"""How often somebody may guess at a secret (S-08)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

MAX_FAILURES = 20
WINDOW_SECONDS = 60.0
PAUSE_SECONDS = 30.0
# Whoever is known beyond this many is forgotten, the oldest first.
MAX_KNOWN = 20_000


@dataclass(slots=True)
class _Record:
    ends: float
    failures: int = 0
    paused: bool = False


class Attempts:
    """Counts failures per claimed client and address, in memory. Moments are in seconds of any steady clock."""

    def __init__(self) -> None:
        self._records: OrderedDict[tuple[str, str], _Record] = OrderedDict()
        self._lock = threading.Lock()

    def fail(self, client_id: str, address: str, now: float) -> float:
        """Count a failure; 0 when it may be told as one, else the seconds for which nothing more is told."""
        key = client_id, address
        with self._lock:
            record = self._records.get(key)
            if record is None or now >= record.ends:
                record = self._begin(key, now)
            record.failures += 1
            if record.failures > MAX_FAILURES and not record.paused:
                record.paused, record.ends = True, now + PAUSE_SECONDS
            return record.ends - now if record.paused else 0.0

    def _begin(self, key: tuple[str, str], now: float) -> _Record:
        record = self._records[key] = _Record(now + WINDOW_SECONDS)
        self._records.move_to_end(key)
        if len(self._records) > MAX_KNOWN:
            self._records.popitem(last=False)
        return record
