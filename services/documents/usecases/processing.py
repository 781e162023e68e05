"""The way of a document from arrival to a verdict: taken in, handed over to extraction, and what comes back."""

from __future__ import annotations

from services.documents.domain.actors import Actor, Reach
from services.documents.domain.documents import Case, Document, Findings, Move, Order, Step
from services.documents.domain.projects import Project
from services.documents.domain.states import State
from services.documents.domain.verdict import judge
from services.documents.errors import FileNotFound, ResultUnusable
from services.documents.ports import Desk
from services.documents.usecases.announcing import announce
from services.documents.usecases.projects import get_project
from services.documents.usecases.reading import get_document
from services.documents.usecases.stepping import note_arrival, system, take_step
from shared.contracts.documents import ProcessDocument
from shared.contracts.extraction import DocumentExtracted, DocumentRefused, ExtractionResult
from shared.contracts.files import Manifest
from shared.idempotency import Mark
from shared.ids import is_uuid, new_hex_id, new_uuid7


def process_file(desk: Desk, actor: Actor, order: Order, mark: Mark | None = None) -> Document:
    """Take in a document made of one file, in a case of its own; the one that the same request made before, if it did.

    FileNotFound, ProjectNotFound, KeyReused, Unavailable.
    """
    if mark and (earlier := desk.documents.marked(mark)):
        return get_document(desk, actor.reach, earlier)
    project = get_project(desk, actor.reach, order.project_id)
    manifest = _manifest(desk, actor, order.file_id)
    case = _new_case(desk, actor, project)
    document = _new_document(desk, case, order, manifest)
    command = ProcessDocument(
        document.id, project.id, document.attempt, manifest.blob, manifest.name, project.plan.languages
    )
    kept = desk.documents.add(document, case, announce(actor, document.created_at, command), mark)
    if kept != document.id:
        return get_document(desk, actor.reach, kept)
    note_arrival(desk, document, actor)
    return document


def hand_over(desk: Desk, company_id: str, document_id: str, attempt: int) -> None:
    """The command to process has left: new becomes processing. Without effect when that, or more, has happened."""
    document = desk.documents.find(company_id, document_id)
    if document and document.state is State.NEW and document.attempt == attempt:
        move = Move(State.PROCESSING, "handed_over")
        take_step(desk, document, move, system(company_id))


def accept_result(desk: Desk, company_id: str, fact: DocumentExtracted) -> None:
    """Keep what was read and judge it. A result that cannot be kept fails the document; Unavailable passes through."""
    document = _awaiting(desk, company_id, fact.document_id, fact.attempt)
    if document is None:
        return
    try:
        result = desk.results.read(fact.result)
        project = get_project(desk, Reach(company_id), document.project_id)
        move = judge(result.checks, project.plan.completion)
        take_step(desk, document, move, system(company_id), _findings(result))
    except ResultUnusable as unusable:
        _fail(desk, document, Move(State.FAILED, unusable.reason, unusable.detail))


def accept_refusal(desk: Desk, company_id: str, fact: DocumentRefused) -> None:
    """Extraction cannot read the document: failed or junk, with its code and sentence."""
    document = _awaiting(desk, company_id, fact.document_id, fact.attempt)
    if document:
        state = State.JUNK if fact.outcome == "junk" else State.FAILED
        _fail(desk, document, Move(state, fact.code, fact.message))


def give_up(desk: Desk, company_id: str, fact: DocumentExtracted) -> None:
    """All attempts to take over the result are used up: the document fails rather than wait for ever."""
    document = _awaiting(desk, company_id, fact.document_id, fact.attempt)
    if document:
        sentence = "What was read from the document could not be taken over. Process the file again."
        _fail(desk, document, Move(State.FAILED, "processing_failed", sentence))


def _manifest(desk: Desk, actor: Actor, file_id: str) -> Manifest:
    """What the service files says of the file. A limited client has only files of its own, there and here."""
    manifest = desk.manifests.find(actor.company_id, file_id) if is_uuid(file_id) else None
    if manifest is None or (actor.projects is not None and manifest.created_by != actor.client_id):
        raise FileNotFound
    return manifest


def _new_case(desk: Desk, actor: Actor, project: Project) -> Case:
    return Case(
        id=new_uuid7(),
        company_id=actor.company_id,
        number=desk.numbers.next(actor.company_id, "case"),
        project_id=project.id,
        created_at=desk.clock(),
        created_by=actor.client_id,
    )


def _new_document(desk: Desk, case: Case, order: Order, manifest: Manifest) -> Document:
    now, by = case.created_at, case.created_by
    return Document(
        id=new_hex_id(),
        company_id=case.company_id,
        number=desk.numbers.next(case.company_id, "document"),
        project_id=case.project_id,
        case_id=case.id,
        file_id=manifest.file_id,
        title=manifest.name,
        created_at=now,
        created_by=by,
        updated_at=now,
        updated_by=by,
        history=(Step(State.NEW, now, by, "received", attempt=1),),
        external_id=order.external_id,
        external_data=order.external_data,
    )


def _awaiting(desk: Desk, company_id: str, document_id: str, attempt: int) -> Document | None:
    """The document in processing, if it waits for an answer to this attempt.

    An answer may be faster than the relay that handed the command over; then that step is taken first.
    """
    document = desk.documents.find(company_id, document_id)
    if document and document.state is State.NEW:
        hand_over(desk, company_id, document_id, attempt)
        document = desk.documents.find(company_id, document_id)
    waits = document and document.state is State.PROCESSING and document.attempt == attempt
    return document if waits else None


def _fail(desk: Desk, document: Document, move: Move) -> None:
    take_step(desk, document, move, system(document.company_id))


def _findings(result: ExtractionResult) -> Findings:
    return Findings(result.document_type, result.entities, result.details, result.checks)
