"""The parts of the contract that only show together: cases, duplicates, routings, another reading, and deletion."""

from __future__ import annotations

from typing import Any

import pytest

from paperlane.client import ApiRefusal
from shared.storage import S3Store
from tests.support import eventually
from tests.support.lane import Lane
from tests.support.samples import BUNDLE, english, german
from tests.support.samples.letter import draw_letter

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
ENGLISH = draw_letter(english())


def project(lane: Lane, **plan: Any) -> str:
    return str(lane.post("/v2/projects", {"name": "Contract", "completion": "automatic", **plan}).json()["id"])


def states(lane: Lane, document_id: str) -> list[tuple[str, int]]:
    return [(entry["state"], entry["attempt"]) for entry in lane.client.states(document_id)]


def status(lane: Lane, path: str) -> int:
    try:
        return int(lane.client.request("GET", path).status_code)
    except ApiRefusal as refusal:
        return refusal.status


def test_a_batch_is_one_case_whose_duplicates_are_refused_at_once(lane: Lane) -> None:
    files = [lane.client.upload(content, "invoice.pdf", "application/pdf") for content in (SAMPLE, SAMPLE, ENGLISH)]
    order = {"fileIds": files, "projectId": project(lane, duplicates="fail")}
    accepted = lane.post("/v2/cases/process-file-batch", order).json()
    case = eventually(lambda: _settled(lane, accepted["caseId"]), 60)
    assert [document["fileId"] for document in case["documents"]] == files
    ended = {document["fileId"]: lane.get(f"/v2/documents/{document['documentId']}") for document in case["documents"]}
    first, second, third = (ended[file_id] for file_id in files)
    assert (case["state"], first["state"], third["state"]) == ("completed", "doneAutomatically", "doneAutomatically")
    assert (second["state"], second["reason"]["code"], second["duplicateOf"]) == ("failed", "duplicate", first["id"])
    assert states(lane, second["id"]) == [("new", 1), ("processing", 1), ("failed", 1)]


def _settled(lane: Lane, case_id: str) -> dict[str, Any] | None:
    case = dict(lane.get(f"/v2/cases/{case_id}"))
    return None if case["state"] == "processing" else case


def test_a_case_takes_files_until_it_is_processed(lane: Lane) -> None:
    case = lane.post("/v2/cases", {"projectId": project(lane), "name": "March"}).json()
    path = f"/v2/cases/{case['id']}"
    file_id = lane.client.upload(SAMPLE, "invoice.pdf", "application/pdf")
    lane.post(f"{path}/files", {"fileIds": [file_id]})
    assert lane.get(path)["state"] == "open"
    assert lane.client.request("POST", f"{path}/process").status_code == 202
    assert eventually(lambda: _settled(lane, case["id"]), 60)["state"] == "completed"
    with pytest.raises(ApiRefusal) as refusal:
        lane.post(f"{path}/files", {"fileIds": [file_id]})
    assert refusal.value.status == 409


def test_a_document_is_routed_and_read_again(lane: Lane) -> None:
    start, end = project(lane, completion="manual"), project(lane)
    gross = german().entities()["totals"]["gross"]
    node = {"field": "totals.gross", "operator": "equals", "value": gross}
    rule = {"name": "Ours", "fromProjectId": start, "toProjectId": end, "routingNode": node}
    assert lane.post("/v2/routings", rule).status_code == 201
    file_id = lane.client.upload(SAMPLE, "invoice.pdf", "application/pdf")
    document = lane.await_final(lane.client.process_file(file_id, start))
    assert (document["projectId"], document["state"]) == (end, "doneAutomatically")
    way = [("new", 1), ("processing", 1), ("extracted", 1), ("processing", 2), ("doneAutomatically", 2)]
    assert states(lane, document["id"]) == way
    assert lane.get(f"/v2/documents?projectId={start}")["totalCount"] == 0
    assert lane.get(f"/v2/documents?projectId={end}&state=doneAutomatically")["totalCount"] == 1


def test_a_document_is_read_again_with_the_same_result(lane: Lane) -> None:
    document = lane.process(draw_letter(english()), name="again.pdf")
    path = f"/v2/documents/{document['id']}"
    lane.client.request("POST", f"{path}/reject")
    assert lane.client.request("POST", f"{path}/reprocess").status_code == 202
    again = lane.await_final(document["id"])
    assert (again["state"], again["entities"]) == (document["state"], document["entities"])
    assert states(lane, document["id"])[-2:] == [("processing", 2), (again["state"], 2)]


def test_a_deleted_document_leaves_a_proof_and_nothing_else(lane: Lane) -> None:
    document = lane.process(SAMPLE)
    path, s3 = f"/v2/documents/{document['id']}", lane.local["servers"]["s3"]
    store = S3Store(s3["url"], s3["access_key"], s3["secret_key"], "us-east-1")
    read = f"extracts/{lane.local['company_id']}/{document['id']}/"
    assert list(store.keys("stack-extracts", read))
    proof = lane.client.request("DELETE", path).json()
    assert proof["files"] == [{"id": document["fileId"], "erased": True}]
    assert lane.client.request("DELETE", path).json() == lane.get(f"{path}/erasure") == proof
    assert status(lane, path) == 404
    assert eventually(lambda: status(lane, f"/v2/files/{document['fileId']}") == 404, 30)
    assert eventually(lambda: not list(store.keys("stack-extracts", read)), 30)
    kept = f"files/{lane.local['company_id']}/"
    assert eventually(lambda: not [key for key in store.keys("stack-files", kept) if document["fileId"] in key], 30)
