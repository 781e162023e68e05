"""Projects as the use cases need them kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.documents.domain.projects import Project, ProjectSelection
from services.documents.domain.routings import Routing
from shared.idempotency import Mark
from shared.listing import Page, Slice


class Projects(Protocol):
    """Projects."""

    def add(self, project: Project, mark: Mark | None = None) -> bool:
        """Keep a new project; False, with nothing written, when another one bears the mark already."""
        ...

    def add_all(self, projects: Sequence[Project], routings: Sequence[Routing], mark: Mark | None = None) -> bool:
        """Keep new projects and new routings, all or nothing; the first project bears the mark. False as above.

        RoutingCycle, TooManyRoutings.
        """
        ...

    def answer(self, mark: Mark) -> bytes | None:
        """The answer that was kept with the mark, None when no project bears it; KeyReused."""
        ...

    def change(self, before: Project, after: Project) -> bool:
        """Make `after` of the project in one write, if it still is what it was `before`; False when it is not."""
        ...

    def find(self, company_id: str, project_id: str) -> Project | None: ...

    def page(self, company_id: str, selection: ProjectSelection, part: Slice) -> Page[Project]: ...
