"""The gateway's counters in a dict, and its edge over services that are only pretended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from gateway.forward.denials import Denials
from gateway.forward.door import Edge
from gateway.forward.guard import Guard
from gateway.forward.keys import KeyRing, Pass
from gateway.forward.upstream import Upstream
from gateway.limits.counters import Away, Taken
from gateway.limits.meter import Meter
from gateway.limits.quotas import Quotas
from gateway.mock import Mock
from gateway.routes import Table
from shared.bearer import Bearer
from shared.errors import Unauthenticated
from shared.origin import Origin
from shared.plans import WINDOW_SECONDS, read_plans
from tests.support.fakes.audit import MemoryJournal
from tests.support.tokens import bearer

PLANS = read_plans("default=100/10 anonymous=50/50 small=3/2")


class MemoryCounters:
    """Fixed windows by the clock `now`; `down` makes them be away. `asked` remembers what was taken."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._windows: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self.asked: list[tuple[str, int]] = []
        self.down = False

    def take(self, key: str, amount: int) -> Taken:
        with self._lock:
            self.asked.append((key, amount))
            if self.down:
                raise Away("down")
            count, ends = self._windows.get(key, (0, 0.0))
            if ends <= self._now():
                count, ends = 0, self._now() + WINDOW_SECONDS
            self._windows[key] = (count + amount, ends)
            return Taken(count + amount, ends - self._now())


def no_keys(_: str, __: Origin) -> Pass:
    """An auth that knows no API key."""
    raise Unauthenticated("The API key is not valid.")


def edge(
    document: Mapping[str, Any],
    services: Mapping[str, Any],
    checks: Bearer | None = None,
    exchange: Callable[[str, Origin], Pass] = no_keys,
    journal: MemoryJournal | None = None,
) -> Edge:
    """An edge with quotas of `PLANS`, a clock that stands, and services that may only be pretended."""
    upstreams: Mapping[str, Upstream] = services
    return Edge(
        Table(document),
        Guard(checks or bearer(), KeyRing(exchange)),
        Meter(Quotas(MemoryCounters(lambda: 0.0), now=lambda: 0.0), PLANS),
        Denials(journal or MemoryJournal()),
        upstreams,
        Mock(document),
    )
