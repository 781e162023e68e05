"""Parts are killed and stopped while documents are under way: nothing is lost, nothing happens twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import eventually
from tests.support.lane import Lane
from tests.support.samples import BUNDLE
from tests.support.stack import Stack

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
SCAN = (BUNDLE / "invoice-scan.pdf").read_bytes()
READ = ["new", "processing", "doneAutomatically"]


def history(lane: Lane, document_id: str) -> list[str]:
    return [entry["state"] for entry in lane.client.states(document_id)]


def test_a_killed_extraction_worker_loses_nothing(stack: Stack, lane: Lane) -> None:
    scans = [lane.submit(SCAN, name="invoice-scan.pdf") for _ in range(2)]
    eventually(lambda: lane.client.document(scans[0])["state"] == "processing")
    stack.kill("extraction")
    for document_id in scans:
        lane.await_final(document_id, seconds=120)
        assert history(lane, document_id) == READ


def test_a_broker_that_is_away_stops_no_request(stack: Stack, lane: Lane) -> None:
    stack.stop("rabbitmq")
    try:
        waiting = [lane.submit(SAMPLE) for _ in range(5)]
        assert {lane.client.document(document_id)["state"] for document_id in waiting} == {"new"}
    finally:
        stack.start("rabbitmq")
    for document_id in waiting:
        lane.await_final(document_id, seconds=120)
        assert history(lane, document_id) == READ


@pytest.mark.parametrize("part", ["gateway", "documents", "files", "auth"])
def test_a_killed_service_refuses_no_connection(stack: Stack, lane: Lane, part: str) -> None:
    """Calls that the killed process had taken may be dropped or answered 502; whoever comes later is served."""
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(lane.client.request, "GET", "/v2/documents?limit=1") for _ in range(20)]
        stack.kill(part)
        later = [pool.submit(lane.submit, SAMPLE) for _ in range(4)]
    assert not [call for call in later if call.exception()], [str(call.exception()) for call in later]
    faults = [str(call.exception()) for call in asked if call.exception()]
    assert len(faults) <= 4, faults
    for call in later:
        assert lane.await_final(call.result())["state"] == "doneAutomatically"


def test_a_killed_documents_worker_sends_everything_once(stack: Stack, lane: Lane) -> None:
    with ThreadPoolExecutor(4) as pool:
        submitted = [pool.submit(lane.submit, SAMPLE) for _ in range(12)]
        stack.kill("documents-worker")
    for call in submitted:
        lane.await_final(call.result(), seconds=120)
        assert history(lane, call.result()) == READ
