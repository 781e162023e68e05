"""The HTTP door of documents: processing, reading, intents and projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.documents.domain.documents import Actor, Document, Note, Order, Step
from services.documents.domain.listing import Selection
from services.documents.domain.projects import Plan, Project
from services.documents.errors import (
    DocumentNotFound,
    EmptyText,
    FileNotFound,
    LimitedToProjects,
    ProjectNotFound,
    StateConflict,
)
from services.documents.ports import Desk
from services.documents.schemas import answers, requests
from services.documents.schemas.values import MAX_EXTERNAL_ID, MAX_TITLE
from services.documents.usecases import intents, processing, projects, reading
from shared.audit.door import audit_routes
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Json, Operation, Routes, Text

routes: Routes[Desk] = Routes("documents").including(audit_routes("documents"))

ACCEPTED = Answer(202)


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as it is shown: with its address and, if asked for, the details of its findings."""

    document: Document
    url: str
    entity_details: Mapping[str, Any] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.document, name)


@routes.post(
    "/v2/documents/process-file",
    Operation(
        scope="documents.write",
        summary="Process a file",
        answer=Answer(202, answers.Accepted),
        body=Json(requests.ProcessFile),
        refusals=(FileNotFound, ProjectNotFound),
        keyed=True,
    ),
)
def process_file(desk: Desk, caller: Caller, body: Order, mark: Mark | None) -> Document:
    """Makes a document of an uploaded file and has it processed in the project. Ask for its state until it is final."""
    return processing.process_file(desk, _actor(caller), body, mark)


@routes.get(
    "/v2/documents",
    Operation(
        scope="documents.read",
        summary="List documents",
        answer=Answer(200, answers.DocumentList),
        query=requests.DocumentsQuery,
    ),
)
def list_documents(desk: Desk, caller: Caller, query: tuple[Selection, Slice]) -> dict[str, Any]:
    """Documents without their entities and checks, those of one moment in the order of their ids."""
    selection, part = query
    selection = replace(selection, documented=caller.documented_states)
    page = reading.list_documents(desk, _actor(caller).reach, selection, part)
    return listed(page.each(lambda document: _shown(desk, _told(caller, document))), part)


@routes.get(
    "/v2/documents/<document_id>",
    Operation(
        scope="documents.read",
        summary="Read a document",
        answer=Answer(200, answers.Document),
        query=requests.DocumentQuery,
        refusals=(DocumentNotFound,),
    ),
)
def show_document(desk: Desk, caller: Caller, document_id: str, query: Mapping[str, bool]) -> Shown:
    """A document with what was read and checked; in review, failed or junk it says why."""
    regions = query["regions"]
    document = reading.get_document(desk, _actor(caller).reach, document_id, with_details=regions)
    return _shown(desk, _told(caller, document), regions)


@routes.get(
    "/v2/documents/<document_id>/states",
    Operation(
        scope="documents.read",
        summary="Read a document's states",
        answer=Answer(200, answers.DocumentState, many=True),
        refusals=(DocumentNotFound,),
    ),
)
def list_states(desk: Desk, caller: Caller, document_id: str) -> tuple[Step, ...]:
    """All states the document came to, the present one last."""
    return _told(caller, reading.get_document(desk, _actor(caller).reach, document_id)).history


@routes.post(
    "/v2/documents/<document_id>/transfer",
    Operation(
        scope="documents.write",
        summary="Report a transfer",
        answer=ACCEPTED,
        body=Json(requests.Transfer),
        refusals=(DocumentNotFound, StateConflict),
        keyed=True,
    ),
)
def report_transfer(desk: Desk, caller: Caller, document_id: str, body: Mapping[str, Any], mark: Mark | None) -> None:
    """Says whether the target system took the document. After a failed transfer another one may be reported."""
    intents.report_transfer(desk, _actor(caller), document_id, body["successful"], body.get("message"), mark)


