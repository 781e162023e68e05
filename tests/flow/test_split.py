"""Files that hold several documents, in one process: what becomes of each, whatever fails on the way."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from services.extraction.ports import Reading, Unpacked
from shared.contracts.extraction import ExtractionResult
from shared.errors import Unavailable
from tests.support.fakes.documents import EXTRACTS
from tests.support.flow import READING, Lane
from tests.support.opening import MAIL, PAPERS, PARCEL, UNPACKED, Opener
from tests.support.parcels import mailed
from tests.support.tokens import authorization


@pytest.fixture(params=["3.10", "4.x"])
def lane(request: pytest.FixtureRequest) -> Lane:
    return Lane(request.param)


def submit(lane: Lane, content: bytes = PARCEL, media_type: str = "", **plan: str) -> str:
    return lane.process(lane.upload(content, media_type), lane.project(**plan))


def children(lane: Lane, parent_id: str) -> list[dict[str, Any]]:
    listed = lane.documents.get("/v2/documents", headers=authorization()).json
    assert listed
    found = [each for each in listed["data"] if each.get("parentDocumentId") == parent_id]
    return [lane.document(each["id"]) for each in sorted(found, key=lambda each: each["title"])]


def stored(lane: Lane) -> list[str]:
    return sorted(key for _, key in lane.office.store.objects)


def test_each_document_in_an_archive_becomes_one_of_its_own(lane: Lane) -> None:
    opener = Opener(lane)
    parent_id = submit(lane)
    lane.run()
    parent, found = lane.document(parent_id), children(lane, parent_id)
    assert lane.states(parent_id) == ["new", "processing", "split"]
    assert parent["reason"] == {
        "code": "split",
        "message": "Split into 2 documents. Left aside: logo.png (a picture in the text).",
    }
    assert [child["title"] for child in found] == list(PAPERS)
    assert [child["state"] for child in found] == ["doneAutomatically"] * 2
    assert {(child["caseId"], child["projectId"], child["createdBy"]) for child in found} == {
        (parent["caseId"], parent["projectId"], parent["createdBy"])
    }
    assert lane.case(parent["caseId"]) == "completed"
    assert opener.nested == [False, True, True]
    contents = [lane.files.get(f"/v2/files/{child['fileId']}", headers=authorization()).data for child in found]
    assert contents == list(PAPERS.values())
    assert not any("/members/" in key for key in stored(lane))


def test_they_take_over_external_data_but_not_the_name_of_the_one(lane: Lane) -> None:
    Opener(lane)
    order = {"fileId": lane.upload(PARCEL, ""), "projectId": lane.project(), "externalId": "doc-1"}
    order |= {"externalData": {"box": "a"}}  # type: ignore[dict-item]
    answer = lane.documents.post("/v2/documents/process-file", json=order, headers=authorization())
    lane.run()
    for child in children(lane, answer.json["documentId"]):  # type: ignore[index]
        assert child["externalData"] == {"box": "a"}
        assert "externalId" not in child


def test_every_message_may_come_twice(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    Opener(lane)
    once = lane.broker.send

    def twice(exchange: str, key: str, body: bytes) -> None:
        once(exchange, key, body)
        once(exchange, key, body)

    monkeypatch.setattr(lane.broker, "send", twice)
    parent_id = submit(lane)
    lane.run()
    assert [lane.states(child["id"])[-1] for child in children(lane, parent_id)] == ["doneAutomatically"] * 2
    listed = lane.files.get("/v2/files", headers=authorization()).json
    assert listed
    assert listed["totalCount"] == 3


@pytest.mark.parametrize("how", ["/cancel", "delete"])
def test_what_waits_for_nothing_any_more_leaves_no_files(lane: Lane, how: str) -> None:
    Opener(lane)
    parent_id = submit(lane)
    lane.hand_over()
    lane.broker.deliver_all()
    assert lane.jobs.outbox
    if how == "delete":
        assert lane.call("DELETE", f"/v2/documents/{parent_id}") == 200
    else:
        assert lane.call("POST", f"/v2/documents/{parent_id}{how}") == 202
    lane.run()
    assert children(lane, parent_id) == []
    listed = lane.files.get("/v2/files", headers=authorization()).json
    assert listed
    assert listed["totalCount"] == (0 if how == "delete" else 1)
    assert not any("/members/" in key for key in stored(lane))
    assert not any(parent_id in key for key in stored(lane)) or how == "/cancel"


def test_what_was_kept_stays_when_its_message_is_given_up_later(lane: Lane) -> None:
    Opener(lane)
    parent_id = submit(lane)
    lane.hand_over()
    lane.broker.deliver_all()
    (split,) = [envelope for envelope in lane.jobs.outbox if envelope.type == "document-split"]
    lane.run()
    kept = stored(lane)
    lane.give_up_members(split, "lost too often")
    lane.run()
    assert stored(lane) == kept
    assert [child["state"] for child in children(lane, parent_id)] == ["doneAutomatically"] * 2


def test_a_cancelled_one_can_be_processed_again(lane: Lane) -> None:
    Opener(lane)
    parent_id = submit(lane)
    lane.hand_over()
    lane.broker.deliver_all()
    lane.call("POST", f"/v2/documents/{parent_id}/cancel")
    lane.run()
    assert lane.call("POST", f"/v2/documents/{parent_id}/reprocess") == 202
    lane.run()
    assert lane.states(parent_id)[-2:] == ["processing", "split"]
    assert len(children(lane, parent_id)) == 2


def test_all_of_them_can_be_deleted(lane: Lane) -> None:
    Opener(lane)
    parent_id = submit(lane)
    lane.run()
    first, second = (child["id"] for child in children(lane, parent_id))
    for gone, left in ((first, {parent_id, second}), (parent_id, {second}), (second, set())):
        assert lane.call("DELETE", f"/v2/documents/{gone}") == 200
        lane.run()
        assert not any(gone in key for key in stored(lane))
        assert {each for each in (first, second, parent_id) if lane.call("GET", f"/v2/documents/{each}") == 200} == left
    assert stored(lane) == []


def test_a_duplicate_fails_alone(lane: Lane) -> None:
    Opener(lane)
    project_id = lane.project(duplicates="fail")
    first = lane.process(lane.upload(PAPERS["a.pdf"]), project_id)
    lane.run()
    parent_id = lane.process(lane.upload(PARCEL, ""), project_id)
    lane.run()
    duplicate, other = children(lane, parent_id)
    assert (duplicate["state"], duplicate["duplicateOf"], duplicate["reason"]["code"]) == ("failed", first, "duplicate")
    assert other["state"] == "doneAutomatically"
    assert lane.document(parent_id)["state"] == "split"


def test_what_is_lost_on_the_way_is_left_out(lane: Lane) -> None:
    Opener(lane)
    parent_id = submit(lane)
    lane.hand_over()
    lane.broker.deliver_all()
    del lane.office.store.objects[next(key for key in lane.office.store.objects if key[1].endswith("/members/0"))]
    lane.run()
    assert [child["title"] for child in children(lane, parent_id)] == ["b.pdf"]
    assert lane.document(parent_id)["reason"]["message"].startswith("Split into 1 document.")


def test_when_all_is_lost_the_document_fails(lane: Lane) -> None:
    Opener(lane)
    parent_id = submit(lane)
    lane.hand_over()
    lane.broker.deliver_all()
    for key in [key for key in lane.office.store.objects if key[0] == EXTRACTS]:
        del lane.office.store.objects[key]
    lane.run()
    assert lane.document(parent_id)["reason"]["code"] == "processing_failed"
    assert children(lane, parent_id) == []


@pytest.mark.parametrize("fault", [Unavailable("away"), ValueError("ours")])
def test_files_that_cannot_be_kept_are_tried_again(
    lane: Lane, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    Opener(lane)
    put, failures = lane.office.store.put_stream, [fault, fault]

    def fail_first(*given: Any) -> Any:
        if "members" not in given[1] and lane.jobs.outcomes and failures:
            raise failures.pop()
        return put(*given)

    parent_id = submit(lane)
    monkeypatch.setattr(lane.office.store, "put_stream", fail_first)
    lane.run()
    assert failures == []
    assert [child["state"] for child in children(lane, parent_id)] == ["doneAutomatically"] * 2


def test_files_that_can_never_be_kept_fail_the_document(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    Opener(lane)
    parent_id = submit(lane)
    lane.hand_over()
    lane.broker.deliver_all()
    put = lane.office.store.put_stream

    def fail_second(bucket: str, key: str, stream: Any, media_type: str) -> Any:
        if b"b" in (data := stream.read(100)):
            raise ValueError("ours")
        return put(bucket, key, io.BytesIO(data), media_type)

    monkeypatch.setattr(lane.office.store, "put_stream", fail_second)
    lane.run()
    assert lane.document(parent_id)["reason"]["code"] == "processing_failed"
    listed = lane.files.get("/v2/files", headers=authorization()).json
    assert listed
    assert listed["totalCount"] == 1


def email(lane: Lane, document_id: str) -> tuple[int, bytes]:
    answer = lane.documents.get(f"/v2/emails/{document_id}/content", headers=authorization())
    return answer.status_code, answer.data


def as_split(lane: Lane) -> list[str]:
    Opener(lane, Unpacked(UNPACKED.members, mail=MAIL))
    parent_id = submit(lane, mailed())
    lane.run()
    return [parent_id, *(child["id"] for child in children(lane, parent_id))]


def as_itself(lane: Lane) -> list[str]:
    lane.reader.outcome = Reading(READING.result, READING.index, READING.parts, MAIL)
    document_id = submit(lane, mailed())
    lane.run()
    return [document_id]


@pytest.mark.parametrize("come", [as_split, as_itself])
def test_the_e_mail_is_there_for_all_that_came_in_it(lane: Lane, come: Callable[[Lane], list[str]]) -> None:
    ids = come(lane)
    assert {email(lane, each) for each in ids} == {(200, MAIL)}
    lane.call("DELETE", f"/v2/documents/{ids[0]}")
    lane.run()
    assert {email(lane, each)[0] for each in ids} == {404}
    assert not any(key.endswith("mail.pdf") for key in stored(lane))


def test_other_documents_have_no_e_mail(lane: Lane) -> None:
    Opener(lane)
    parent_id = submit(lane)
    assert email(lane, parent_id)[0] == 404
    lane.run()
    assert {email(lane, each)[0] for each in (parent_id, *(child["id"] for child in children(lane, parent_id)))} == {
        404
    }
    assert email(lane, "nothing")[0] == 404


def test_an_e_mail_that_was_damaged_is_not_given_out(lane: Lane) -> None:
    (document_id,) = as_itself(lane)
    objects = lane.office.store.objects
    kept = next(key for key in objects if key[1].endswith("mail.pdf"))
    objects[kept] = b"%PDF-1.7 else"
    assert email(lane, document_id)[0] == 500
    del objects[kept]
    assert email(lane, document_id)[0] == 503


def test_members_are_routed_as_any(lane: Lane) -> None:
    result = ExtractionResult("invoice", 1, {"currency": "EUR"}, {}, ())
    lane.reader.outcome = Reading(result, b'{"pages":[]}', b"")
    Opener(lane)
    source, target = lane.project(), lane.project(name="Euros")
    rule: dict[str, Any] = {"name": "Euros", "fromProjectId": source, "toProjectId": target}
    rule["routingNode"] = {"field": "currency", "operator": "equals", "value": "EUR"}
    rule["postRoutingAction"] = "none"
    answer = lane.documents.post("/v2/routings", json=rule, headers=authorization())
    assert answer.status_code == 201, answer.text
    parent_id = lane.process(lane.upload(PARCEL, ""), source)
    lane.run()
    assert lane.document(parent_id)["projectId"] == source
    assert [child["projectId"] for child in children(lane, parent_id)] == [target] * 2
