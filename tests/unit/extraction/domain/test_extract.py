"""Whole documents typed as text: entities, their details and the checks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.extraction.domain.fields import extract
from services.extraction.domain.pages import Page
from shared.contracts.envelope import read_json, write_json
from shared.contracts.extraction import ExtractionResult
from tests.support.paper import typed

INVOICE = """
    Harrow & Lyle Ltd · 22 Canal Wharf · Leeds LS11 5PS
    Ashdown School                               Invoice no.:       INV-10733
    4 Priory Lane                                Invoice date:      5 February 2026
    Lewes BN8 4QA                                Due date:          7 March 2026
                                                 Customer no.:      ASH-0092
                                                 Purchase order:    PO-77120

    Invoice INV-10733

    Item   Code      Description               Qty   Unit     Unit price    VAT %    Net GBP
    1      8841      Copier paper A4            40   boxes         17.85    20        714.00
    2      6600      Atlas of the World         15   pcs           24.50     0        367.50

    Subtotal                                                                        1,081.50
    VAT 20 %                                                                          142.80
    Total amount                                                                    1,224.30

    Payment terms: Payment within 30 days of the invoice date.
    IBAN: GB81 MIDL 4028 1352 8704 16    BIC: MIDLGB22XXX    VAT reg. no.: GB412783012
"""
RECEIPT = """
    BAIFU (M) SDN BHD
    LOT 7, JALAN AMPANG,
    50450 KUALA LUMPUR
    GST ID NO: 000377700352
    DATE: 25/12/2018 13:39
    COPY PAPER       RM 9.00
    TOTAL            RM 9.00
    CASH            RM 10.00
    CHANGE           RM 1.00
"""


def test_an_invoice() -> None:
    result = extract([typed(INVOICE)], ["en"])
    assert result.document_type == "invoice"
    assert result.pages == 1
    entities = result.entities
    assert entities["number"] == "INV-10733"
    assert (entities["issuedAt"], entities["dueAt"]) == ("2026-02-05", "2026-03-07")
    assert entities["totals"] == {"net": 1081.5, "tax": 142.8, "gross": 1224.3, "due": 1224.3}
    assert entities["currency"] == "GBP"
    assert entities["sender"]["name"] == "Harrow & Lyle Ltd"
    assert entities["recipient"] == {
        "name": "Ashdown School",
        "street": "4 Priory Lane",
        "postcode": "BN8 4QA",
        "city": "Lewes",
        "countryCode": "GB",
        "address": "4 Priory Lane, Lewes BN8 4QA",
        "customerNumber": "ASH-0092",
    }
    assert entities["payment"]["iban"] == "GB81MIDL40281352870416"
    assert entities["payment"]["terms"] == "Payment within 30 days of the invoice date."
    assert [item["name"] for item in entities["items"]] == ["Copier paper A4", "Atlas of the World"]
    assert _failed(result) == set()


def test_details_mirror_entities_and_point_to_the_page() -> None:
    result = extract([typed(INVOICE, top=60.0)], ["en"])
    leaf = result.details["totals"]["gross"]
    assert leaf["value"] == result.entities["totals"]["gross"]
    assert leaf["text"] == "1,224.30"
    assert (leaf["page"], leaf["source"]) == (1, "textLayer")
    assert 0.9 < leaf["confidence"] <= 1
    assert 0 < leaf["region"]["left"] < leaf["region"]["left"] + leaf["region"]["width"] < 1
    assert _values(result.details) == result.entities


def test_a_total_that_does_not_add_up_goes_to_review() -> None:
    result = extract([typed(INVOICE.replace("1,224.30", "1,324.30"))], ["en"])
    assert result.entities["totals"]["gross"] == 1324.3
    assert "totals_add_up" in _failed(result)


def test_a_receipt_is_read_without_a_number() -> None:
    result = extract([typed(RECEIPT)], ["en"])
    assert result.document_type == "receipt"
    assert result.entities["totals"]["gross"] == 9
    assert result.entities["issuedAt"] == "2018-12-25"
    assert result.entities["currency"] == "MYR"
    assert result.entities["sender"]["name"] == "BAIFU (M) SDN BHD"


def test_a_total_that_was_given_in_cash_is_the_labelled_one() -> None:
    result = extract(
        [
            typed("""
                SYARIKAT PERNIAGAAN GIN KEE
                NO 290, JALAN AIR PANAS,
                53200, KUALA LUMPUR
                Doc No. CS00012441      Date. 28/12/2017
                1971   1   148.40       148.40   SR
                Total Sales (Excluding GST)         140.00
                Total GST                             8.40
                Total Sales (Inclusive of GST) :    148.40
                CASH :                              148.40
                Change :                              0.00
            """)
        ],
        ["en"],
    )
    gross = result.details["totals"]["gross"]
    assert (gross["value"], gross["rule"]) == (148.4, "totalLabelled")


def test_languages_settle_which_number_is_the_month() -> None:
    page = typed("Invoice 4711\nInvoice date: 03/04/2026")
    assert extract([page], ["en-US"]).entities["issuedAt"] == "2026-03-04"
    assert extract([page], ["en"]).entities["issuedAt"] == "2026-04-03"


def test_a_letter_that_is_no_invoice_is_other() -> None:
    result = extract([typed("Dear Sir,\nwe look forward to your visit.")], ["en"])
    assert result.entities == {"type": "other"}
    assert result.details["type"]["confidence"] == 0.8
    assert "required_fields" in _failed(result)


def test_nothing_to_read_gives_nothing() -> None:
    result = extract([Page(1, 595, 842, (), "ocr")], [])
    assert (result.document_type, result.pages, result.entities) == ("other", 1, {"type": "other"})


def test_a_result_survives_its_way_through_storage() -> None:
    result = extract([typed(INVOICE)], ["en"])
    assert read_json(ExtractionResult, write_json(result), "result") == result


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60), max_size=12))
def test_any_text_is_read_without_fault(lines: list[str]) -> None:
    result = extract([typed("x " + "\n".join(lines), source="ocr")], ["de"])
    assert result.checks[0].code == "required_fields"


def _failed(result: ExtractionResult) -> set[str]:
    return {check.code for check in result.checks if check.blocking and not check.passed}


def _values(node: Any) -> Any:
    if isinstance(node, list):
        return [_values(member) for member in node]
    return node["value"] if "confidence" in node else {name: _values(member) for name, member in node.items()}


def test_a_page_that_was_not_read_to_its_end_goes_to_review() -> None:
    page = replace(typed(INVOICE), is_cut=True)
    (check,) = [check for check in extract([page], ["en"]).checks if check.code == "page_read_in_part"]
    assert (check.passed, check.blocking) == (False, True)
    assert check.message == "Time was up before all of these pages was read: 1. Please compare with the page."
