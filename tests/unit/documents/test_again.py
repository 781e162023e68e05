"""Documents that are processed again, or not waited for any more; and the transfers that were reported."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from services.documents.domain.documents import Document
from services.documents.domain.states import State
from services.documents.usecases import intents, processing
from services.documents.usecases.stepping import system
from shared.contracts.documents import ProcessDocument
from shared.contracts.extraction import DocumentRefused
from shared.ids import new_uuid
from tests.support.documents import MINE, THEIRS, DocumentsClient, member
from tests.support.fakes.documents import result_with
from tests.support.tokens import COMPANY, authorization

S = State
PUBLISHED = authorization(states="documented")
AGAIN = {S.EXTRACTED, S.REVIEW_REQUIRED, S.FAILED, S.JUNK, S.REJECTED}
CANCELLABLE = {S.NEW, S.PROCESSING}


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


def kept(client: DocumentsClient, document_id: str) -> Document:
    return client.office.documents.documents[document_id]


def put_into(client: DocumentsClient, document_id: str, state: State) -> None:
    """Have the document be in this state, however it came there."""
    document = kept(client, document_id)
    last = dataclasses.replace(document.history[-1], state=state)
    way = [dataclasses.replace(last, state=each) for each in (S.PROCESSING, S.EXTRACTED)]
    history = (document.history[0], *way, last)
    client.office.documents.documents[document_id] = dataclasses.replace(
        document, history=history if state is not S.NEW else document.history, version=document.version + 1
    )


def commands(client: DocumentsClient, document_id: str) -> list[ProcessDocument]:
    return [message.body for message in client.office.documents.outbox[document_id]]


def call(client: DocumentsClient, document_id: str, intent: str, key: str | None = None) -> tuple[int, bytes]:
    headers = MINE | ({"Idempotency-Key": key} if key else {})
    answer = client.http.post(f"/v2/documents/{document_id}/{intent}", headers=headers)
    return answer.status_code, answer.data


@pytest.mark.parametrize("state", State)
def test_what_may_be_processed_again_is(client: DocumentsClient, state: State) -> None:
    document_id = client.process()
    put_into(client, document_id, state)
    before, sent = kept(client, document_id), len(commands(client, document_id))
    status, _ = call(client, document_id, "reprocess")
    after = kept(client, document_id)
    if state not in AGAIN:
        assert (status, after, len(commands(client, document_id))) == (409, before, sent)
        return
    assert (status, after.state, after.attempt) == (202, S.PROCESSING, before.attempt + 1)
    assert (after.history[-1].reason, after.history[-1].by) == ("reprocess_requested", "tester")
    *_, command = commands(client, document_id)
    assert (command.document_id, command.attempt) == (document_id, after.attempt)


def test_it_is_read_as_its_project_wants_it_now(client: DocumentsClient) -> None:
    document_id = client.process()
    client.settle(document_id, number="R-1")
    project = client.office.projects.projects[kept(client, document_id).project_id]
    german = dataclasses.replace(project.plan, ocr=dataclasses.replace(project.plan.ocr, languages=("de",)))
    client.office.projects.projects[project.id] = dataclasses.replace(project, plan=german)
    put_into(client, document_id, S.REJECTED)
    assert call(client, document_id, "reprocess")[0] == 202
    first, again = commands(client, document_id)
    assert (first.languages, again.languages) == (("en", "de", "fr", "es", "it", "nl"), ("de",))
    assert again.file == first.file


def test_a_late_answer_to_an_attempt_before_changes_nothing(client: DocumentsClient) -> None:
    document_id = client.process()
    first = kept(client, document_id)
    assert call(client, document_id, "cancel")[0] == call(client, document_id, "reprocess")[0] == 202
    waiting = kept(client, document_id)
    late = client.office.read(first, result_with(number="old"))
    processing.accept_result(client.desk, system(COMPANY), late)
    processing.accept_refusal(
        client.desk, system(COMPANY), DocumentRefused(document_id, 1, "failed", "blank", "Nothing.")
    )
    processing.hand_over(client.desk, system(COMPANY), document_id, 1)
    processing.hand_over(client.desk, system(COMPANY), document_id, 2)
    assert kept(client, document_id) == waiting
    processing.accept_result(client.desk, system(COMPANY), client.office.read(first, result_with(number="new"), 2))
    document = client.document(document_id)
    assert (document["state"], document["entities"]) == ("doneAutomatically", {"number": "new"})


def test_until_it_is_read_again_it_shows_what_was_read_before(client: DocumentsClient) -> None:
    document_id = client.process()
    client.settle(document_id, number="R-1")
    assert client.post(f"/v2/documents/{document_id}/reject", {}).status_code == 202
    assert call(client, document_id, "reprocess")[0] == 202
    document = client.document(document_id)
    assert (document["state"], document["entities"]) == ("processing", {"number": "R-1"})


def test_without_its_file_it_stays_as_it_is(client: DocumentsClient) -> None:
    document_id = client.process()
    put_into(client, document_id, S.FAILED)
    before = kept(client, document_id)
    client.office.store.objects.clear()
    answer = client.http.post(f"/v2/documents/{document_id}/reprocess", headers=MINE)
    assert (answer.status_code, member(answer, "code")) == (409, "conflict_status")
    assert member(answer, "detail") == "The file of this document was deleted. Upload it again and process that one."
    assert kept(client, document_id) == before


def test_a_duplicate_that_is_wanted_after_all_is_read(client: DocumentsClient) -> None:
    project_id = client.project(duplicates="fail")
    orders = [
        {"fileId": client.office.upload(COMPANY, new_uuid(), content="same").file_id, "projectId": project_id}
        for _ in range(2)
    ]
    first, second = (member(client.post("/v2/documents/process-file", order), "documentId") for order in orders)
    assert client.document(second)["state"] == "failed"
    assert call(client, second, "reprocess")[0] == 202
    assert (client.document(second)["state"], client.document(second)["duplicateOf"]) == ("processing", first)
    assert [command.attempt for command in commands(client, second)] == [2]


@pytest.mark.parametrize("state", State)
def test_only_what_nobody_has_read_yet_can_be_cancelled(client: DocumentsClient, state: State) -> None:
    document_id = client.process()
    put_into(client, document_id, state)
    before = kept(client, document_id)
    answer = client.post(f"/v2/documents/{document_id}/cancel", {"message": "Sent by mistake."})
    after = kept(client, document_id)
    if state not in CANCELLABLE:
        assert (answer.status_code, after) == (409, before)
        assert f"The document is {state.value}" in member(answer, "detail")
        return
    last = after.history[-1]
    assert (answer.status_code, answer.data) == (202, b"")
    assert (last.state, last.reason, last.message) == (S.REJECTED, "cancelled", "Sent by mistake.")


@pytest.mark.parametrize("body", [5, [], {"message": 5}, {"message": "x" * 2001}, {"reason": "x"}])
def test_a_cancellation_is_strict(client: DocumentsClient, body: Any) -> None:
    document_id = client.process()
    assert client.post(f"/v2/documents/{document_id}/cancel", body).status_code == 400
    assert client.document(document_id)["state"] == "new"


@pytest.mark.parametrize(("intent", "start"), [("cancel", S.PROCESSING), ("reprocess", S.FAILED)])
def test_a_key_has_its_effect_once(client: DocumentsClient, intent: str, start: State) -> None:
    document_id, other = client.process(), client.process()
    for each in (document_id, other):
        put_into(client, each, start)
    assert call(client, document_id, intent, "k-1") == (202, b"")
    after, sent = kept(client, document_id), commands(client, document_id)
    assert call(client, document_id, intent, "k-1") == (202, b"")
    assert call(client, other, intent, "k-1")[0] == 422
    assert (kept(client, document_id), commands(client, document_id)) == (after, sent)
    assert call(client, document_id, intent)[0] == 409


def test_another_company_cannot_do_either(client: DocumentsClient) -> None:
    document_id = client.process()
    before = kept(client, document_id)
    for intent in ("cancel", "reprocess"):
        foreign, unknown = (
            client.http.post(f"/v2/documents/{each}/{intent}", headers=THEIRS) for each in (document_id, "e" * 24)
        )
        assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data) == (404, unknown.data)
    assert kept(client, document_id) == before


Act = Callable[[DocumentsClient, str], None]


def hand_over(client: DocumentsClient, document_id: str) -> None:
    processing.hand_over(client.desk, system(COMPANY), document_id, 1)


def settle(client: DocumentsClient, document_id: str) -> None:
    client.settle(document_id)


@pytest.mark.parametrize(
    ("meanwhile", "intent", "status", "state"),
    [
        (hand_over, "cancel", 202, "rejected"),
        (hand_over, "reject", 202, "rejected"),
        (settle, "cancel", 409, "doneAutomatically"),
        (settle, "reject", 202, "rejected"),
    ],
)
def test_the_system_gives_way_to_a_client(
    client: DocumentsClient, monkeypatch: pytest.MonkeyPatch, meanwhile: Act, intent: str, status: int, state: str
) -> None:
    document_id, find = client.process(), client.office.documents.find

    def find_too_early(*given: Any) -> Document | None:
        found = find(*given)
        monkeypatch.setattr(client.office.documents, "find", find)
        meanwhile(client, document_id)
        return found

    monkeypatch.setattr(client.office.documents, "find", find_too_early)
    assert call(client, document_id, intent)[0] == status
    assert client.document(document_id)["state"] == state


def test_who_is_overtaken_again_and_again_is_told(client: DocumentsClient, monkeypatch: pytest.MonkeyPatch) -> None:
    document_id = client.process()
    processing.hand_over(client.desk, system(COMPANY), document_id, 1)
    asked = []

    def advance(*given: Any) -> bool:
        asked.append(given)
        return False

    monkeypatch.setattr(client.office.documents, "advance", advance)
    assert call(client, document_id, "cancel")[0] == 409
    assert len(asked) == intents.TRIES


def test_transfers_are_listed_with_what_was_said(client: DocumentsClient) -> None:
    document_id = client.process()
    path = f"/v2/documents/{document_id}/transfers"
    assert client.get(path).json == []
    client.settle(document_id)
    for report in ({"successful": False, "message": "Period closed."}, {"successful": False}, {"successful": True}):
        assert client.post(f"/v2/documents/{document_id}/transfer", report).status_code == 202
    told = client.get(path).json
    assert told is not None
    assert [(each["attempt"], each["successful"], each["by"], each.get("message")) for each in told] == [
        (1, False, "tester", "Period closed."),
        (2, False, "tester", None),
        (3, True, "tester", None),
    ]
    assert list(told[0]) == ["attempt", "successful", "at", "by", "message"]
    assert list(told[1]) == ["attempt", "successful", "at", "by"]
    assert told == client.get(path, PUBLISHED).json, "reports are no states, and have no other names"
    assert (client.get(path, THEIRS).status_code, client.get(f"{path}?x=1").status_code) == (404, 400)
