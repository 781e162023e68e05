"""Refusals that matter for security, in the audit log: who was turned away, where and why, but no flood of them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from shared.bearer import Caller
from shared.contracts.audit import Entry, Journal
from shared.errors import Refusal
from shared.origin import Origin
from shared.plans import WINDOW_SECONDS

# In a minute, of one address and of all together: what a stranger can have written must not fill a disk.
OF_AN_ADDRESS = 20
OF_ALL = 600
ACTION = "request.denied"


class Denials:
    """Notes refusals of missing, wrong or insufficient credentials."""

    def __init__(self, journal: Journal, now: Callable[[], float] = time.monotonic) -> None:
        self._journal = journal
        self._now = now
        self._counting = threading.Lock()
        self._noted: Counter[str] = Counter()
        self._all = 0
        self._until = 0.0

    def note(self, refusal: Refusal, route: str, caller: Caller | None, origin: Origin) -> None:
        """Have the refusal written, if it is one of those and not one too many. `caller` is who he said he is."""
        if refusal.status not in (401, 403) or not self._may_note(origin.address):
            return
        self._journal.note(
            Entry(
                action=ACTION,
                actor=caller.client_id if caller else "",
                company_id=caller.company_id if caller else "",
                subject=route,
                request_id=origin.request_id,
                address=origin.address,
                detail={"code": refusal.code, "reason": refusal.detail},
            )
        )

    def _may_note(self, address: str) -> bool:
        with self._counting:
            if self._now() >= self._until:
                self._noted.clear()
                self._all = 0
                self._until = self._now() + WINDOW_SECONDS
            if self._noted[address] >= OF_AN_ADDRESS or self._all >= OF_ALL:
                return False
            self._noted[address] += 1
            self._all += 1
            return True
