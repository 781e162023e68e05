"""Cases as the use cases need them kept. Documents come into them, and move them on, by the port `Documents`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.documents.domain.cases import Case
from services.documents.domain.listing import CaseSelection
from shared.idempotency import Mark
from shared.listing import Page, Slice


class Cases(Protocol):
    """Cases."""

    def add(self, case: Case, mark: Mark | None = None) -> bool:
        """Keep a new, open case; False, with nothing written, when another one bears the mark already."""
        ...

    def answer(self, mark: Mark) -> bytes | None:
        """The answer that was kept with the mark, None when no case bears it; KeyReused."""
        ...

    def marked(self, mark: Mark) -> str | None:
        """The id of the case that a request with this mark created or changed; KeyReused."""
        ...

    def find(self, company_id: str, case_id: str) -> Case | None: ...

    def page(self, company_id: str, selection: CaseSelection, part: Slice) -> Page[Case]: ...

    def put_files(self, before: Case, file_ids: Sequence[str], by: str, at: datetime, mark: Mark | None = None) -> bool:
        """Let the case, if it still is what it was `before`, be processed with these files; False when it is not, or
        when it bears the mark already; KeyReused when another does.
        """
        ...
