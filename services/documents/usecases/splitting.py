"""Documents whose file holds several documents: each of these becomes one of its own, in the same case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.documents.domain.actors import Actor
from services.documents.domain.documents import Document, Move, Order
from services.documents.domain.states import State
from services.documents.errors import CaseNotFound, FirstTaken, Overtaken, ResultUnusable
from services.documents.ports import Desk
from services.documents.ports.documents import Change
from services.documents.usecases.announcing import announce
from services.documents.usecases.arriving import TRIES, Paper, commands, draft, find_kept, judged
from services.documents.usecases.processing import awaiting
from services.documents.usecases.projects import get_project
from services.documents.usecases.stepping import note_arrival, note_steps, take_steps
from shared.contracts.documents import MembersDeclined
from shared.contracts.extraction import Split
from shared.contracts.files import Manifest, MembersStored

MOST_NAMED = 10
"""Of what was left aside; the sentence tells how many more there are."""

_LOST = Move(State.FAILED, "processing_failed", "The documents in the file could not be kept. Process the file again.")


def accept_members(desk: Desk, actor: Actor, fact: MembersStored) -> None:
    """Make a document of each file, and let the one that they were found in be split: all at once, and once only.

    They take over its project and external data, and are judged as any that arrive. If it does not wait for them any
    more, because it was cancelled or deleted, their files go. Overtaken, FirstTaken, Unavailable.
    """
    parent = awaiting(desk, actor, fact.document_id, fact.attempt)
    if parent is None:
        _decline(desk, actor, fact)
        return
    kept = [find_kept(desk, actor.company_id, file_id) for file_id in fact.file_ids]
    manifests = [manifest for manifest in kept if manifest]
    if not manifests:
        take_steps(desk, parent, [_LOST], actor)
        return
    if not _split(desk, actor, parent, _list_of(desk, fact), manifests):
        raise Overtaken


def give_up(desk: Desk, actor: Actor, fact: MembersStored) -> None:
    """All attempts are used up: the document fails rather than wait for ever, and the files go."""
    parent = awaiting(desk, actor, fact.document_id, fact.attempt)
    if parent:
        take_steps(desk, parent, [_LOST], actor)
    _decline(desk, actor, fact)


def _split(desk: Desk, actor: Actor, parent: Document, split: Split, manifests: Sequence[Manifest]) -> bool:
    project = get_project(desk, actor.reach, parent.project_id)
    papers = [Paper(Order(each.file_id, project.id, None, parent.external_data), each) for each in manifests]
    drafts = [_child(desk, parent, paper) for paper in papers]
    step = parent.step(Move(State.SPLIT, "split", _sentence(len(drafts), split)), actor.client_id, desk.clock())
    for _ in range(TRIES):
        firsts = desk.documents.firsts(actor.company_id, project.id, {each.sha256 for each in drafts})
        children = list(judged(drafts, project, firsts))
        outgoing = commands(desk, actor, project, zip(children, papers, strict=True))
        try:
            taken = desk.documents.split(parent, [step], Change(mail=split.mail), children, outgoing)
        except FirstTaken:
            continue
        if taken:
            note_steps(desk, parent, actor, [parent.history[-1], step])
            for child in children:
                note_arrival(desk, child, actor)
        return taken
    raise FirstTaken


def _child(desk: Desk, parent: Document, paper: Paper) -> Document:
    case = desk.cases.find(parent.company_id, parent.case_id)
    if case is None:  # it goes with its last document
        raise CaseNotFound
    own = replace(case, project_id=parent.project_id, updated_by=parent.created_by)
    return replace(draft(desk, own, paper), parent_document_id=parent.id)


def _list_of(desk: Desk, fact: MembersStored) -> Split:
    try:
        return desk.results.split(fact.split)
    except ResultUnusable:  # the files are there; what was left aside is not known any more
        return Split(())


def _sentence(count: int, split: Split) -> str:
    named = ", ".join(split.left_aside[:MOST_NAMED])
    more = len(split.left_aside) - MOST_NAMED
    aside = f" Left aside: {named}{f' and {more} more' if more > 0 else ''}." if named else ""
    return f"Split into {count} document{'s' if count > 1 else ''}.{aside}"


def _decline(desk: Desk, actor: Actor, fact: MembersStored) -> None:
    """Those of the files that are no document's: after a split that was done before, none."""
    left = desk.documents.without_document(actor.company_id, fact.file_ids)
    if left:
        now = desk.clock()
        declined = announce(actor, now, MembersDeclined(fact.document_id, left))
        desk.documents.tell(actor.company_id, fact.document_id, declined, now)
