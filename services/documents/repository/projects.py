"""Projects between domain and MongoDB."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from mongoengine.queryset.visitor import Q
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.documents.domain.projects import (
    Completion,
    Duplicates,
    Engine,
    Members,
    Ocr,
    Plan,
    Project,
    ProjectSelection,
)
from services.documents.domain.routings import Routing
from services.documents.domain.schema import DataPoint, Features, Schema
from services.documents.models import ProjectRecord
from services.documents.repository.routings import insert_records, insert_routings
from shared.database import Record, timely, together
from shared.database.lists import cut
from shared.database.marks import find_answer, is_mark_taken, mark_fields
from shared.idempotency import Mark
from shared.listing import Page, Slice

_LISTS = ("normalization", "synonyms", "examples")


class MongoProjects:
    """The port `Projects`."""

    @timely()
    def add(self, project: Project, mark: Mark | None = None) -> bool:
        try:
            ProjectRecord._get_collection().insert_one(_fields(project) | mark_fields(mark))
        except DuplicateKeyError as fault:
            return _not_kept(fault)
        return True

    @timely()
    def add_all(self, projects: Sequence[Project], routings: Sequence[Routing], mark: Mark | None = None) -> bool:
        records = [_fields(project) for project in projects]
        records[0] |= mark_fields(mark)
        collection = ProjectRecord._get_collection()

        def write(session: ClientSession) -> None:
            insert_records(collection, records, session)
            insert_routings(routings, session)

        try:
            together(collection, write)
        except DuplicateKeyError as fault:
            return _not_kept(fault)
        return True

    @timely()
    def answer(self, mark: Mark) -> bytes | None:
        return find_answer(ProjectRecord._get_collection(), mark)

    @timely()
    def change(self, before: Project, after: Project) -> bool:
        was, will = _fields(before), _fields(after)
        gone = {name: "" for name in was if name not in will}
        update = {"$set": will} | ({"$unset": gone} if gone else {})
        still = {name: was[name] for name in ("_id", "companyId", "version")}
        return bool(ProjectRecord._get_collection().update_one(still, update).matched_count)

    @timely()
    def find(self, company_id: str, project_id: str) -> Project | None:
        record = ProjectRecord.objects(id=project_id, company_id=company_id).exclude("marks").first()
        return _project(record) if record else None

    @timely()
    def page(self, company_id: str, selection: ProjectSelection, part: Slice) -> Page[Project]:
        found = ProjectRecord.objects(company_id=company_id).exclude("marks")
        if not selection.whole:
            found = found.exclude("schema")
        if selection.only is not None:
            found = found.filter(id__in=sorted(selection.only))
        if selection.number is not None:
            found = found.filter(number=selection.number)
        if selection.search:
            found = found.filter(Q(name__icontains=selection.search) | Q(id=selection.search))
        return cut(found, part, _project)


def _not_kept(fault: DuplicateKeyError) -> bool:
    """False when it was the mark that stood in the way; `fault` again when it was something else."""
    if not is_mark_taken(fault):
        raise fault
    return False


def _fields(project: Project) -> Record:
    plain = {field.name: getattr(project, field.name) for field in dataclasses.fields(project)}
    plan: Plan = plain.pop("plan")
    kept = {field.name: getattr(plan, field.name) for field in dataclasses.fields(plan)}
    ocr: Ocr = kept.pop("ocr")
    record: Record = ProjectRecord(
        **plain,
        **kept
        | {
            "ocr_engine": ocr.engine.value,
            "ocr_features": list(ocr.features),
            "ocr_languages": list(ocr.languages or ()),
            "completion": plan.completion.value,
            "duplicates": plan.duplicates.value,
            "members": list(plan.members.members or ()),
            "schema": json.dumps(dataclasses.asdict(plan.schema)) if plan.schema else None,
        },
    ).to_mongo()
    del record["marks"]  # they stay as they are when the rest is changed
    return record


def _project(record: ProjectRecord) -> Project:
    plan = Plan(
        name=record.name,
        note=record.note,
        ocr=Ocr(Engine(record.ocr_engine), tuple(record.ocr_features), tuple(record.ocr_languages) or None),
        extraction_model_id=record.extraction_model_id,
        completion=Completion(record.completion),
        duplicates=Duplicates(record.duplicates),
        members=Members(tuple(record.members) or None),
        retention_days=record.retention_days,
        is_live=record.is_live,
        schema=_schema(json.loads(record.schema)) if record.schema else None,
    )
    return Project(
        id=record.id,
        company_id=record.company_id,
        number=record.number,
        plan=plan,
        created_at=record.created_at,
        created_by=record.created_by,
        updated_at=record.updated_at,
        updated_by=record.updated_by,
        version=record.version,
    )


def _schema(plain: dict[str, Any]) -> Schema:
    points = tuple(map(_data_point, plain["data_points"]))
    return Schema(**plain | {"data_points": points, "features": Features(**plain["features"])})


def _data_point(plain: dict[str, Any]) -> DataPoint:
    tuples = {name: tuple(plain[name]) for name in _LISTS}
    return DataPoint(**plain | tuples)
