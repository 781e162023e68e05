"""Routings as the use cases need them kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.documents.domain.routings import Routing
from shared.idempotency import Mark
from shared.listing import Page, Slice


class Routings(Protocol):
    """Routings. Writes of one company wait for each other, so that no two of them close a cycle together."""

    def add(self, routing: Routing, mark: Mark | None = None) -> bool:
        """Keep a new routing; False, with nothing written, when another one bears the mark already.

        RoutingCycle, TooManyRoutings.
        """
        ...

    def answer(self, mark: Mark) -> bytes | None:
        """The answer that was kept with the mark, None when no routing bears it; KeyReused."""
        ...

    def replace(self, routing: Routing) -> None:
        """Put the routing, which must be there, in the place of the one with its id. RoutingCycle."""
        ...

    def find(self, company_id: str, routing_id: str) -> Routing | None: ...

    def page(self, company_id: str, part: Slice, only: frozenset[str] | None = None) -> Page[Routing]:
        """A part of the routings; with `only`, of those between these projects."""
        ...

    def active_from(self, company_id: str, project_id: str) -> Sequence[Routing]:
        """The active routings that lead out of the project; `domain.routings.choose` takes them in any order."""
        ...
