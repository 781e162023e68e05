"""The whole lane in one process: what becomes of a document, whatever fails on the way."""

import pytest

from services.extraction.errors import Encrypted, ReaderDown
from services.extraction.ports import Reading
from shared.contracts.extraction import Check, ExtractionResult
from tests.support.fakes.documents import EXTRACTS
from tests.support.flow import PDF, READING, Lane
from tests.support.tokens import authorization


@pytest.fixture(params=["3.10", "4.x"])
def lane(request: pytest.FixtureRequest) -> Lane:
    return Lane(request.param)


def test_a_document_goes_from_upload_to_transfer(lane: Lane) -> None:
    document_id = lane.submit()
    assert lane.states(document_id) == ["new"]
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "doneAutomatically"]
    assert lane.document(document_id)["entities"] == {"number": "R-1"}
    assert lane.reader.asked == [(PDF, "application/pdf", ("en", "de", "fr", "es", "it", "nl"))]
    assert [lane.transfer(document_id), lane.transfer(document_id)] == [202, 409]


def test_a_manual_project_leaves_it_to_a_person(lane: Lane) -> None:
    document_id = lane.submit(completion="manual")
    lane.run()
    assert lane.document(document_id)["state"] == "extracted"


def test_a_check_that_does_not_pass_asks_for_review(lane: Lane) -> None:
    check = Check("totals_add_up", passed=False, blocking=True, message="The totals do not add up.")
    lane.reader.outcome = Reading(ExtractionResult("invoice", 1, {}, {}, (check,)), b"{}", b"")
    document_id = lane.submit()
    lane.run()
    document = lane.document(document_id)
    assert (document["state"], document["reason"]["message"]) == ("reviewRequired", "The totals do not add up.")


def test_what_cannot_be_read_fails_with_its_reason(lane: Lane) -> None:
    lane.reader.outcome = Encrypted()
    document_id = lane.submit()
    lane.run()
    document = lane.document(document_id)
    assert (document["state"], document["reason"]["code"]) == ("failed", "encrypted")


def test_a_reader_that_stays_down_fails_the_document_and_keeps_the_command(lane: Lane) -> None:
    lane.reader.outcome = ReaderDown("no child")
    document_id = lane.submit()
    lane.run()
    assert lane.document(document_id)["reason"]["code"] == "processing_failed"
    assert len(lane.broker.dead["extraction"]) == 1
    assert len(lane.reader.asked) == 4


def test_a_broker_that_is_away_stops_no_request(lane: Lane) -> None:
    lane.broker.down = True
    document_id = lane.submit()
    lane.run()
    assert lane.states(document_id) == ["new"]
    lane.broker.down = False
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "doneAutomatically"]


def test_every_message_may_come_twice(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    once = lane.broker.send

    def twice(exchange: str, key: str, body: bytes) -> None:
        once(exchange, key, body)
        once(exchange, key, body)

    monkeypatch.setattr(lane.broker, "send", twice)
    document_id = lane.submit()
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "doneAutomatically"]
    assert len(lane.reader.asked) == 1


def test_a_rejected_document_stays_rejected_when_its_result_comes_late(lane: Lane) -> None:
    document_id = lane.submit()
    lane.hand_over()
    lane.documents.post(f"/v2/documents/{document_id}/reject", headers=authorization())
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "rejected"]
    assert len(lane.reader.asked) == 1


def test_a_cancelled_document_stays_so_until_it_is_processed_again(lane: Lane) -> None:
    document_id = lane.submit()
    lane.hand_over()
    assert lane.call("POST", f"/v2/documents/{document_id}/cancel") == 202
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "rejected"]
    assert lane.call("POST", f"/v2/documents/{document_id}/reprocess") == 202
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "rejected", "processing", "doneAutomatically"]
    assert lane.document(document_id)["entities"] == {"number": "R-1"}
    assert len(lane.reader.asked) == 2


