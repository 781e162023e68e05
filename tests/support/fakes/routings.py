"""The port `Routings` in dicts."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from services.documents.domain.routings import MAX_ROUTINGS, Routing, refuse_unfit
from services.documents.errors import TooManyRoutings
from shared.idempotency import Mark
from shared.listing import Page, Slice
from tests.support.fakes.lists import cut
from tests.support.fakes.marks import MemoryMarks


class MemoryRoutings:
    """The port `Routings`."""

    def __init__(self) -> None:
        self.routings: dict[str, Routing] = {}
        self._lock = threading.RLock()
        self._marks = MemoryMarks()

    def add(self, routing: Routing, mark: Mark | None = None) -> bool:
        with self._lock:
            if self._marks.bearer(mark):
                return False
            self.put([routing])
            self._marks.put(mark, routing.id)
            return True

    def put(self, routings: Sequence[Routing]) -> None:
        """Keep all of these; nothing when they do not fit with the others."""
        with self._lock:
            put = self.routings | {routing.id: routing for routing in routings}
            for company_id in {routing.company_id for routing in routings}:
                rules = [routing.rule for routing in put.values() if routing.company_id == company_id]
                if len(rules) > MAX_ROUTINGS:
                    raise TooManyRoutings(MAX_ROUTINGS)
                refuse_unfit((rule.from_project_id, rule.to_project_id) for rule in rules if rule.active)
            self.routings = put

    def answer(self, mark: Mark) -> bytes | None:
        with self._lock:
            return self._marks.answer(mark)

    def replace(self, routing: Routing) -> None:
        self.put([routing])

    def find(self, company_id: str, routing_id: str) -> Routing | None:
        routing = self.routings.get(routing_id)
        return routing if routing and routing.company_id == company_id else None

    def page(self, company_id: str, part: Slice, only: frozenset[str] | None = None) -> Page[Routing]:
        own = [routing for routing in self.routings.values() if routing.company_id == company_id]
        return cut((each for each in own if only is None or _ends(each) <= only), part)

    def active_from(self, company_id: str, project_id: str) -> Sequence[Routing]:
        return [
            routing
            for routing in self.routings.values()
            if routing.company_id == company_id and routing.rule.from_project_id == project_id and routing.rule.active
        ]


def _ends(routing: Routing) -> frozenset[str]:
    return frozenset((routing.rule.from_project_id, routing.rule.to_project_id))
