"""Documents, cases and steps as tests of their records need them, and what keeps them."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from services.documents.domain.cases import Case, tally
from services.documents.domain.documents import Document, Step
from services.documents.domain.projects import Plan, Project
from services.documents.domain.routings import Routing, Rule
from services.documents.domain.states import State
from services.documents.ports.cases import Cases
from services.documents.ports.documents import Arrival, Documents
from services.documents.ports.projects import Projects
from services.documents.ports.routings import Routings
from shared.contracts.envelope import Envelope
from shared.ids import new_hex_id, new_uuid
from shared.messaging.outbox import Outbox
from tests.support.fakes.documents import START


@dataclasses.dataclass(frozen=True)
class Records:
    """The ports of documents, and the outbox that a relay empties."""

    documents: Documents
    cases: Cases
    outbox: Outbox


@dataclasses.dataclass(frozen=True)
class Plans:
    """The ports of what says how documents are processed."""

    projects: Projects
    routings: Routings


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
        "file_ids": (new_uuid(),),
        "sha256": "",
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


def case_of(*documents: Document, **members: Any) -> Case:
    """The case that these documents arrive in."""
    first = documents[0]
    given: dict[str, Any] = {
        "id": first.case_id,
        "company_id": first.company_id,
        "number": first.number,
        "project_id": first.project_id,
        "state": tally(*documents).state,
        "created_at": first.created_at,
        "created_by": first.created_by,
        "updated_at": first.created_at,
        "updated_by": first.created_by,
    }
    return Case(**given | members)


def arrival_of(document: Document, *outgoing: Envelope) -> Arrival:
    """The document, in a case of its own, with what leaves with it."""
    return Arrival(case_of(document), [document], {document.id: outgoing})


def project(company: str, plan: Plan | None = None, **members: Any) -> Project:
    given: dict[str, Any] = {
        "id": new_hex_id(),
        "number": next(NUMBERS),
        "plan": plan or Plan("Invoices"),
        "created_at": START,
        "created_by": "client-a",
        "updated_at": START,
        "updated_by": "client-a",
    }
    return Project(company_id=company, **given | members)


def routing(company: str, start: str, end: str, **rule: Any) -> Routing:
    given: dict[str, Any] = {"name": "On", "from_project_id": start, "to_project_id": end, "routing_node": {}}
    return Routing(new_hex_id(), company, Rule(**given | rule), START, "client-a", START, "client-a")
