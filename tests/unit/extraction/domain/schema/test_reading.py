"""Documents by a schema of one's own, typed as text: values, tables, evidence and checks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.extraction.domain.fields import extract
from services.extraction.domain.pages import Page
from services.extraction.domain.schema import read_fields
from shared.contracts.envelope import read_json, write_json
from shared.contracts.extraction import Check, ExtractionResult
from shared.contracts.fields import WantedField, WantedFields
from tests.support.paper import typed

LEASE = """
    Lease agreement                                  Contract ref: LA-2026/117

    Landlord:       Hartmann Immobilien KG           Plot no.:     17B
    Tenant          Anna Schmidt                     Start of lease: 1 March 2026
    Monthly rent:   EUR 1,250.00                     Term in months  36
    Deposit paid:   yes                              Kind of use:  Commercial
    The deposit is due when the tenant signs, and the landlord keeps it.

    Meter        Location            Reading     Read on
    E-10044      Cellar, behind      10,442.5    01.03.2026
                 the stairs
    W-20981      Kitchen                120.0    01.03.2026
    G-00017      Boiler room          3,300.2    02.03.2026

    Charge LX-99-1234 applies.
"""
METERS = (
    WantedField("meters", "table", "Meters"),
    WantedField("meters.id", "string", "Meter"),
    WantedField("meters.place", "string", "Location"),
    WantedField("meters.value", "number", "Reading"),
    WantedField("meters.readOn", "date", "Read on"),
)
INVOICE = """
    Harrow & Lyle Ltd · 22 Canal Wharf · Leeds LS11 5PS
    Ashdown School                               Invoice no.:       INV-10733
    4 Priory Lane                                Invoice date:      5 February 2026
    Lewes BN8 4QA                                Customer no.:      ASH-0092

    Item   Code      Description               Qty   Unit     Unit price    VAT %    Net GBP
    1      8841      Copier paper A4            40   boxes         17.85    20        714.00
    2      6600      Atlas of the World         15   pcs           24.50     0        367.50

    Subtotal                                                                        1,081.50
    VAT 20 %                                                                          142.80
    Total amount                                                                    1,224.30
