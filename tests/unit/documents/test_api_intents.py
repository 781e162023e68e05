"""Intents over HTTP: strict bodies, 202 with nothing in it, refusals that change nothing."""

from typing import Any

import pytest

from tests.support.documents import MINE, DocumentsClient

TEXT = {"Content-Type": "text/plain", **MINE}
BAD_REPORTS = [
    *({}, [], 5, {"successful": "yes"}, {"successful": 1}, {"successful": None}, {"successful": True, "state": "done"}),
    *({"successful": True, "message": message} for message in (5, "x" * 2001, "\ud800", None)),
]
BAD_PAIRS = [
    *({f"key{n}": n for n in range(21)}, {"a": {}}, {"a": []}, {"a": 2**53}, {"a": "x" * 2001}, []),
    *({"\ud800": 1}, {"a": "\udfff"}),
]


@pytest.fixture
def client() -> DocumentsClient:
    return DocumentsClient()


@pytest.mark.parametrize("body", BAD_REPORTS)
def test_a_transfer_report_is_strict(client: DocumentsClient, body: Any) -> None:
    document_id = client.process()
    client.settle(document_id)
    assert client.post(f"/v2/documents/{document_id}/transfer", body).status_code == 400
    assert client.document(document_id)["state"] == "doneAutomatically"


def test_a_rejection_needs_no_body(client: DocumentsClient) -> None:
    silent, spoken = client.process(), client.process()
    assert client.http.post(f"/v2/documents/{silent}/reject", headers=MINE).status_code == 202
    assert client.post(f"/v2/documents/{spoken}/reject", {"message": "Not ours."}).status_code == 202
    states = client.get(f"/v2/documents/{spoken}/states").json
    assert states is not None
    assert (states[-1]["state"], states[-1]["message"]) == ("rejected", "Not ours.")
    assert client.http.post(f"/v2/documents/{silent}/reject", headers=MINE).status_code == 409


def test_external_data_is_flat_replaced_whole_and_blind_to_case(client: DocumentsClient) -> None:
    document_id = client.process(externalData={"old": "x"})
    path = f"/v2/documents/{document_id}/external-data"
    for body, kept in (
        ({"Key": "1", "other": 2, "KEY": True, "none": None}, {"other": 2, "KEY": True, "none": None}),
        ({"x" * 51: "dropped", "y" * 50: "kept", "a.b$": 1.5}, {"y" * 50: "kept", "a.b$": 1.5}),
        ({f"key{n}": n for n in range(20)} | {"KEY0": "again"}, None),
        ({}, {}),
    ):
        answer = client.post(path, body)
        assert (answer.status_code, answer.data) == (202, b"")
        assert kept is None or client.document(document_id)["externalData"] == kept


@pytest.mark.parametrize("body", BAD_PAIRS)
def test_external_data_that_cannot_be_kept_is_refused(client: DocumentsClient, body: Any) -> None:
    document_id = client.process(externalData={"old": "x"})
    assert client.post(f"/v2/documents/{document_id}/external-data", body).status_code == 400
    assert client.document(document_id)["externalData"] == {"old": "x"}


def test_a_number_without_an_end_is_no_json(client: DocumentsClient) -> None:
    document_id = client.process()
    for literal in ("1e999", "NaN", "-Infinity"):
        answer = client.http.post(
            f"/v2/documents/{document_id}/external-data",
            data=f'{{"a": {literal}}}',
            headers={"Content-Type": "application/json", **MINE},
        )
        assert answer.status_code == 400


@pytest.mark.parametrize(("member", "most"), [("title", 256), ("external-id", 1000)])
def test_texts_are_set_as_text(client: DocumentsClient, member: str, most: int) -> None:
    document_id = client.process()
    path, name = f"/v2/documents/{document_id}/{member}", "externalId" if member == "external-id" else member
    for text in ("Rechnung № 7\n", "x" * most):
        answer = client.http.post(path, data=text, headers=TEXT)
        assert (answer.status_code, answer.data) == (202, b"")
        assert client.document(document_id)[name] == text.strip()
    for refused in (b"", b" \n", b"x" * (most + 1), b"\xff", b"a\x00b"):
        assert client.http.post(path, data=refused, headers=TEXT).status_code == 400
    assert client.post(path, "json").status_code == 400
    assert client.document(document_id)[name] == "x" * most
