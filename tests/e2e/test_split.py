"""Archives, e-mails and office documents through the whole stack: split, read as themselves, and gone."""

from __future__ import annotations

from typing import Any

import pytest
from pypdfium2 import PdfDocument

from paperlane.client import ApiRefusal
from shared.media import DOCX, MAIL, XLSX, ZIP
from tests.support import eventually
from tests.support.lane import Lane
from tests.support.office import GROSS, NUMBER, sheet_invoice, word_invoice
from tests.support.parcels import mailed, quoted, zipped
from tests.support.samples import draw_letter, english, german

PDF = "application/pdf"


@pytest.fixture(scope="module")
def letters() -> dict[str, bytes]:
    return {"english.pdf": draw_letter(english()), "german.pdf": draw_letter(german())}


def await_children(lane: Lane, parent: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that were found in the document, once they are read."""
    case = lane.get(f"/v2/cases/{parent['caseId']}")
    ids = [each["documentId"] for each in case["documents"] if each["documentId"] != parent["id"]]
    return [lane.await_final(each) for each in ids]


def test_an_archive_of_two_invoices_is_split_into_two_documents(lane: Lane, letters: dict[str, bytes]) -> None:
    parent = lane.process(zipped(letters), name="both.zip", media_type=ZIP)
    assert parent["state"] == "split"
    assert parent["reason"] == {"code": "split", "message": "Split into 2 documents."}
    children = await_children(lane, parent)
    assert [(child["title"], child["parentDocumentId"]) for child in children] == [
        (name, parent["id"]) for name in letters
    ]
    assert [child["entities"]["number"] for child in children] == [english().number, german().number]
    for child, content in zip(children, letters.values(), strict=True):
        assert lane.client.request("GET", f"/v2/files/{child['fileId']}").content == content
        with pytest.raises(ApiRefusal, match="There is no document"):
            lane.client.request("GET", f"/v2/emails/{child['id']}/content")
    eventually(lambda: lane.get(f"/v2/cases/{parent['caseId']}")["state"] == "completed")


def test_an_e_mail_with_one_invoice_is_read_as_itself(lane: Lane, letters: dict[str, bytes]) -> None:
    mail = mailed("Hello", ("invoice.pdf", PDF, letters["english.pdf"]))
    document = lane.process(mail, name="mail.eml", media_type=MAIL)
    assert document["entities"]["number"] == english().number
    assert "parentDocumentId" not in document
    answer = lane.client.request("GET", f"/v2/emails/{document['id']}/content")
    assert answer.headers["Content-Type"] == PDF
    first, second = (page.get_textpage().get_text_range() for page in PdfDocument(answer.content))
    assert "Hello" in first
    assert english().number in second


def test_all_that_came_in_an_e_mail_shows_it_until_that_is_deleted(lane: Lane, letters: dict[str, bytes]) -> None:
    attached = [(name, PDF, content) for name, content in letters.items()]
    parent = lane.process(mailed("Both of them", *attached), name="mail.eml", media_type=MAIL)
    children = await_children(lane, parent)
    paths = [f"/v2/emails/{each['id']}/content" for each in (parent, *children)]
    assert len({lane.client.request("GET", path).content for path in paths}) == 1
    assert lane.client.request("DELETE", f"/v2/documents/{parent['id']}").status_code == 200
    for path in paths:
        with pytest.raises(ApiRefusal, match="There is no document"):
            lane.client.request("GET", path)
    for child in children:
        assert lane.client.request("GET", f"/v2/files/{child['fileId']}").status_code == 200
        assert lane.client.request("DELETE", f"/v2/documents/{child['id']}").status_code == 200


@pytest.mark.parametrize(
    ("document", "media_type"), [(word_invoice(), DOCX), (sheet_invoice(), XLSX)], ids=["docx", "xlsx"]
)
def test_office_documents_are_read(lane: Lane, document: bytes, media_type: str) -> None:
    found = lane.process(document, name="invoice", media_type=media_type)
    assert (found["entities"]["number"], found["entities"]["totals"]["gross"]) == (NUMBER, GROSS)


def test_an_archive_that_could_do_harm_is_not_stored(lane: Lane) -> None:
    with pytest.raises(ApiRefusal, match="its entries overlap"):
        lane.client.upload(quoted(), "bomb.zip", ZIP)


def test_an_archive_without_a_document_is_junk(lane: Lane) -> None:
    document = lane.process(zipped({"notes.txt": b"nothing"}), name="notes.zip", media_type=ZIP)
    assert (document["state"], document["reason"]["code"]) == ("junk", "no_document")
    assert "notes.txt (of a type that is not read)" in document["reason"]["message"]