def test_what_failed_is_read_again_when_it_is_asked_for(lane: Lane) -> None:
    lane.reader.outcome = Encrypted()
    document_id = lane.submit()
    lane.run()
    lane.reader.outcome = READING
    assert lane.call("POST", f"/v2/documents/{document_id}/reprocess") == 202
    lane.run()
    assert lane.states(document_id) == ["new", "processing", "failed", "processing", "doneAutomatically"]


def extracts(lane: Lane) -> list[str]:
    return [key for bucket, key in lane.office.store.objects if bucket == EXTRACTS]


def test_what_was_read_from_a_document_goes_with_it(lane: Lane) -> None:
    gone, stays = lane.submit(), lane.submit()
    lane.run()
    assert len(extracts(lane)) == 6
    assert lane.call("DELETE", f"/v2/documents/{gone}") == 200
    lane.run()
    assert len(extracts(lane)) == 3
    assert all(stays in key for key in extracts(lane))
    assert [lane.call("GET", f"/v2/documents/{each}") for each in (gone, stays)] == [404, 200]
    assert lane.call("GET", f"/v2/documents/{gone}/erasure") == 200


def test_files_go_with_the_last_document_that_has_them(lane: Lane) -> None:
    file_id, project_id = lane.upload(), lane.project()
    first, second = (lane.process(file_id, project_id) for _ in range(2))
    lane.run()
    stored = [key for key in lane.office.store.objects if file_id in key[1]]
    for document_id, left in ((first, stored), (second, [])):
        assert lane.call("DELETE", f"/v2/documents/{document_id}") == 200
        lane.run()
        assert [key for key in lane.office.store.objects if file_id in key[1]] == left
    assert len(stored) == 2
    assert lane.files.get(f"/v2/files/{file_id}", headers=authorization()).status_code == 404


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_document_that_goes_before_it_is_read_leaves_nothing(lane: Lane, handed_over: bool) -> None:
    document_id = lane.submit()
    if handed_over:
        lane.hand_over()
    assert lane.call("DELETE", f"/v2/documents/{document_id}") == 200
    lane.run()
    assert extracts(lane) == []
    assert lane.jobs.outbox == []
    assert not any(lane.broker.dead.values())


def test_files_that_come_together_are_done_together(lane: Lane) -> None:
    taken = lane.submit_together(PDF, PDF + b" 2", PDF + b" 3")
    assert lane.case(taken["caseId"]) == "processing"
    lane.run()
    assert lane.case(taken["caseId"]) == "completed"
    for each in taken["documents"]:
        assert lane.states(each["documentId"]) == ["new", "processing", "doneAutomatically"]
    assert [content for content, _, _ in lane.reader.asked] == [PDF, PDF + b" 2", PDF + b" 3"]


def test_a_case_of_which_nothing_can_be_read_has_failed(lane: Lane) -> None:
    lane.reader.outcome = Encrypted()
    taken = lane.submit_together(PDF, PDF + b" 2")
    lane.run()
    assert lane.case(taken["caseId"]) == "failed"


def test_a_duplicate_is_not_read_until_it_is_wanted(lane: Lane) -> None:
    taken = lane.submit_together(PDF, PDF, duplicates="fail")
    lane.run()
    first, second = (each["documentId"] for each in taken["documents"])
    assert (lane.states(first)[-1], lane.states(second)) == ("doneAutomatically", ["new", "processing", "failed"])
    assert (len(lane.reader.asked), lane.case(taken["caseId"])) == (1, "completed")
    assert lane.call("POST", f"/v2/documents/{second}/reprocess") == 202
    assert lane.case(taken["caseId"]) == "processing"
    lane.run()
    assert lane.document(second)["state"] == "doneAutomatically"
    assert lane.document(second)["duplicateOf"] == first
    assert (len(lane.reader.asked), lane.case(taken["caseId"])) == (2, "completed")
