"""Projects and cases between domain and MongoDB."""

from __future__ import annotations

import dataclasses

from mongoengine.queryset.visitor import Q

from services.documents.domain.documents import Case
from services.documents.domain.projects import Completion, Duplicates, Plan, Project
from services.documents.models import CaseRecord, ProjectRecord
from shared.database import cut, timely
from shared.listing import Page, Slice


class MongoCases:
    """The port `Cases`."""

    @timely()
    def add(self, case: Case) -> None:
        CaseRecord._get_collection().insert_one(CaseRecord(**dataclasses.asdict(case)).to_mongo())


class MongoProjects:
    """The port `Projects`."""

    @timely()
    def add(self, project: Project) -> None:
        ProjectRecord._get_collection().insert_one(_project_record(project).to_mongo())

    @timely()
    def find(self, company_id: str, project_id: str) -> Project | None:
        record = ProjectRecord.objects(id=project_id, company_id=company_id).first()
        return _project(record) if record else None

    @timely()
    def page(self, company_id: str, search: str, part: Slice) -> Page[Project]:
        found = ProjectRecord.objects(company_id=company_id)
        if search:
            found = found.filter(Q(name__icontains=search) | Q(id=search))
        records, total = cut(found, part)
        return Page([_project(record) for record in records], total)


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
