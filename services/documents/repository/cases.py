"""Cases between domain and MongoDB."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.documents.domain.cases import Case, CaseState, Tally
from services.documents.domain.listing import CaseSelection
from services.documents.models import CaseRecord
from services.documents.repository.tallies import tally_fields
from shared.database import Record, merged, timely
from shared.database.lists import cut
from shared.database.marks import find_marked, is_mark_taken, mark_fields, mark_update, taken_by, unmarked
from shared.idempotency import KeyReused, Mark
from shared.listing import Page, Slice


class MongoCases:
    """The port `Cases`."""

    @timely()
    def add(self, case: Case, mark: Mark | None = None) -> str:
        cases = CaseRecord._get_collection()
        try:
            cases.insert_one(case_fields(case, Tally()) | mark_fields(mark))
        except DuplicateKeyError as fault:
            return str(taken_by(cases, mark, fault))
        return case.id

    @timely()
    def marked(self, mark: Mark) -> str | None:
        found: str | None = find_marked(CaseRecord._get_collection(), mark)
        return found

    @timely()
    def find(self, company_id: str, case_id: str) -> Case | None:
        record = CaseRecord.objects(id=case_id, company_id=company_id).exclude("marks").first()
        return _case(record) if record else None

    @timely()
    def page(self, company_id: str, selection: CaseSelection, part: Slice) -> Page[Case]:
        conditions: dict[str, Any] = {"company_id": company_id}
        if selection.project_ids:
            conditions["project_id__in"] = list(selection.project_ids)
        if selection.states:
            conditions["state__in"] = [state.value for state in selection.states]
        return cut(CaseRecord.objects(**conditions).exclude("marks"), part, _case)

    @timely()
    def put_files(self, before: Case, file_ids: Sequence[str], by: str, at: datetime, mark: Mark | None = None) -> bool:
        change = {"$set": {"fileIds": list(file_ids), "updatedAt": at, "updatedBy": by}}
        cases = CaseRecord._get_collection()
        try:
            updated = cases.update_one(still_open(before) | unmarked(mark), merged(change, mark_update(mark)))
        except DuplicateKeyError as fault:
            if is_mark_taken(fault):  # by another case: of another request, since a path belongs to what is sent
                raise KeyReused from fault
            raise
        return bool(updated.matched_count)


def case_fields(case: Case, tally: Tally) -> Record:
    """The record of a case with this tally."""
    plain = dataclasses.asdict(case) | {"state": case.state.value, "file_ids": list(case.file_ids)}
    record: Record = CaseRecord(**plain, **tally_fields(tally)).to_mongo()
    return record


def still_open(case: Case) -> Record:
    """The condition that the case is what it was: open, with these files."""
    return {
        "_id": case.id,
        "companyId": case.company_id,
        "state": CaseState.OPEN.value,
        "fileIds": list(case.file_ids),
    }


def _case(record: CaseRecord) -> Case:
    plain = {field.name: getattr(record, field.name) for field in dataclasses.fields(Case)}
    return Case(**plain | {"state": CaseState(record.state), "file_ids": tuple(record.file_ids)})
