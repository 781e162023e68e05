"""Projects as the use cases need them kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from services.documents.domain.projects import Project
from shared.idempotency import Mark
from shared.listing import Page, Slice


class Projects(Protocol):
    """Projects."""

    def add(self, project: Project, mark: Mark | None = None) -> str:
        """The id of the project, or with nothing written that of the one that bears the mark already; KeyReused."""
        ...

    def marked(self, mark: Mark) -> str | None:
        """The id of the project that a request with this mark created; KeyReused."""
        ...

    def find(self, company_id: str, project_id: str) -> Project | None: ...

    def page(self, company_id: str, search: str, part: Slice, only: Collection[str] | None = None) -> Page[Project]:
        """A part of the projects, or of `only` those with these ids; with `search`, of those with it in their name (in
        any case) or as their id.
        """
        ...
