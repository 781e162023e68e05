"""The whole lane through the gateway, as a client sees it: from the upload to the transfer."""

from __future__ import annotations

import pytest

from paperlane.client import ApiRefusal
from tests.support.lane import Lane
from tests.support.samples import BUNDLE, english, german, wrong_total
from tests.support.samples.letter import draw_letter

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
SCAN = (BUNDLE / "invoice-scan.pdf").read_bytes()


def test_the_digital_sample_is_read_without_a_person(lane: Lane) -> None:
    document = lane.process(SAMPLE)
    assert document["state"] == "doneAutomatically", document["checks"]
    assert document["entities"] == german().entities()
    states = lane.client.states(document["id"])
    assert [entry["state"] for entry in states] == ["new", "processing", "doneAutomatically"]
    assert list(states[0])[:2] == ["state", "updatedAt"]
    assert [entry["updatedAt"] for entry in states] == sorted(entry["updatedAt"] for entry in states)


def test_the_scan_is_read_without_a_person(lane: Lane) -> None:
    """Recognition may slip in a word of prose; in what money depends on it may not."""
    document, truth = lane.process(SCAN, name="invoice-scan.pdf"), german().entities()
    assert document["state"] == "doneAutomatically", document["checks"]
    read = document["entities"]
    for name in ("type", "number", "issuedAt", "dueAt", "currency", "totals", "taxes", "purchaseOrderNumber"):
        assert read[name] == truth[name], name
    assert read["payment"]["iban"] == truth["payment"]["iban"]
    assert read["sender"]["name"] == truth["sender"]["name"]
    assert [item["net"] for item in read["items"]] == [item["net"] for item in truth["items"]]


def test_another_language_is_read_too(lane: Lane) -> None:
    assert lane.process(draw_letter(english()))["entities"] == english().entities()


def test_totals_that_do_not_add_up_need_a_person(lane: Lane) -> None:
    document = lane.process(draw_letter(wrong_total()))
    assert document["state"] == "reviewRequired"
    assert document["reason"]["message"]
    assert [check for check in document["checks"] if check["blocking"] and not check["passed"]]


def test_regions_say_where_each_value_stands(lane: Lane) -> None:
    document = lane.process(SAMPLE)
    details = lane.get(f"/v2/documents/{document['id']}?regions=true")["entityDetails"]
    leaf = details["totals"]["gross"]
    assert leaf["value"] == document["entities"]["totals"]["gross"]
    assert (leaf["page"], leaf["source"]) == (1, "textLayer")
    assert 0.5 < leaf["confidence"] <= 1
    assert all(0 <= leaf["region"][side] <= 1 for side in ("left", "top", "width", "height"))


def test_a_document_is_transferred_once(lane: Lane) -> None:
    document = lane.process(SAMPLE)
    path = f"/v2/documents/{document['id']}"
    failed = lane.post(f"{path}/transfer", {"successful": False, "message": "period closed"})
    booked = lane.post(f"{path}/transfer", {"successful": True, "message": "booked as 4711"})
    assert [(answer.status_code, answer.content) for answer in (failed, booked)] == [(202, b""), (202, b"")]
    assert lane.get(path)["state"] == "transferred"
    with pytest.raises(ApiRefusal) as refusal:
        lane.post(f"{path}/transfer", {"successful": True})
    assert refusal.value.status == 409
    states = [entry["state"] for entry in lane.client.states(document["id"])]
    assert states[-3:] == ["doneAutomatically", "transferFailed", "transferred"]


def test_what_a_client_writes_on_a_document_is_kept(lane: Lane) -> None:
    document = lane.process(SAMPLE)
    path = f"/v2/documents/{document['id']}"
    lane.post(f"{path}/external-data", {"Key": "old", "KEY": "new", "x" * 51: "dropped", "n": 4711, "ok": True})
    lane.post_text(f"{path}/external-id", "erp-1")
    lane.post_text(f"{path}/title", "Bürostühle, März")
    shown = lane.get(path)
    assert shown["externalData"] == {"KEY": "new", "n": 4711, "ok": True}
    assert (shown["externalId"], shown["title"]) == ("erp-1", "Bürostühle, März")
    lane.post(f"{path}/external-data", {})
    assert lane.get(path)["externalData"] == {}


def test_a_rejected_document_is_out_of_the_work(lane: Lane) -> None:
    document = lane.process(SAMPLE)
    assert lane.client.request("POST", f"/v2/documents/{document['id']}/reject").status_code == 202
    with pytest.raises(ApiRefusal) as refusal:
        lane.post(f"/v2/documents/{document['id']}/transfer", {"successful": True})
    assert refusal.value.status == 409


def test_lists_page_filter_and_sort(lane: Lane) -> None:
    ids = [lane.process(SAMPLE)["id"] for _ in range(3)]
    project = lane.local["project_id"]
    page = lane.get(f"/v2/documents?projectId={project}&limit=2&state=doneAutomatically")
    assert [item["id"] for item in page["data"]] == [ids[2], ids[1]]
    assert (page["limit"], page["offset"]) == (2, 0)
    assert page["totalCount"] >= 3
    assert "entities" not in page["data"][0]
    assert lane.get("/v2/documents?limit=500")["limit"] == 50
    oldest = lane.get("/v2/documents?sort=+createdAt&limit=1")["data"][0]
    assert oldest["createdAt"] <= page["data"][0]["createdAt"]
    file_id = lane.get(f"/v2/documents/{ids[0]}")["fileId"]
    assert [item["id"] for item in lane.get(f"/v2/documents?fileId={file_id}")["data"]] == [ids[0]]


def test_a_file_comes_back_as_it_was_sent(lane: Lane) -> None:
    file_id = lane.client.upload(SAMPLE, "Rechnung März.pdf", "application/pdf")
    answer = lane.client.request("GET", f"/v2/files/{file_id}")
    assert answer.content == SAMPLE
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Hy-Filename"]


def test_every_answer_carries_the_request_id(lane: Lane) -> None:
    answer = lane.client.request("GET", "/v2/documents", {"X-Request-Id": "from-the-client.1"})
    assert answer.headers["X-Request-Id"] == "from-the-client.1"


def test_the_description_is_served(lane: Lane) -> None:
    document = lane.get("/v2/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert "/v2/documents/process-file" in document["paths"]
