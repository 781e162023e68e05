"""The port `Cases` in a dict."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from datetime import datetime

from services.documents.domain.cases import Case, CaseState
from services.documents.domain.listing import CaseSelection
from shared.idempotency import Mark
from shared.listing import Page, Slice
from tests.support.fakes.lists import cut
from tests.support.fakes.marks import MemoryMarks, bears


class MemoryCases:
    """The port `Cases`, whose tallies MemoryDocuments keeps; `cases` maps ids to cases."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.lock = threading.RLock()
        self.marks = MemoryMarks()

    def add(self, case: Case, mark: Mark | None = None) -> bool:
        with self.lock:
            if self.marks.bearer(mark):
                return False
            self.marks.put(mark, case.id)
            self.cases[case.id] = case
            return True

    def answer(self, mark: Mark) -> bytes | None:
        with self.lock:
            return self.marks.answer(mark)

    def marked(self, mark: Mark | None) -> str | None:
        with self.lock:
            return self.marks.find(mark)

    def find(self, company_id: str, case_id: str) -> Case | None:
        case = self.cases.get(case_id)
        return case if case and case.company_id == company_id else None

    def page(self, company_id: str, selection: CaseSelection, part: Slice) -> Page[Case]:
        found = [
            case
            for case in self.cases.values()
            if case.company_id == company_id
            and (not selection.project_ids or case.project_id in selection.project_ids)
            and (not selection.states or case.state in selection.states)
            and selection.number in (None, case.number)
        ]
        return cut(found, part)

    def put_files(self, before: Case, file_ids: Sequence[str], by: str, at: datetime, mark: Mark | None = None) -> bool:
        with self.lock:
            if not self.still_open(before) or not bears(self.marks, before.id, mark):
                return False
            changed = dataclasses.replace(before, file_ids=tuple(file_ids), updated_at=at, updated_by=by)
            self.cases[before.id] = changed
            return True

    def still_open(self, case: Case) -> bool:
        now = self.find(case.company_id, case.id)
        return now is not None and (now.state, now.file_ids) == (CaseState.OPEN, case.file_ids)
