"""The whole lane in one process: every service on fakes, messages over the broker's twin, no socket and no thread."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from flask.testing import FlaskClient

import services.documents.app
import services.documents.handlers
import services.extraction.handlers
import services.files.app
import services.files.handlers
import services.files.usecases.deleting
from services.extraction.ports import Reading
from shared.contracts.extraction import ExtractionResult
from shared.messaging.memory import MemoryBroker
from shared.messaging.outbox import Relay
from tests.support.fakes import extraction
from tests.support.fakes.documents import Office
from tests.support.fakes.files import MemoryTakeovers, desk_over
from tests.support.tokens import authorization, bearer

PDF = b"%PDF-1.7 anything"
READING = Reading(ExtractionResult("invoice", 1, {"number": "R-1"}, {}, ()), b"{}", b"")


class Lane:
    """All services over one object store and one broker; `run` lets everything that waits happen."""

    def __init__(self, redelivery: Literal["3.10", "4.x"] = "4.x") -> None:
        self.office, self.jobs = Office(), extraction.MemoryJobs()
        self.reader = extraction.ScriptedReader(READING)
        self.broker = MemoryBroker(redelivery=redelivery)
        self.takeovers = MemoryTakeovers()
        documents, files = self.office.desk(), desk_over(self.office.store, takeovers=self.takeovers)
        reading = extraction.desk(self.office.store, self.jobs, self.reader)
        self.broker.consume("documents", services.documents.handlers.reactions(documents))
        self.broker.consume("extraction", services.extraction.handlers.reactions(reading))
        self.broker.consume("files", services.files.handlers.reactions(files))
        self._erase = partial(services.files.usecases.deleting.erase_next, files)
        self.give_up_members = partial(services.files.handlers.members_given_up, files)
        self._relays = [
            Relay(
                self.office.documents,
                self.broker.publisher(),
                lambda envelope: services.documents.handlers.message_sent(documents, envelope),
            ),
            Relay(self.jobs, self.broker.publisher()),
            Relay(self.takeovers, self.broker.publisher()),
        ]
        self.files = services.files.app.create_app(files, bearer()).test_client()
        self.documents = services.documents.app.create_app(documents, bearer()).test_client()

    def run(self) -> None:
        while any([relay.step() == 0 for relay in self._relays] + [self.broker.deliver_all() > 0, self._erase()]):
            pass

    def hand_over(self) -> None:
        """Send what documents has to send, and no more."""
        self._relays[0].step()

    def submit(self, more: dict[str, str] | None = None, **plan: str) -> str:
        """Upload and process, with `more` headers; the id of the document."""
        return self.process(self.upload(), self.project(**plan), more)

    def process(self, file_id: str, project_id: str, more: dict[str, str] | None = None) -> str:
        order = {"fileId": file_id, "projectId": project_id}
        return str(self._post(self.documents, "/v2/documents/process-file", order, more)["documentId"])

    def submit_together(self, *contents: bytes, **plan: str) -> dict[str, Any]:
        """Upload these and process them in one case, as it is answered."""
        order = {"fileIds": [self.upload(content) for content in contents], "projectId": self.project(**plan)}
        return self._post(self.documents, "/v2/cases/process-file-batch", order)

    def project(self, **plan: str) -> str:
        chosen = {"name": "Invoices", "completion": "automatic", "duplicates": "allow", **plan}
        return str(self._post(self.documents, "/v2/projects", chosen)["id"])

    def upload(self, content: bytes = PDF, media_type: str = "application/pdf") -> str:
        headers = authorization() | ({"Content-Type": media_type} if media_type else {})
        uploaded = self.files.post("/v2/files", data=content, headers=headers).json
        assert uploaded
        return str(uploaded["id"])

    def document(self, document_id: str) -> dict[str, Any]:
        answer = self.documents.get(f"/v2/documents/{document_id}", headers=authorization())
        assert answer.json
        return dict(answer.json)

    def case(self, case_id: str) -> str:
        """The state of the case."""
        answer = self.documents.get(f"/v2/cases/{case_id}", headers=authorization())
        assert answer.json
        return str(answer.json["state"])

    def states(self, document_id: str) -> list[str]:
        answer = self.documents.get(f"/v2/documents/{document_id}/states", headers=authorization())
        return [entry["state"] for entry in answer.json or []]

    def transfer(self, document_id: str) -> int:
        path = f"/v2/documents/{document_id}/transfer"
        return self.documents.post(path, json={"successful": True}, headers=authorization()).status_code

    def call(self, method: str, path: str) -> int:
        """Ask this of documents; the status of its answer."""
        return self.documents.open(path, method=method, headers=authorization()).status_code

    def _post(
        self, client: FlaskClient, path: str, body: dict[str, Any], more: dict[str, str] | None = None
    ) -> dict[str, Any]:
        answer = client.post(path, json=body, headers=authorization() | (more or {}))
        assert answer.status_code in (201, 202), answer.text
        return dict(answer.json or {})