@routes.post(
    "/v2/documents/<document_id>/reject",
    Operation(
        scope="documents.write",
        summary="Reject a document",
        answer=ACCEPTED,
        body=Json(requests.Rejection, required=False),
        refusals=(DocumentNotFound, StateConflict),
        keyed=True,
    ),
)
def reject_document(desk: Desk, caller: Caller, document_id: str, body: Mapping[str, Any], mark: Mark | None) -> None:
    """Takes the document out of the work. While it is processed, that cancels it: a late result is ignored."""
    intents.reject(desk, _actor(caller), document_id, body.get("message"), mark)


@routes.post(
    "/v2/documents/<document_id>/external-data",
    Operation(
        scope="documents.write",
        summary="Replace a document's external data",
        answer=ACCEPTED,
        body=Json(requests.ExternalPairs),
        refusals=(DocumentNotFound,),
        keyed=True,
    ),
)
def set_external_data(desk: Desk, caller: Caller, document_id: str, body: Note, mark: Mark | None) -> None:
    """Replaces all external data by these flat pairs; `{}` clears them."""
    intents.annotate(desk, _actor(caller), document_id, body, mark)


@routes.post(
    "/v2/documents/<document_id>/external-id",
    Operation(
        scope="documents.write",
        summary="Set a document's external id",
        answer=ACCEPTED,
        body=Text(MAX_EXTERNAL_ID),
        refusals=(EmptyText, DocumentNotFound),
        keyed=True,
    ),
)
def set_external_id(desk: Desk, caller: Caller, document_id: str, body: str, mark: Mark | None) -> None:
    """Sets what the client calls the document. Several documents may be called the same."""
    intents.annotate(desk, _actor(caller), document_id, Note(external_id=_stripped(body)), mark)


@routes.post(
    "/v2/documents/<document_id>/title",
    Operation(
        scope="documents.write",
        summary="Set a document's title",
        answer=ACCEPTED,
        body=Text(MAX_TITLE),
        refusals=(EmptyText, DocumentNotFound),
        keyed=True,
    ),
)
def set_title(desk: Desk, caller: Caller, document_id: str, body: str, mark: Mark | None) -> None:
    """Sets the title, which at first is the file's name."""
    intents.annotate(desk, _actor(caller), document_id, Note(title=_stripped(body)), mark)


@routes.post(
    "/v2/projects",
    Operation(
        scope="projects.write",
        summary="Create a project",
        answer=Answer(201, answers.Project),
        body=Json(requests.ProjectCreate),
        refusals=(LimitedToProjects,),
        keyed=True,
    ),
)
def create_project(desk: Desk, caller: Caller, body: Plan, mark: Mark | None) -> Project:
    """A project says how its documents are processed, and who completes them."""
    return projects.create_project(desk, _actor(caller), body, mark)


@routes.get(
    "/v2/projects",
    Operation(
        scope="projects.read",
        summary="List projects",
        answer=Answer(200, answers.ProjectList),
        query=requests.ProjectsQuery,
    ),
)
def list_projects(desk: Desk, caller: Caller, query: tuple[str, Slice]) -> dict[str, Any]:
    """The company's projects."""
    search, part = query
    return listed(projects.list_projects(desk, _actor(caller).reach, search, part), part)


@routes.get(
    "/v2/projects/<project_id>",
    Operation(
        scope="projects.read",
        summary="Read a project",
        answer=Answer(200, answers.Project),
        refusals=(ProjectNotFound,),
    ),
)
def show_project(desk: Desk, caller: Caller, project_id: str) -> Project:
    """A project with its choices."""
    return projects.get_project(desk, _actor(caller).reach, project_id)


def _actor(caller: Caller) -> Actor:
    origin = caller.origin
    return Actor(
        caller.company_id, caller.client_id, origin.request_id, origin.traceparent, caller.projects, origin.address
    )


def _told(caller: Caller, document: Document) -> Document:
    """The document in the states that the client was made for."""
    return document.documented() if caller.documented_states else document


def _shown(desk: Desk, document: Document, with_details: bool = False) -> Shown:
    findings = document.findings
    details = (findings.details if findings else {}) if with_details else None
    return Shown(document, f"{desk.base_url}/v2/documents/{document.id}", details)


def _stripped(text: str) -> str:
    """The text without blanks around it, e.g. the line end that a shell appends."""
    stripped = text.strip()
    if not stripped:
        raise EmptyText("The body is empty. Send the new text.")
    return stripped
