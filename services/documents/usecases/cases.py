"""Cases: opened, filled, processed, read and listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.documents.domain.actors import Actor, Reach
from services.documents.domain.cases import MAX_FILES, Case, CaseState
from services.documents.domain.documents import Document, Order
from services.documents.domain.listing import CaseSelection
from services.documents.errors import AlreadyInCase, CaseConflict, CaseNotFound, FileNotFound, Overtaken
from services.documents.ports import Desk
from services.documents.usecases.arriving import Intake, Paper, arrive, find_kept, find_manifest, made_before, new_case
from services.documents.usecases.projects import get_project
from services.documents.usecases.repeating import Keep, MadeBefore, unmarked
from shared.contracts.files import Manifest
from shared.idempotency import Mark
from shared.listing import Page, Slice

TRIES = 50
"""Of those who change an open case at once, one wins each time."""

Taken = tuple[str, Sequence[Document]]
"""The id of a case and the documents that it was taken in with."""


def create_case(desk: Desk, actor: Actor, project_id: str, name: str | None, keep: Keep[Case] = unmarked) -> Case:
    """A new case, open and empty. ProjectNotFound, MadeBefore."""
    case = new_case(desk, actor, get_project(desk, actor.reach, project_id), name)
    if not desk.cases.add(case, keep(case)):
        raise MadeBefore
    return case


def add_files(desk: Desk, actor: Actor, case_id: str, file_ids: Sequence[str], keep: Keep[Case] = unmarked) -> Case:
    """The open case with these files behind those that it has; all of them or none.

    CaseNotFound, CaseConflict, FileNotFound, AlreadyInCase, Overtaken, MadeBefore, KeyReused.
    """
    for _ in range(TRIES):
        before = get_case(desk, actor.reach, case_id)
        now = max(desk.clock(), before.updated_at)
        after = replace(before, file_ids=(*before.file_ids, *file_ids), updated_at=now, updated_by=actor.client_id)
        mark = keep(after)
        if mark and desk.cases.marked(mark):
            raise MadeBefore
        _refuse_unless_open(before)
        _refuse_unless_new(before, file_ids)
        find_manifests(desk, actor, file_ids)
        if desk.cases.put_files(before, after.file_ids, after.updated_by, now, mark):
            return after
    raise Overtaken


def process_case(desk: Desk, actor: Actor, case_id: str, mark: Mark | None = None) -> Taken:
    """Make a document of each file of the open case, in their order.

    CaseNotFound, CaseConflict, FirstTaken, Overtaken, KeyReused.
    """
    for _ in range(TRIES):
        case = get_case(desk, actor.reach, case_id)
        project = get_project(desk, actor.reach, case.project_id)
        if mark and desk.cases.marked(mark):
            return case.id, made_before(desk, project, case.id)
        _refuse_unless_open(case)
        if not case.file_ids:
            raise CaseConflict("The case has no files yet. Add some with POST /v2/cases/{id}/files.")
        papers = [Paper(Order(file_id, project.id), _manifest(desk, case, file_id)) for file_id in case.file_ids]
        own = replace(case, updated_at=max(desk.clock(), case.updated_at), updated_by=actor.client_id)
        try:
            return arrive(desk, actor, Intake(project, own, papers, was_open=True), mark)
        except Overtaken:
            continue
    raise Overtaken


def process_files(
    desk: Desk, actor: Actor, project_id: str, file_ids: Sequence[str], mark: Mark | None = None
) -> Taken:
    """Make a document of each file, in a new case. ProjectNotFound, FileNotFound, FirstTaken, KeyReused."""
    project = get_project(desk, actor.reach, project_id)
    if mark and (earlier := desk.cases.marked(mark)):
        return earlier, made_before(desk, project, earlier)
    manifests = find_manifests(desk, actor, file_ids)
    papers = [Paper(Order(manifest.file_id, project.id), manifest) for manifest in manifests]
    return arrive(desk, actor, Intake(project, new_case(desk, actor, project), papers), mark)


def find_manifests(desk: Desk, actor: Actor, file_ids: Sequence[str]) -> Sequence[Manifest]:
    """What the service files says of these files; FileNotFound, which says of which."""
    found = []
    for place, file_id in enumerate(file_ids):
        try:
            found.append(find_manifest(desk, actor, file_id))
        except FileNotFound:
            raise FileNotFound(place) from None
    return found


def get_case(desk: Desk, reach: Reach, case_id: str) -> Case:
    """The case; CaseNotFound."""
    case = desk.cases.find(reach.company_id, case_id)
    if case is None or not reach.covers(case.project_id):
        raise CaseNotFound
    return case


def documents_of(desk: Desk, reach: Reach, case: Case) -> Sequence[Document]:
    """The documents of the case; those that were routed out of reach are left out."""
    documents = desk.documents.of_case(reach.company_id, case.id)
    return [document for document in documents if reach.covers(document.project_id)]


def list_cases(desk: Desk, reach: Reach, selection: CaseSelection, part: Slice) -> Page[Case]:
    """A part of the cases within reach."""
    if reach.projects is not None:
        wanted = reach.projects.intersection(selection.project_ids or reach.projects)
        if not wanted:
            return Page([], 0)
        selection = replace(selection, project_ids=sorted(wanted))
    return desk.cases.page(reach.company_id, selection, part)


def _manifest(desk: Desk, case: Case, file_id: str) -> Manifest:
    """Of a file that was found when it was put into the case, by whomever."""
    manifest = find_kept(desk, case.company_id, file_id)
    if manifest is None:
        raise CaseConflict(f"The file {file_id} of this case was deleted. Make another case without it.")
    return manifest


def _refuse_unless_open(case: Case) -> None:
    if case.state is not CaseState.OPEN:
        raise CaseConflict(f"The case is {case.state}: its files are processed already. Make another case.")


def _refuse_unless_new(case: Case, file_ids: Sequence[str]) -> None:
    known = frozenset(case.file_ids)
    for place, file_id in enumerate(file_ids):
        if file_id in known:
            raise AlreadyInCase(place)
    if len(known) + len(file_ids) > MAX_FILES:
        raise CaseConflict(f"The case has {len(known)} files, and at most {MAX_FILES}. Make another case for the rest.")
