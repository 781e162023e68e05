"""Ranking: the trained model tells which value is which field by what stands around it, with a label or without."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from services.extraction.domain.fields import extract
from services.extraction.domain.fields.parties.addresses import find_addresses
from services.extraction.domain.fields.parties.names import rank_names
from services.extraction.domain.fields.parties.roles import assign
from services.extraction.domain.fields.ranking import (
    BY_LAYOUT,
    GROUPS,
    Ranking,
    by_place,
    candidates_of,
    documents,
    lines,
    rank,
)
from services.extraction.domain.fields.ranking.model import SCORERS
from services.extraction.domain.fields.ranking.spots import names
from services.extraction.domain.fields.survey import Survey, look_over
from services.extraction.domain.layout import lay_out
from tests.support.paper import typed

INVOICE = """
    Feldmann Werkzeuge GmbH
    Industriestr. 4
    76228 Karlsruhe

    Rechnung Nr. RE-2026/0815            Rechnungsdatum: 12.03.2026
    Ihre Bestellnummer: PO-77812         Fällig am: 11.04.2026
    Kundennummer: 40231

    Pos  Bezeichnung           Menge   Einzelpreis      Betrag
    1    Bohrhammer               2        250,00       500,00
    2    Schleifscheiben         10         12,50       125,00

    Nettobetrag                                         625,00
    Umsatzsteuer 19 %                                   118,75
    Rechnungsbetrag                                     743,75
"""


def survey_of(text: str) -> Survey:
    return look_over([lay_out(typed(text))], ())


def ranked(group: str, survey: Survey) -> Ranking:
    ruled = survey.ruled_amounts if group == "amount" else survey.ruled
    return rank(group, survey.sheets, ruled, survey.how)


@pytest.mark.parametrize("group", GROUPS)
def test_the_weights_fit_the_features(group: str) -> None:
    survey = survey_of(INVOICE)
    found = candidates_of(group, survey.sheets, by_place(survey.sheets, survey.ruled), survey.how)
    scorer = SCORERS[group]
    assert {len(spot.features) for spot in found} == {len(scorer.names)}
    assert scorer.names == tuple(names(group))
    assert scorer.fields == GROUPS[group]
    assert [len(network.hidden) for network in scorer.networks] == [len(scorer.names)] * len(scorer.fields)


def test_the_weights_fit_the_features_of_lines() -> None:
    sheet = lay_out(typed(INVOICE))
    addresses = find_addresses(sheet)
    found = lines.lines(sheet, addresses, assign(addresses, sheet))
    scorer = SCORERS[lines.GROUP]
    assert {len(line.features) for line in found} == {len(scorer.names)}
    assert (scorer.names, scorer.fields) == (tuple(lines.names()), lines.FIELDS)


def test_the_weights_fit_the_features_of_documents() -> None:
    scorer = SCORERS[documents.GROUP]
    survey = survey_of(INVOICE)
    assert len(documents.features(survey, documents.titles(survey.sheets[0]))) == len(scorer.names)
    assert (scorer.names, scorer.fields) == (tuple(documents.names()), documents.KINDS)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Rechnung", "invoice"),
        ("Gutschrift", "creditNote"),
        ("Bestellung", "purchaseOrder"),
        ("Lieferschein", "deliveryNote"),
        ("Angebot", "other"),
    ],
)
def test_a_title_tells_the_type(title: str, kind: str) -> None:
    letter = INVOICE.replace("Rechnung Nr. RE-2026/0815", f"{title}\n\n    Nr. RE-2026/0815   ")
    result = extract([typed(letter)], ())
    assert (result.document_type, result.details["type"]["text"]) == (kind, title)


def test_a_plain_title_goes_before_what_else_a_sheet_states() -> None:
    result = extract(
        [typed("Feldmann GmbH\n\nRechnung\n\nRechnung Nr. 17      Datum: 12.03.2026\n\nGesamtbetrag      849,66")], ()
    )
    assert result.document_type == "invoice"


def test_what_a_document_states_tells_its_type_where_no_title_does() -> None:
    result = extract([typed(INVOICE.replace("Rechnung Nr. RE-2026/0815", " " * 25))], ())
    assert result.document_type == "invoice"
    assert result.details["type"]["rule"] == "typeByContent"


def test_each_field_is_the_value_at_its_label() -> None:
    survey = survey_of(INVOICE)
    first = {
        field: str(found[0].value)
        for group in GROUPS
        for field, found in ranked(group, survey).items()
        if found and found[0].score > 0.5
    }
    assert first == {
        "number": "RE-2026/0815",
        "purchaseOrderNumber": "PO-77812",
        "customerNumber": "40231",
        "issuedAt": "2026-03-12",
        "dueAt": "2026-04-11",
        "net": "625.00",
        "tax": "118.75",
        "gross": "743.75",
    }


def test_a_total_whose_label_cannot_be_read_is_found_by_its_place_and_the_sum() -> None:
    gross = ranked("amount", survey_of(INVOICE.replace("Rechnungsbetrag", "Xxchxxxgsxxxxxg")))["gross"][0]
    assert (gross.value, gross.rule) == (Decimal("743.75"), BY_LAYOUT)


def test_chances_come_with_the_likeliest_first_and_each_value_once() -> None:
    for found in ranked("amount", survey_of(INVOICE)).values():
        chances = [finding.score for finding in found]
        assert chances == sorted(chances, reverse=True)
        assert all(0 < chance <= 1 for chance in chances)
        assert len({finding.value for finding in found}) == len(found)


def test_nothing_to_rank_is_nothing_found() -> None:
    assert ranked("date", survey_of("No date stands here.")) == {"issuedAt": [], "dueAt": [], "deliveredAt": []}


def test_one_line_is_not_the_name_of_both() -> None:
    sheet = lay_out(typed(INVOICE))
    addresses = find_addresses(sheet)
    found = rank_names(sheet, addresses, assign(addresses, sheet))
    assert found["sender"] is not None
    assert found["sender"].value == "Feldmann Werkzeuge GmbH"
    assert found["recipient"] is None or found["recipient"].placed != found["sender"].placed


def test_lines_without_end_and_without_height_are_ranked_too() -> None:
    long = typed("Invoice number: " + "(" + "1234567890" * 400 + " " + "word: 12 " * 300)
    flat = replace(long, words=tuple(replace(word, height=0.0) for word in long.words))
    for page in (long, flat):
        survey = look_over([lay_out(page)], ())
        assert set(ranked("number", survey)) == set(GROUPS["number"])
        assert extract([page], []).pages == 1
