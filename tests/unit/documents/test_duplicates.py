"""The same bytes again in one project: read anew, linked, or failed, as the project wants it."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.documents.domain.actors import Actor
from services.documents.domain.documents import Document, Order
from services.documents.domain.erasures import erasure_of
from services.documents.domain.projects import Duplicates, Plan, Project
from services.documents.errors import FirstTaken
from services.documents.ports import Desk
from services.documents.usecases import arriving
from services.documents.usecases.projects import create_project
from shared.ids import new_uuid
from tests.support.documents import DocumentsClient, member
from tests.support.fakes.documents import Office
from tests.support.tokens import COMPANY

ME = Actor("a" * 24, "client-a", "req-1")
OTHERS = Actor("b" * 24, "client-b", "req-2")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk()


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def project_with(desk: Desk, policy: Duplicates, actor: Actor = ME) -> Project:
    return create_project(desk, actor, Plan("Invoices", duplicates=policy))


def arrive(office: Office, desk: Desk, project: Project, content: str = "same", actor: Actor = ME) -> Document:
    manifest = office.upload(actor.company_id, new_uuid(), content=content)
    return arriving.process_file(desk, actor, Order(manifest.file_id, project.id))


def states(document: Document) -> list[str]:
    return [step.state.value for step in document.history]


def test_a_duplicate_fails_at_once_and_is_not_sent_to_be_read(office: Office, desk: Desk) -> None:
    project = project_with(desk, Duplicates.FAIL)
    first, second, other = (arrive(office, desk, project, content) for content in ("same", "same", "other"))
    assert [first.duplicate_of, second.duplicate_of, other.duplicate_of] == [None, first.id, None]
    assert states(second) == ["new", "processing", "failed"]
    assert second.explanation
    assert second.explanation.reason == "duplicate"
    assert first.id in (second.explanation.message or "")
    assert [len(office.documents.outbox[each.id]) for each in (first, second, other)] == [1, 0, 1]
    assert office.cases.cases[second.case_id].state.value == "failed"


def test_each_step_of_a_duplicate_is_written_down(office: Office, desk: Desk) -> None:
    project = project_with(desk, Duplicates.FAIL)
    _, second = arrive(office, desk, project), arrive(office, desk, project)
    told = [entry.detail for entry in office.journal.entries if entry.subject == second.id]
    assert told == [
        {"to": "new", "file": second.file_id},
        {"from": "new", "to": "processing", "reason": "received"},
        {"from": "processing", "to": "failed", "reason": "duplicate"},
    ]


@pytest.mark.parametrize("policy", [Duplicates.ALLOW, Duplicates.LINK])
def test_a_duplicate_that_is_wanted_is_read(office: Office, desk: Desk, policy: Duplicates) -> None:
    project = project_with(desk, policy)
    first, second, third = (arrive(office, desk, project) for _ in range(3))
    expected = first.id if policy is Duplicates.LINK else None
    assert [second.duplicate_of, third.duplicate_of] == [expected] * 2
    assert [states(each) for each in (first, second, third)] == [["new"]] * 3
    assert all(len(office.documents.outbox[each.id]) == 1 for each in (first, second, third))


def test_other_projects_and_companies_have_firsts_of_their_own(office: Office, desk: Desk) -> None:
    places = [(project_with(desk, Duplicates.FAIL, actor), actor) for actor in (ME, ME, OTHERS)]
    found = [arrive(office, desk, project, actor=actor) for project, actor in places]
    assert [states(each) for each in found] == [["new"]] * 3


def test_a_document_that_is_erased_leaves_its_place_to_the_next(office: Office, desk: Desk) -> None:
    project = project_with(desk, Duplicates.FAIL)
    first = arrive(office, desk, project)
    assert desk.documents.erase(first, erasure_of(first, first.file_ids, office.now, "client-a"))
    second, third = arrive(office, desk, project), arrive(office, desk, project)
    assert (second.duplicate_of, third.duplicate_of) == (None, second.id)


def test_who_loses_the_race_to_be_first_is_the_duplicate(
    office: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, firsts, rivals = project_with(desk, Duplicates.FAIL), office.documents.firsts, []

    def firsts_too_early(*given: Any) -> Mapping[str, str]:
        found = firsts(*given)
        monkeypatch.setattr(office.documents, "firsts", firsts)
        rivals.append(arrive(office, desk, project))
        return found

    monkeypatch.setattr(office.documents, "firsts", firsts_too_early)
    late = arrive(office, desk, project)
    assert (late.duplicate_of, states(late)) == (rivals[0].id, ["new", "processing", "failed"])


def test_who_is_never_fast_enough_may_come_again(office: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    project = project_with(desk, Duplicates.FAIL)

    def add(*_: Any) -> str:
        raise FirstTaken

    monkeypatch.setattr(office.documents, "add", add)
    with pytest.raises(FirstTaken):
        arrive(office, desk, project)
    assert not office.journal.entries


@pytest.mark.parametrize(("policy", "state"), [("fail", "failed"), ("link", "new"), ("allow", "new")])
def test_clients_see_what_their_document_is_a_duplicate_of(client: DocumentsClient, policy: str, state: str) -> None:
    project_id = client.project(duplicates=policy)
    uploads = [client.office.upload(COMPANY, new_uuid(), content="same") for _ in range(2)]
    orders = [{"fileId": each.file_id, "projectId": project_id} for each in uploads]
    first, second = (member(client.post("/v2/documents/process-file", order), "documentId") for order in orders)
    document, listed = client.document(second), member(client.get("/v2/documents"), "data")
    expected = None if policy == "allow" else first
    assert (document["state"], document.get("duplicateOf")) == (state, expected)
    assert {item["id"]: item.get("duplicateOf") for item in listed} == {first: None, second: expected}
    if policy == "fail":
        assert document["reason"]["code"] == "duplicate"
        history = client.get(f"/v2/documents/{second}/states").json or []
        assert [entry["state"] for entry in history] == ["new", "processing", "failed"]


def test_one_that_comes_again_and_again_is_a_conflict(client: DocumentsClient, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = client.office.upload(COMPANY, new_uuid())
    order = {"fileId": manifest.file_id, "projectId": client.project()}

    def add(*_: Any) -> str:
        raise FirstTaken

    monkeypatch.setattr(client.office.documents, "add", add)
    answer = client.post("/v2/documents/process-file", order)
    assert (answer.status_code, member(answer, "code")) == (409, "conflict_status")
