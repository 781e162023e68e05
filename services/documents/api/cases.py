"""Cases: files that arrive together, and the documents that they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from services.documents.api.actors import actor_of
from services.documents.api.making import made_once
from services.documents.api.showing import told
from services.documents.domain.cases import Case, CaseState
from services.documents.domain.documents import Document
from services.documents.domain.listing import CaseSelection
from services.documents.errors import (
    AlreadyInCase,
    CaseConflict,
    CaseNotFound,
    FileNotFound,
    FirstTaken,
    Overtaken,
    ProjectNotFound,
)
from services.documents.ports import Desk
from services.documents.schemas import cases as schemas
from services.documents.usecases import cases
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Json, Lead, Operation, Routes

routes: Routes[Desk] = Routes("documents")

CREATED = Answer(
    201,
    schemas.Case,
    leads=tuple(Lead(operation, {"case_id": "id"}) for operation in ("show_case", "add_files", "process_case")),
)
FILLED = Answer(200, schemas.Case, leads=(Lead("process_case", {"case_id": "id"}),))
ACCEPTED = Answer(202, schemas.AcceptedCase, leads=(Lead("show_case", {"case_id": "caseId"}),))


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as it is shown, with its number and documents where they are asked for."""

    case: Case
    number: int | None = None
    documents: Sequence[Document] | None = None

    @property
    def file_ids(self) -> Sequence[str] | None:
        """Later on, the documents tell."""
        return self.case.file_ids if self.case.state is CaseState.OPEN else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.case, name)


def _with_number(case: Case) -> Shown:
    return Shown(case, case.number)


@routes.post(
    "/v2/cases",
    Operation(
        scope="documents.write",
        summary="Open a case",
        answer=CREATED,
        body=Json(schemas.CaseCreate),
        refusals=(ProjectNotFound,),
        keyed=True,
    ),
)
def create_case(desk: Desk, caller: Caller, body: Mapping[str, Any], mark: Mark | None) -> Response:
    """Opens a case for files that come one after the other. Put them into it, then have it processed."""
    by, project_id, name = actor_of(caller), body["project_id"], body.get("name")
    return made_once(
        desk.cases.answer, mark, CREATED, lambda keep: cases.create_case(desk, by, project_id, name, keep), Shown
    )


@routes.get(
    "/v2/cases",
    Operation(
        scope="documents.read",
        summary="List cases",
        answer=Answer(200, schemas.CaseList),
        query=schemas.CasesQuery,
    ),
)
def list_cases(desk: Desk, caller: Caller, query: tuple[CaseSelection, Slice, bool]) -> dict[str, Any]:
    """Cases without their documents."""
    selection, part, with_number = query
    page = cases.list_cases(desk, actor_of(caller).reach, selection, part)
    return listed(page.each(_with_number if with_number else Shown), part)


@routes.post(
    "/v2/cases/process-file-batch",
    Operation(
        scope="documents.write",
        summary="Process files together",
        answer=ACCEPTED,
        body=Json(schemas.ProcessFiles),
        refusals=(FileNotFound, ProjectNotFound, FirstTaken),
        keyed=True,
    ),
)
def process_file_batch(desk: Desk, caller: Caller, body: Mapping[str, Any], mark: Mark | None) -> dict[str, Any]:
    """Makes a document of each uploaded file, all of them or none, and a case that tells when they are done."""
    return _accepted(cases.process_files(desk, actor_of(caller), body["project_id"], body["file_ids"], mark))


@routes.get(
    "/v2/cases/<case_id>",
    Operation(
        scope="documents.read",
        summary="Read a case",
        answer=Answer(200, schemas.WholeCase),
        query=schemas.CaseQuery,
        refusals=(CaseNotFound,),
    ),
)
def show_case(desk: Desk, caller: Caller, case_id: str, query: Mapping[str, Any]) -> Shown:
    """A case with its documents and their states."""
    reach = actor_of(caller).reach
    case = cases.get_case(desk, reach, case_id)
    documents = [told(caller, document) for document in cases.documents_of(desk, reach, case)]
    return Shown(case, case.number if "number" in query["include"] else None, documents)


@routes.post(
    "/v2/cases/<case_id>/files",
    Operation(
        scope="documents.write",
        summary="Put files into an open case",
        answer=FILLED,
        body=Json(schemas.CaseFiles),
        refusals=(CaseNotFound, FileNotFound, AlreadyInCase, CaseConflict, Overtaken),
        keyed=True,
    ),
)
def add_files(desk: Desk, caller: Caller, case_id: str, body: Mapping[str, Any], mark: Mark | None) -> Response:
    """Puts uploaded files behind those that the case has, all of them or none. A case has at most 100."""
    by, file_ids = actor_of(caller), body["file_ids"]
    return made_once(
        desk.cases.answer, mark, FILLED, lambda keep: cases.add_files(desk, by, case_id, file_ids, keep), Shown
    )


@routes.post(
    "/v2/cases/<case_id>/process",
    Operation(
        scope="documents.write",
        summary="Process an open case",
        answer=ACCEPTED,
        refusals=(CaseNotFound, CaseConflict, FirstTaken, Overtaken),
        keyed=True,
    ),
)
def process_case(desk: Desk, caller: Caller, case_id: str, mark: Mark | None) -> dict[str, Any]:
    """Makes a document of each file of the case, which takes no more files from then on."""
    return _accepted(cases.process_case(desk, actor_of(caller), case_id, mark))


def _accepted(taken: cases.Taken) -> dict[str, Any]:
    case_id, documents = taken
    return {"case_id": case_id, "documents": documents}
