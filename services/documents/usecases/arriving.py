"""Documents that arrive: made of files, in a case, and sent to be read unless the project wants no duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.documents.domain.actors import Actor
from services.documents.domain.builtin import BUILT_IN
from services.documents.domain.cases import Case, CaseState, tally
from services.documents.domain.documents import Document, Move, Order, Step
from services.documents.domain.projects import Duplicates, Project
from services.documents.domain.states import State
from services.documents.errors import DocumentNotFound, FileNotFound, FirstTaken, Overtaken
from services.documents.ports import Desk
from services.documents.ports.documents import Arrival
from services.documents.usecases.announcing import announce
from services.documents.usecases.projects import get_project
from services.documents.usecases.stepping import note_arrival
from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope
from shared.contracts.files import Manifest
from shared.idempotency import Mark
from shared.ids import is_uuid, new_hex_id, new_uuid7

TRIES = 5
"""How often an arrival may lose the race to be the first with its bytes; the second time it knows who won."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that becomes a document, as its order wants it."""

    order: Order
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Intake:
    """What becomes the documents of a case: of a new one, or of one that was open until now."""

    project: Project
    case: Case
    papers: Sequence[Paper]
    was_open: bool = False


def process_file(desk: Desk, actor: Actor, order: Order, mark: Mark | None = None) -> Document:
    """Take in a document made of one file, in a case of its own; the one that the same request made before, if it did.

    FileNotFound, ProjectNotFound, FirstTaken, KeyReused, Unavailable.
    """
    project = get_project(desk, actor.reach, order.project_id)
    if mark and (earlier := desk.cases.marked(mark)):
        return _only_one(made_before(desk, project, earlier))
    papers = [Paper(order, find_manifest(desk, actor, order.file_id))]
    _, documents = arrive(desk, actor, Intake(project, new_case(desk, actor, project), papers), mark)
    return _only_one(documents)


def made_before(desk: Desk, project: Project, case_id: str) -> Sequence[Document]:
    """The documents that came into the case, of the project that they came into: routings may have moved them since."""
    documents = desk.documents.of_case(project.company_id, case_id)
    return [replace(document, project_id=project.id) for document in documents]


def find_manifest(desk: Desk, actor: Actor, file_id: str) -> Manifest:
    """What the service files says of the file; FileNotFound. A limited client has only files of its own, there and
    here.
    """
    manifest = find_kept(desk, actor.company_id, file_id) if is_uuid(file_id) else None
    if manifest is None or (actor.projects is not None and manifest.created_by != actor.client_id):
        raise FileNotFound
    return manifest


def find_kept(desk: Desk, company_id: str, file_id: str) -> Manifest | None:
    """The same, whoever asks; None also for a file that goes because its document was deleted."""
    manifest = desk.manifests.find(company_id, file_id)
    return None if manifest is None or desk.documents.is_erased(company_id, file_id) else manifest


def new_case(desk: Desk, actor: Actor, project: Project, name: str | None = None) -> Case:
    """An open case of the project."""
    now = desk.clock()
    return Case(
        id=new_uuid7(),
        company_id=actor.company_id,
        number=desk.numbers.next(actor.company_id, "case"),
        project_id=project.id,
        state=CaseState.OPEN,
        created_at=now,
        created_by=actor.client_id,
        updated_at=now,
        updated_by=actor.client_id,
        name=name,
    )


def arrive(desk: Desk, actor: Actor, intake: Intake, mark: Mark | None = None) -> tuple[str, Sequence[Document]]:
    """Take in a document for each paper. The id of their case, and the documents; those of another case when the same
    request made them before. Overtaken when the case is not what it was, FirstTaken when others were always faster.
    """
    case, project = intake.case, intake.project
    drafts = [draft(desk, case, paper) for paper in intake.papers]
    hashes = {each.sha256 for each in drafts}
    for _ in range(TRIES):
        documents = list(judged(drafts, project, desk.documents.firsts(case.company_id, project.id, hashes)))
        closed = replace(case, state=tally(*documents).state)
        outgoing = commands(desk, actor, project, zip(documents, intake.papers, strict=True))
        try:
            kept = desk.documents.add(Arrival(closed, documents, outgoing, intake.was_open), mark)
        except FirstTaken:
            continue
        if kept is None:
            raise Overtaken
        if kept != case.id:
            return kept, made_before(desk, project, kept)
        for document in documents:
            note_arrival(desk, document, actor)
        return kept, documents
    raise FirstTaken


def command_for(desk: Desk, document: Document, project: Project, manifest: Manifest) -> ProcessDocument:
    """What has the document read, in the attempt that it is in. Unavailable."""
    plan = project.plan
    own = plan.schema.wanted if plan.schema else BUILT_IN.wanted
    fields = None if own == BUILT_IN.wanted else desk.field_lists.keep(project.company_id, own)
    return ProcessDocument(
        *(document.id, project.id, document.attempt, manifest.blob, manifest.name, plan.languages, fields),
        file_id=manifest.file_id,
        nested=document.parent_document_id is not None,
    )


def commands(
    desk: Desk, actor: Actor, project: Project, arrived: Iterable[tuple[Document, Paper]]
) -> Mapping[str, Sequence[Envelope]]:
    """By their ids, what has those documents read that are to be."""
    return {
        document.id: announce(actor, document.created_at, command_for(desk, document, project, paper.manifest))
        for document, paper in arrived
        if document.state is State.NEW
    }


def judged(drafts: Sequence[Document], project: Project, firsts: Mapping[str, str]) -> Iterable[Document]:
    """The documents as the project wants duplicates: of those already there, and of each other."""
    known = dict(firsts)
    for each in drafts:
        first = known.setdefault(each.sha256, each.id)
        if first == each.id:
            yield replace(each, first_in=project.id)
        elif project.plan.duplicates is Duplicates.ALLOW:
            yield each
        elif project.plan.duplicates is Duplicates.LINK:
            yield replace(each, duplicate_of=first)
        else:
            yield _failed(replace(each, duplicate_of=first))


def _failed(duplicate: Document) -> Document:
    """The duplicate as the documented state machine refuses it, with nothing sent to be read."""
    sentence = (
        f"The same file was processed in this project before, as document {duplicate.duplicate_of}. "
        "Work on that one; or reprocess this one if both are wanted."
    )
    for move in (Move(State.PROCESSING, "received"), Move(State.FAILED, "duplicate", sentence)):
        duplicate = duplicate.after([duplicate.step(move, duplicate.created_by, duplicate.created_at)])
    return duplicate


def draft(desk: Desk, case: Case, paper: Paper) -> Document:
    """The document that the paper becomes in the case, in the case's project."""
    now, by, order, manifest = desk.clock(), case.updated_by, paper.order, paper.manifest
    return Document(
        id=new_hex_id(),
        company_id=case.company_id,
        number=desk.numbers.next(case.company_id, "document"),
        project_id=case.project_id,
        case_id=case.id,
        file_ids=(manifest.file_id,),
        sha256=manifest.blob.sha256,
        title=manifest.name,
        created_at=now,
        created_by=by,
        updated_at=now,
        updated_by=by,
        history=(Step(State.NEW, now, by, "received", attempt=1),),
        external_id=order.external_id,
        external_data=order.external_data,
    )


def _only_one(documents: Sequence[Document]) -> Document:
    """The document of a case that one file made; DocumentNotFound once it was deleted."""
    if not documents:
        raise DocumentNotFound
    return documents[0]
