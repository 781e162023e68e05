"""A client of documents, over HTTP in one process, with the fakes behind it in reach."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.documents.app import create_app
from services.documents.ports import Desk
from services.documents.usecases import processing
from services.documents.usecases.stepping import system
from shared.contracts.extraction import Check
from shared.ids import new_uuid
from tests.support.fakes.documents import Office, result_with
from tests.support.tokens import COMPANY, OTHER_COMPANY, authorization, bearer

MINE, THEIRS = authorization(), authorization(OTHER_COMPANY)


class DocumentsClient:
    """A client of one company over a desk of fakes."""

    def __init__(self) -> None:
        self.office = Office()
        self.desk: Desk = self.office.desk()
        self.http: FlaskClient = create_app(self.desk, bearer()).test_client()

    def get(self, path: str, headers: dict[str, str] = MINE) -> TestResponse:
        return self.http.get(path, headers=headers)

    def post(self, path: str, body: Any, headers: dict[str, str] = MINE) -> TestResponse:
        data = json.dumps(body)  # Flask's own would sort the members
        return self.http.post(path, data=data, headers={"Content-Type": "application/json", **headers})

    def put(self, path: str, body: Any, headers: dict[str, str] = MINE) -> TestResponse:
        return self.http.put(path, json=body, headers=headers)

    def project(self, headers: dict[str, str] = MINE, **plan: Any) -> str:
        given = {"name": "Invoices", "completion": "automatic", "duplicates": "allow", **plan}
        answer = self.post("/v2/projects", given, headers)
        assert answer.status_code == 201, answer.text
        return str(member(answer, "id"))

    def process(self, project_id: str | None = None, **members: Any) -> str:
        file_id = new_uuid()
        self.office.upload(COMPANY, file_id)
        order = {"fileId": file_id, "projectId": project_id or self.project(), **members}
        answer = self.post("/v2/documents/process-file", order)
        assert answer.status_code == 202, answer.text
        return str(member(answer, "documentId"))

    def upload(self, content: str = "", by: str = "client-a") -> str:
        return self.office.upload(COMPANY, new_uuid(), by, content).file_id

    def open_case(self, *file_ids: str, project_id: str | None = None) -> str:
        """The id of an open case with these files."""
        answer = self.post("/v2/cases", {"projectId": project_id or self.project()})
        assert answer.status_code == 201, answer.text
        case_id = str(member(answer, "id"))
        if file_ids:
            filled = self.post(f"/v2/cases/{case_id}/files", {"fileIds": list(file_ids)})
            assert filled.status_code == 200, filled.text
        return case_id

    def case(self, case_id: str, headers: dict[str, str] = MINE) -> dict[str, Any]:
        answer = self.get(f"/v2/cases/{case_id}", headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    def settle(self, document_id: str, *checks: Check, **entities: Any) -> None:
        document = self.office.documents.documents[document_id]
        fact = self.office.read(document, result_with(*checks, **entities), document.attempt)
        processing.accept_result(self.desk, system(COMPANY), fact)

    def document(self, document_id: str, query: str = "") -> dict[str, Any]:
        answer = self.get(f"/v2/documents/{document_id}{query}")
        assert answer.status_code == 200
        return dict(answer.json or {})


def member(answer: TestResponse, name: str) -> Any:
    assert answer.json is not None
    return answer.json[name]


def keyed(key: str = "k-1", headers: dict[str, str] = MINE) -> dict[str, str]:
    return {**headers, "Idempotency-Key": key}
