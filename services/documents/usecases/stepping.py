"""Steps of documents, each written down in the audit log once it is taken."""

from __future__ import annotations

from collections.abc import Mapping

from services.documents.domain.actors import SYSTEM, Actor
from services.documents.domain.documents import Document, Findings, Move
from services.documents.ports import Desk
from shared.contracts.audit import Entry
from shared.idempotency import Mark


def take_step(
    desk: Desk,
    document: Document,
    move: Move,
    actor: Actor,
    findings: Findings | None = None,
    mark: Mark | None = None,
) -> bool:
    """Whether the document still was what it is here, and went where the move leads. StateConflict, and what
    `Documents.advance` raises.
    """
    step = document.step(move, actor.client_id, desk.clock())
    taken = desk.documents.advance(document, step, findings, mark=mark)
    if taken:
        way = {"from": document.state.value, "to": move.state.value, "reason": move.reason}
        desk.journal.note(_entry(document, actor, way))
    return taken


def note_arrival(desk: Desk, document: Document, actor: Actor) -> None:
    """Write down that the document was taken in."""
    desk.journal.note(_entry(document, actor, {"to": document.state.value, "file": document.file_id}))


def system(company_id: str) -> Actor:
    """Who acts where no client does."""
    return Actor(company_id, SYSTEM, "")


def _entry(document: Document, actor: Actor, detail: Mapping[str, str]) -> Entry:
    return Entry(
        action="document.state-changed",
        actor=actor.client_id,
        company_id=document.company_id,
        subject=document.id,
        request_id=actor.request_id,
        address=actor.address,
        detail=detail,
    )
