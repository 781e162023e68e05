"""Who acts on documents, and how far a client reaches."""

from __future__ import annotations

from dataclasses import dataclass

SYSTEM = "system"
"""Who acted where no client did."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a client may see and change: of its company everything, or only these projects and their documents."""

    company_id: str
    projects: frozenset[str] | None = None

    def covers(self, project_id: str) -> bool:
        return self.projects is None or project_id in self.projects


@dataclass(frozen=True, slots=True)
class Actor:
    """The client that acts, its company, the request it acts in, and the only `projects` that it may act on, if so.
    `address` is where the request comes from.
    """

    company_id: str
    client_id: str
    request_id: str
    traceparent: str | None = None
    projects: frozenset[str] | None = None
    address: str = ""

    @property
    def reach(self) -> Reach:
        return Reach(self.company_id, self.projects)
