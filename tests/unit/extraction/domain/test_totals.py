"""Totals and tax lines: the labelled amounts that add up."""

from __future__ import annotations

from typing import Any

import pytest

from services.extraction.domain.fields.findings import plain
from services.extraction.domain.fields.survey import look_over
from services.extraction.domain.fields.totals import Tax, Totals, find_totals
from services.extraction.domain.layout import lay_out
from tests.support.paper import typed


def test_labelled_amounts_that_add_up_are_proven() -> None:
    totals, taxes = _read("""
        Nettobetrag                  1.087,10 €
        Umsatzsteuer 19 %              206,55 €
        Rechnungsbetrag              1.293,65 €
    """)
    assert totals == {"net": 1087.1, "tax": 206.55, "gross": 1293.65, "due": 1293.65}
    assert taxes == [{"rate": 19, "base": 1087.1, "amount": 206.55}]


def test_a_tax_table_gives_a_base_to_every_rate() -> None:
    totals, taxes = _read("""
        Subtotal                     1,843.70
        VAT 20 %                       295.24
        VAT 0 %                          0.00
        Total amount                 2,138.94

        VAT rate      Net amount     VAT amount
        20 %            1,476.20         295.24
        0 %               367.50           0.00
    """)
    assert totals["tax"] == 295.24
    assert taxes == [
        {"rate": 20, "base": 1476.2, "amount": 295.24},
        {"rate": 0, "base": 367.5, "amount": 0},
    ]


def test_what_was_given_less_what_was_given_back_is_the_total() -> None:
    totals, _ = _read("""
        JALAN JALAN                     10.00
        GRAND TOTAL                     10 00
        CASH                            20.00
        CHANGE DUE                      10.00
    """)
    assert totals["gross"] == 10


def test_what_was_paid_in_advance_lowers_what_is_due() -> None:
    totals, _ = _read("""
        Rechnungssumme ohne USt.       177,49
        Steuerbetrag                    20,16
        Bruttosumme                    197,65
        Erhaltene Anzahlungen          -50,00
        Zahlbetrag                     147,65
    """)
    assert totals == {"net": 177.49, "tax": 20.16, "gross": 197.65, "due": 147.65}


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Total excl. VAT", "net"),
        ("Total HT", "net"),
        ("Rechnungssumme Netto (exkl. USt.)", "net"),
        ("Total TTC", "gross"),
        ("Summe inkl. USt", "gross"),
        ("Balance due", "due"),
    ],
)
def test_words_behind_a_label_say_which_total_it_is(label: str, kind: str) -> None:
    totals, _ = _read(f"{label}        120,00")
    assert totals[kind] == 120


def test_amounts_under_a_row_of_labels() -> None:
    totals, _ = _read("""
        Base HT          Total HT         Montant TVA      Total TTC
        100,00           100,00           20,00            120,00
    """)
    assert totals == {"net": 100, "tax": 20, "gross": 120, "due": 120}


def test_cash_is_rounded_to_what_can_be_paid() -> None:
    totals, _ = _read("""
        Total sales (incl GST 6%)    RM 64.13
        Rounding adjustment           RM 0.02
        Total                        RM 64.15
        Cash                        RM 100.00
        Change                       RM 35.85
    """)
    assert totals["gross"] == 64.15


def test_totals_that_contradict_each_other_are_shown_but_not_believed() -> None:
    totals, _ = _find("Nettobetrag      100,00\nUmsatzsteuer 19 %      19,00\nRechnungsbetrag      209,00")
    assert totals.gross is not None
    assert totals.gross.value == 209
    assert totals.gross.score <= 0.5


def test_a_sentence_with_a_number_is_no_total() -> None:
    totals, _ = _read("Please pay the given amount within 30 days from invoice date.")
    assert totals == {}


def _find(text: str) -> tuple[Totals, list[Tax]]:
    survey = look_over([lay_out(typed(text))], ())
    return find_totals(survey.sheets, survey.items, survey.how, survey.evidence)


def _read(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    totals, taxes = _find(text)
    lines = [{"rate": tax.rate, "base": tax.base, "amount": tax.amount} for tax in taxes]
    return (
        {name: plain(finding.value) for name, finding in totals.entries().items()},
        [{name: plain(finding.value) for name, finding in line.items() if finding} for line in lines],
    )
