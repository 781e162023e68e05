"""Documents, cases and steps as tests of their records need them, and what keeps them."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from services.documents.domain.documents import Case, Document, Step
from services.documents.domain.states import State
from services.documents.ports.documents import Documents
from services.documents.ports.projects import Projects
from shared.ids import new_hex_id, new_uuid
from shared.messaging.outbox import Outbox
from tests.support.fakes.documents import START


@dataclasses.dataclass(frozen=True)
class Records:
    """The ports of documents, and the outbox that a relay empties."""

    documents: Documents
    projects: Projects
    outbox: Outbox


NUMBERS = iter(range(1, 100_000))


def document(company: str, *states: State, **members: Any) -> Document:
    moments = [START + timedelta(milliseconds=n) for n in range(len(states) + 1)]
    steps = [
        Step(s, at, "client-a", "because", 1, "Words.") for s, at in zip((State.NEW, *states), moments, strict=True)
    ]
    given: dict[str, Any] = {
        "id": new_hex_id(),
        "number": next(NUMBERS),
        "project_id": "c" * 24,
        "case_id": new_uuid(),
        "file_id": new_uuid(),
        "title": "Rechnung März.pdf",
        "created_at": START,
        "created_by": "client-a",
        "updated_at": START,
        "updated_by": "client-a",
        "history": tuple(steps),
        "version": len(steps),
    }
    return Document(company_id=company, **given | members)


def step_to(state: State, seconds: int = 60) -> Step:
    return Step(state, START + timedelta(seconds=seconds), "client-b", "because", 1)


def case_of(document: Document) -> Case:
    """The case that the document opens."""
    return Case(
        document.case_id,
        document.company_id,
        document.number,
        document.project_id,
        document.created_at,
        document.created_by,
    )
