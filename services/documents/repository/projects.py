"""Projects between domain and MongoDB."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from mongoengine.queryset.visitor import Q
from pymongo.errors import DuplicateKeyError

from services.documents.domain.projects import Completion, Duplicates, Plan, Project
from services.documents.models import ProjectRecord
from shared.database import timely
from shared.database.lists import cut
from shared.database.marks import find_marked, mark_fields, taken_by
from shared.idempotency import Mark
from shared.listing import Page, Slice


class MongoProjects:
    """The port `Projects`."""

    @timely()
    def add(self, project: Project, mark: Mark | None = None) -> str:
        projects = ProjectRecord._get_collection()
        try:
            projects.insert_one(_project_record(project).to_mongo() | mark_fields(mark))
        except DuplicateKeyError as fault:
            return str(taken_by(projects, mark, fault))
        return project.id

    @timely()
    def marked(self, mark: Mark) -> str | None:
        found: str | None = find_marked(ProjectRecord._get_collection(), mark)
        return found

    @timely()
    def find(self, company_id: str, project_id: str) -> Project | None:
        record = ProjectRecord.objects(id=project_id, company_id=company_id).first()
        return _project(record) if record else None

    @timely()
    def page(self, company_id: str, search: str, part: Slice, only: Collection[str] | None = None) -> Page[Project]:
        found = ProjectRecord.objects(company_id=company_id)
        if only is not None:
            found = found.filter(id__in=list(only))
        if search:
            found = found.filter(Q(name__icontains=search) | Q(id=search))
        return cut(found, part, _project)


def _project_record(project: Project) -> ProjectRecord:
    plain = dataclasses.asdict(project)
    plan = plain.pop("plan")
    return ProjectRecord(**plain, **plan)


def _project(record: ProjectRecord) -> Project:
    plan = Plan(
        name=record.name,
        note=record.note,
        completion=Completion(record.completion),
        duplicates=Duplicates(record.duplicates),
        languages=tuple(record.languages),
    )
    return Project(record.id, record.company_id, record.number, plan, record.created_at, record.created_by)
