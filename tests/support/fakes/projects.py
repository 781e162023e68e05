"""The port `Projects` in dicts."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence

from services.documents.domain.projects import Project, ProjectSelection
from services.documents.domain.routings import Routing
from shared.idempotency import Mark
from shared.listing import Page, Slice
from tests.support.fakes.lists import cut
from tests.support.fakes.marks import MemoryMarks
from tests.support.fakes.routings import MemoryRoutings


class MemoryProjects:
    """The port `Projects`, and the routings that come with them."""

    def __init__(self) -> None:
        self.projects: dict[str, Project] = {}
        self.routings = MemoryRoutings()
        self._lock = threading.RLock()
        self._marks = MemoryMarks()

    def add(self, project: Project, mark: Mark | None = None) -> bool:
        return self.add_all([project], [], mark)

    def add_all(self, projects: Sequence[Project], routings: Sequence[Routing], mark: Mark | None = None) -> bool:
        with self._lock:
            if self._marks.bearer(mark):
                return False
            self.routings.put(routings)
            self._marks.put(mark, projects[0].id)
            self.projects |= {project.id: project for project in projects}
            return True

    def answer(self, mark: Mark) -> bytes | None:
        with self._lock:
            return self._marks.answer(mark)

    def change(self, before: Project, after: Project) -> bool:
        with self._lock:
            now = self.find(before.company_id, before.id)
            if now is None or now.version != before.version:
                return False
            self.projects[now.id] = after
            return True

    def find(self, company_id: str, project_id: str) -> Project | None:
        project = self.projects.get(project_id)
        return project if project and project.company_id == company_id else None

    def page(self, company_id: str, selection: ProjectSelection, part: Slice) -> Page[Project]:
        found = [
            project if selection.whole else _bare(project)
            for project in self.projects.values()
            if project.company_id == company_id
            and (selection.only is None or project.id in selection.only)
            and (selection.number is None or project.number == selection.number)
            and (selection.search.lower() in project.plan.name.lower() or selection.search == project.id)
        ]
        return cut(found, part)


def _bare(project: Project) -> Project:
    return dataclasses.replace(project, plan=dataclasses.replace(project.plan, schema=None))
