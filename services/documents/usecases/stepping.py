"""Steps of documents, each written down in the audit log once it is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from services.documents.domain.actors import SYSTEM, Actor
from services.documents.domain.documents import Document, Move, Step
from services.documents.ports import Desk
from services.documents.ports.documents import NOTHING_MORE, Change
from shared.contracts.audit import Entry
from shared.idempotency import Mark


def take_steps(
    desk: Desk,
    document: Document,
    moves: Sequence[Move],
    actor: Actor,
    change: Change = NOTHING_MORE,
    mark: Mark | None = None,
) -> bool:
    """Whether the document still was what it is here, and went where the moves lead, one after the other.

    StateConflict, and what `Documents.advance` raises.
    """
    now = desk.clock()
    steps: list[Step] = []
    for move in moves:
        so_far = document.after(steps) if steps else document
        steps.append(so_far.step(move, actor.client_id, now))
    taken = desk.documents.advance(document, steps, change, mark)
    if taken:
        note_steps(desk, document, actor, [document.history[-1], *steps])
    return taken


def note_arrival(desk: Desk, document: Document, actor: Actor) -> None:
    """Write down that the document was taken in, and what became of it at once."""
    first, *_ = document.history
    desk.journal.note(_entry(document, actor, {"to": first.state.value, "file": document.file_id}))
    note_steps(desk, document, actor, document.history)


def note_deletion(desk: Desk, document: Document, actor: Actor) -> None:
    """Write down that the document was deleted."""
    entry = _entry(document, actor, {"from": document.state.value, "file": document.file_id})
    desk.journal.note(replace(entry, action="document.deleted"))


def system(company_id: str, request_id: str = "", traceparent: str | None = None) -> Actor:
    """Who acts where no client does, because of the request of this id."""
    return Actor(company_id, SYSTEM, request_id, traceparent)


def note_steps(desk: Desk, document: Document, actor: Actor, way: Sequence[Step]) -> None:
    """Write down each step from the one before it on this way."""
    for before, step in pairwise(way):
        detail = {"from": before.state.value, "to": step.state.value, "reason": step.reason}
        desk.journal.note(_entry(document, actor, detail))


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