"""


def field(name: str, kind: str = "string", label: str = "", **more: Any) -> WantedField:
    return WantedField(name, kind, label or name, **more)


def read(paper: str | list[Page], *fields: WantedField, languages: tuple[str, ...] = ("en",)) -> ExtractionResult:
    pages = [typed(paper)] if isinstance(paper, str) else paper
    result = read_fields(pages, languages, WantedFields(fields), extract(pages, languages))
    assert read_json(ExtractionResult, write_json(result), "result") == result
    return result


def check(result: ExtractionResult, code: str) -> Check:
    return next(check for check in result.checks if check.code == code)


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (field("contractRef", label="Contract ref"), "LA-2026/117"),
        (field("landlord"), "Hartmann Immobilien KG"),
        (field("lessee", synonyms=("Tenant",)), "Anna Schmidt"),
        (field("plotNumber"), "17B"),
        (field("plot_number"), "17B"),
        (field("ref", description="Contract ref"), "LA-2026/117"),
        (field("start", "date", "Start of lease"), "2026-03-01"),
        (field("rent", "amount", "Monthly rent"), 1250),
        (field("termInMonths", "number"), 36),
        (field("depositPaid", "boolean"), True),
        (field("use", "enum", "Kind of use", examples=("Residential", "Commercial")), "Commercial"),
        (field("use", "multiValue", "Kind of use"), "Commercial"),
        (field("charge", pattern="LX-[0-9]{2}-[0-9]{4}"), "LX-99-1234"),
        (field("levy", examples=("AB-12-3456",)), "LX-99-1234"),
        (field("rentCurrency", "currency", "Monthly rent"), "EUR"),
    ],
    ids=lambda each: each.name if isinstance(each, WantedField) else "",
)
def test_a_value_is_found_by_what_the_data_point_tells(wanted: WantedField, value: Any) -> None:
    assert read(LEASE, wanted).entities == {wanted.name: value}


@pytest.mark.parametrize(
    "wanted",
    [
        field("warranty"),
        field("deposit"),  # the rest of a sentence
        field("tenant", "date"),
        field("tenant", pattern="[0-9]+X"),
        field("use", "enum", "Kind of use", examples=("Residential", "Farming")),
        field("seal", examples=("some words",)),
        field("meters"),
    ],
    ids=lambda wanted: f"{wanted.name}-{wanted.type}",
)
def test_what_is_not_there_is_left_out(wanted: WantedField) -> None:
    assert read(LEASE, wanted).entities == {}


def test_names_are_paths_and_each_value_has_its_evidence() -> None:
    result = read(LEASE, field("lease.tenant.name", label="Tenant"), field("lease.rent", "amount", "Monthly rent"))
    assert result.entities == {"lease": {"tenant": {"name": "Anna Schmidt"}, "rent": 1250}}
    leaf = result.details["lease"]["tenant"]["name"]
    assert (leaf["text"], leaf["page"], leaf["source"], leaf["rule"]) == (
        "Anna Schmidt",
        1,
        "textLayer",
        "labelledRight",
    )
    assert 0.6 < leaf["confidence"] < 1
    assert 0 < leaf["region"]["left"] < leaf["region"]["left"] + leaf["region"]["width"] < 1


def test_a_member_may_be_called_as_evidence_is() -> None:
    names = ("x.value", "x.confidence", "x.rule")
    labels = ("Landlord", "Tenant", "Plot no.")
    result = read(LEASE, *(field(name, label=label) for name, label in zip(names, labels, strict=True)))
    assert result.entities["x"] == {"value": "Hartmann Immobilien KG", "confidence": "Anna Schmidt", "rule": "17B"}


def test_text_of_which_only_the_shape_is_known_is_doubtful_and_one_of_several_is_not_guessed() -> None:
    wanted = field("levy", examples=("AB-12-3456",))
    once = read(LEASE, wanted)
    assert once.details["levy"]["confidence"] < 0.6
    assert not check(once, "confident_fields").passed
    assert read(f"{LEASE}\n    Charge LX-98-7777 too.", wanted).entities == {}


@pytest.mark.parametrize(
    ("paper", "value", "is_sure"),
    [
        ("Fee: 10.00\n    Fee: 10.00", 10, True),
        ("Fee: 10.00\n    Fee: 20.00", 10, False),
        ("Fee:          10.00\n    Fee paid:     20.00", 20, True),
        ("Fee of the others      10.00\n    Fee           20.00", 20, True),
        ("Late fee:     10.00\n    Fee:          20.00", 20, True),
        ("Item      Count     Fee\n    Paper     3         10.00", 10, False),
        ("Fee (EUR)     10.00", 10, True),
    ],
)
def test_what_is_told_twice_must_agree_and_longer_labels_are_others(paper: str, value: int, is_sure: bool) -> None:
    result = read(f"    {paper}", field("fee", "amount", "Fee", synonyms=("Fee paid",)))
    assert result.entities == {"fee": value}
    assert check(result, "confident_fields").passed is is_sure


def test_what_fits_a_pattern_by_chance_is_doubtful() -> None:
    found = read("    Nothing\n    17\n    to see", field("weight", pattern="^[0-9]+$"))
    assert found.entities == {"weight": "17"}
    assert not check(found, "confident_fields").passed


def test_a_table_is_read_by_its_headings_with_what_wraps() -> None:
    result = read(LEASE, *METERS)
    assert result.entities["meters"] == [
        {"id": "E-10044", "place": "Cellar, behind the stairs", "value": 10442.5, "readOn": "2026-03-01"},
        {"id": "W-20981", "place": "Kitchen", "value": 120, "readOn": "2026-03-01"},
        {"id": "G-00017", "place": "Boiler room", "value": 3300.2, "readOn": "2026-03-02"},
    ]
    assert result.details["meters"][1]["value"]["region"]["top"] > result.details["meters"][0]["value"]["region"]["top"]


def test_a_table_goes_on_where_the_next_page_begins() -> None:
    first = typed(LEASE.partition("    Charge")[0])
    second = typed("    G-00018      Garage                  7.0    03.03.2026", number=2)
    rows = read([first, second], *METERS).entities["meters"]
    assert [row["id"] for row in rows] == ["E-10044", "W-20981", "G-00017", "G-00018"]


def test_columns_that_the_paper_does_not_have_are_left_out() -> None:
    result = read(LEASE, *METERS, field("meters.seal", label="Seal"))
    assert set(result.entities["meters"][0]) == {"id", "place", "value", "readOn"}
    assert (
        "meters"
        not in read(LEASE, METERS[0], field("meters.a", label="Alpha"), field("meters.b", label="Beta")).entities
    )


def test_what_is_built_in_is_read_as_ever() -> None:
    columns = (field("items.name", label="Description"), field("items.net", "amount", "Net"))
    names = (field("totals.gross", "amount"), field("sender.name"), field("items", "table"), *columns)
    result = read(INVOICE, *names)
    built_in = extract([typed(INVOICE)], ["en"])
    assert result.document_type == "invoice"
    assert result.entities == {
        "totals": {"gross": 1224.3},
        "sender": {"name": "Harrow & Lyle Ltd"},
        "items": [{"name": "Copier paper A4", "net": 714}, {"name": "Atlas of the World", "net": 367.5}],
    }
    assert result.details["totals"]["gross"] == built_in.details["totals"]["gross"]


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("invoiceNumber", "string", "INV-10733"),
        ("invoice_date", "date", "2026-02-05"),
        ("grossAmount", "amount", 1224.3),
        ("supplierName", "string", "Harrow & Lyle Ltd"),
        ("currencyCode", "currency", "GBP"),
        ("customerNumber", "string", "ASH-0092"),
    ],
)
def test_well_known_names_mean_what_is_built_in(name: str, kind: str, value: Any) -> None:
    assert read(INVOICE, field(name, kind)).entities == {name: value}


def test_what_is_built_in_is_not_taken_for_another_type_or_pattern() -> None:
    assert read(INVOICE, field("number", "amount")).entities == {}
    assert read(INVOICE, field("number", pattern="^[0-9]+$")).entities == {}
    assert read(INVOICE, field("number", pattern="INV-[0-9]+")).entities == {"number": "INV-10733"}


def test_what_is_required_must_be_there_and_sure() -> None:
    result = read(
        LEASE, field("plotNumber", label="Plot number", required=True), field("seal", label="Seal", required=True)
    )
    missing = check(result, "required_fields")
    assert (missing.passed, missing.blocking, missing.fields) == (False, True, ("seal",))
    assert missing.message == "Not found on the document: Seal."
    assert check(result, "confident_fields").passed
    unsure = read(LEASE, field("levy", label="Levy", examples=("AB-12-3456",), required=True))
    assert check(unsure, "required_fields").passed
    assert check(unsure, "confident_fields").fields == ("levy",)
    table = read(LEASE, WantedField("meters", "table", "Meters", required=True), *METERS[1:])
    assert check(table, "required_fields").passed


def test_where_nothing_is_required_something_must_be_found() -> None:
    assert check(read(LEASE, field("plotNumber")), "any_field").passed
    nothing = check(read(LEASE, field("warranty")), "any_field")
    assert (nothing.passed, nothing.blocking) == (False, True)
    required = read(LEASE, field("plotNumber", required=True))
    assert "any_field" not in [each.code for each in required.checks]


def test_what_is_built_in_is_checked_as_ever_but_for_what_there_must_be() -> None:
    names = ("totals.net", "totals.tax", "totals.gross")
    codes = {each.code: each.passed for each in read(INVOICE, *(field(name, "amount") for name in names)).checks}
    assert codes == {"required_fields": True, "any_field": True, "confident_fields": True, "totals_add_up": True}


def test_a_pattern_of_before_that_is_not_taken_any_more_is_as_if_it_were_not_there() -> None:
    assert read(LEASE, field("tenant", pattern="(?=A).*")).entities == {"tenant": "Anna Schmidt"}


def test_days_come_first_unless_the_paper_or_the_language_says_otherwise() -> None:
    paper = "    Signed on: 3/4/2026"
    wanted = field("signedOn", "date")
    assert read(paper, wanted).entities == {"signedOn": "2026-04-03"}
    assert read(paper, wanted, languages=("en-US",)).entities == {"signedOn": "2026-03-04"}


@given(
    st.text(max_size=200),
    st.lists(st.text(min_size=1, max_size=20), max_size=4),
    st.sampled_from(["string", "enum", "x"]),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_printed_and_wanted_there_is_a_result(paper: str, told: list[str], kind: str) -> None:
    wanted = (
        field("a", kind, synonyms=tuple(told), examples=tuple(told), description=" ".join(told)),
        field("t", "table"),
        *(WantedField(f"t.c{place}", kind, label) for place, label in enumerate(told)),
    )
    page = typed(paper) if paper.strip() else Page(1, 595.0, 842.0, (), "ocr")
    assert set(read([page], *wanted).entities) <= {"a", "t"}


def test_a_field_within_one_that_is_a_value_is_left_out() -> None:
    result = read(LEASE, field("landlord", label="Landlord"), field("landlord.of.tenant", label="Tenant"))
    assert result.entities == {"landlord": "Hartmann Immobilien KG"}
