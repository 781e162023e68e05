"""Cases between domain and MongoDB."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.documents.domain.cases import Case, CaseState, Tally
from services.documents.domain.listing import CaseSelection
from services.documents.models import CaseRecord
from services.documents.repository.listing import MAX_RANGES
from services.documents.repository.tallies import tally_fields
from shared.database import Record, merged, timely
from shared.database.lists import cut_together
from shared.database.marks import find_answer, find_marked, is_mark_taken, mark_fields, mark_update, unmarked
from shared.idempotency import KeyReused, Mark
from shared.listing import Page, Slice


class MongoCases:
    """The port `Cases`."""

    @timely()
    def add(self, case: Case, mark: Mark | None = None) -> bool:
        try:
            CaseRecord._get_collection().insert_one(case_fields(case, Tally()) | mark_fields(mark))
        except DuplicateKeyError as fault:
            if not is_mark_taken(fault):
                raise
            return False
        return True

    @timely()
    def answer(self, mark: Mark) -> bytes | None:
        return find_answer(CaseRecord._get_collection(), mark)

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
        return cut_together(list(_listings(company_id, selection, part.key)), part, _case)

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


def _listings(company_id: str, selection: CaseSelection, key: str) -> Iterator[Any]:
    """As those of documents (`services.documents.repository.listing`). A case is in exactly one state, so that any
    state is the same as all of them.
    """
    states = list(dict.fromkeys(state.value for state in selection.states or CaseState))
    projects = list(dict.fromkeys(selection.project_ids))
    found = CaseRecord.objects(company_id=company_id, state__in=states).exclude("marks")
    if selection.number is not None:
        found = found.filter(number=selection.number).hint(_index("number"))
        yield found.filter(project_id__in=projects) if projects else found
    elif not projects:
        yield found.hint(_index("state", key, "id"))
    else:
        at_once = MAX_RANGES // len(states)
        for some in (projects[n : n + at_once] for n in range(0, len(projects), at_once)):
            yield found.filter(project_id__in=some).hint(_index("project_id", "state", key, "id"))


def _index(*names: str) -> Sequence[tuple[str, int]]:
    return [(CaseRecord._fields[name].db_field, 1) for name in ("company_id", *names)]


def _case(record: CaseRecord) -> Case:
    plain = {field.name: getattr(record, field.name) for field in dataclasses.fields(Case)}
    return Case(**plain | {"state": CaseState(record.state), "file_ids": tuple(record.file_ids)})
