"""What documents writes into the audit log: each arrival and each step that was taken, by whom."""

from __future__ import annotations

import pytest

from services.documents.domain.actors import Actor
from services.documents.domain.documents import Document, Order
from services.documents.domain.projects import Completion, Plan
from services.documents.errors import StateConflict
from services.documents.ports import Desk
from services.documents.usecases import arriving, intents, processing
from services.documents.usecases.projects import create_project
from services.documents.usecases.stepping import system
from shared.ids import new_uuid
from tests.support.fakes.documents import Office, result_with

ME = Actor("a" * 24, "client-a", "req-1", address="192.0.2.7")


def take_in(office: Office, desk: Desk) -> Document:
    project = create_project(desk, ME, Plan("Invoices", completion=Completion.AUTOMATIC))
    file_id = new_uuid()
    office.upload(ME.company_id, file_id)
    return arriving.process_file(desk, ME, Order(file_id, project.id))


def test_the_way_of_a_document_is_written_down_step_by_step() -> None:
    office = Office()
    desk = office.desk()
    document = take_in(office, desk)
    processing.accept_result(desk, system(ME.company_id), office.read(document, result_with()))
    intents.report_transfer(desk, ME, document.id, True, None)
    entries = office.journal.entries
    assert {(entry.action, entry.company_id, entry.subject) for entry in entries} == {
        ("document.state-changed", ME.company_id, document.id)
    }
    assert [(entry.actor, entry.detail.get("from"), entry.detail["to"]) for entry in entries] == [
        ("client-a", None, "new"),
        ("system", "new", "processing"),
        ("system", "processing", "doneAutomatically"),
        ("client-a", "doneAutomatically", "transferred"),
    ]
    assert (entries[-1].request_id, entries[-1].address) == ("req-1", "192.0.2.7")
    assert entries[-1].detail["reason"] == "transfer_reported"


def test_a_step_that_was_not_taken_is_not_written_down() -> None:
    office = Office()
    desk = office.desk()
    document = take_in(office, desk)
    with pytest.raises(StateConflict):
        intents.report_transfer(desk, ME, document.id, True, None)
    assert len(office.journal.entries) == 1
