"""Clients that were made for the published contract are told its ten states only."""

from typing import Any

import pytest

from services.documents.domain.states import State, documented
from tests.support.documents import MINE, DocumentsClient, member
from tests.support.tokens import authorization

S = State
PUBLISHED = authorization(states="documented")
OURS_ALONE = {S.TRANSFERRED, S.TRANSFER_FAILED, S.SPLIT}


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ([S.NEW, S.PROCESSING, S.SPLIT], [S.NEW, S.PROCESSING, S.DONE]),
        ([S.DONE, S.TRANSFERRED], [S.DONE, S.DONE]),
        ([S.DONE_AUTOMATICALLY, S.TRANSFERRED], [S.DONE_AUTOMATICALLY, S.DONE_AUTOMATICALLY]),
        (
            [S.DONE_AUTOMATICALLY, S.REVIEW_REQUIRED, S.DONE, S.TRANSFER_FAILED, S.TRANSFERRED],
            [S.DONE_AUTOMATICALLY, S.REVIEW_REQUIRED, S.DONE, S.FAILED, S.DONE],
        ),
    ],
)
def test_states_have_their_published_names(taken: list[State], told: list[State]) -> None:
    assert list(documented(taken)) == told


def test_only_ten_names_are_ever_told() -> None:
    told = {name for state in State for name in documented([S.DONE, state])}
    assert told == set(State) - OURS_ALONE
    assert len(told) == 10


def transferred(client: DocumentsClient, *reports: bool) -> str:
    document_id = client.process()
    client.settle(document_id)
    for successful in reports:
        report = {"successful": successful, "message": "Period closed."}
        assert client.post(f"/v2/documents/{document_id}/transfer", report, PUBLISHED).status_code == 202
    return document_id


def shown(client: DocumentsClient, document_id: str, headers: dict[str, str]) -> dict[str, Any]:
    return dict(client.get(f"/v2/documents/{document_id}", headers).json or {})


def test_a_transferred_document_is_as_it_was_before(client: DocumentsClient) -> None:
    document_id = transferred(client, True)
    ours, published = shown(client, document_id, MINE), shown(client, document_id, PUBLISHED)
    assert (ours.pop("state"), published.pop("state")) == ("transferred", "doneAutomatically")
    assert ours == published


def test_a_failed_transfer_is_a_failure_that_says_why(client: DocumentsClient) -> None:
    published = shown(client, transferred(client, False), PUBLISHED)
    assert published["state"] == "failed"
    assert published["reason"] == {"code": "transfer_reported", "message": "Period closed."}


def test_the_history_tells_each_state_once(client: DocumentsClient) -> None:
    document_id = transferred(client, False, False, True)

    def told(headers: dict[str, str]) -> list[dict[str, Any]]:
        return list(client.get(f"/v2/documents/{document_id}/states", headers).json or [])

    states = ["new", "processing", "doneAutomatically", "failed", "doneAutomatically"]
    assert [step["state"] for step in told(PUBLISHED)] == states
    assert [step["updatedAt"] for step in told(PUBLISHED)] == [told(MINE)[n]["updatedAt"] for n in (0, 1, 2, 3, 5)]


def test_lists_show_and_select_published_states(client: DocumentsClient) -> None:
    ids = {reports: transferred(client, *reports) for reports in ((), (True,), (False,))}

    def found(state: str, headers: dict[str, str] = PUBLISHED) -> dict[str, str]:
        answer = client.get(f"/v2/documents?state={state}", headers)
        return {item["id"]: item["state"] for item in member(answer, "data")}

    assert found("doneAutomatically") == dict.fromkeys([ids[()], ids[True,]], "doneAutomatically")
    assert found("failed") == {ids[False,]: "failed"}
    assert found("transferred") == found("transferFailed") == found("split") == {}
    assert found("doneAutomatically", MINE) == {ids[()]: "doneAutomatically"}
    assert found("transferFailed", MINE) == {ids[False,]: "transferFailed"}
