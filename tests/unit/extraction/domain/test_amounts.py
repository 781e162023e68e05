"""Amounts as every locale writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extraction.domain.parsers.amounts import (
    decimal_mark_of,
    find_amounts,
    find_currencies,
    find_rates,
    read_amount,
)

AMOUNTS = st.decimals(min_value=0, max_value=99_999_999, places=2, allow_nan=False, allow_infinity=False)
# Grouping sign and decimal mark: German, English, Swiss, French, plain.
LOCALES = st.sampled_from([(".", ","), (",", "."), ("'", "."), ("\u202f", ","), (" ", ","), ("", ","), ("", ".")])


@given(AMOUNTS, LOCALES)
def test_reads_what_a_locale_writes(value: Decimal, locale: tuple[str, str]) -> None:
    assert read_amount(_written(value, *locale)) == value


@given(AMOUNTS, LOCALES)
def test_finds_an_amount_in_a_sentence(value: Decimal, locale: tuple[str, str]) -> None:
    written = _written(value, *locale)
    text = f"Rechnungsbetrag: {written} EUR"
    assert [(match.value, text[match.start : match.end]) for match in find_amounts(text)] == [(value, written)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-3.00", "-3.00"),
        ("(4.00)", "-4.00"),
        ("5,00-", "-5.00"),
        ("\u22121.234,56 €", "-1234.56"),
        ("€ -5,00", "-5.00"),
        ("1,00,000.00", "100000.00"),
        ("RM4.00", "4.00"),
        ("RM1. 38", "1.38"),
        (".02", "0.02"),
        ("0.0205", "0.0205"),
    ],
)
def test_signs_and_odd_forms(text: str, value: str) -> None:
    assert [match.value for match in find_amounts(text)] == [Decimal(value)]


@pytest.mark.parametrize("text", ["12.03.2026", "A4", "3x20", "19 %", "RE-2026-04817", "10:45", "2.5.1.3"])
def test_takes_nothing_else_for_an_amount(text: str) -> None:
    assert [match for match in find_amounts(text) if match.trust == 1.0] == []


def test_the_document_settles_what_three_decimals_mean() -> None:
    assert read_amount("1.234") == 1234
    assert read_amount("1.234", decimal_mark=".") == Decimal("1.234")
    assert read_amount("5,000", decimal_mark=",") == 5


def test_finds_the_decimal_mark_of_a_document() -> None:
    assert decimal_mark_of(["1.234,56", "12,00", "5.000"]) == ","
    assert decimal_mark_of(["1,234.56"]) == "."
    assert decimal_mark_of(["1234", "12.03.2026"]) is None


def test_rates() -> None:
    assert [match.value for match in find_rates("19 % USt, 5,5% TVA und 7%")] == [19, Decimal("5.5"), 7]


def test_currencies() -> None:
    assert [match.value for match in find_currencies("Summe EUR, 5 £, US$ 3, SUM")] == ["EUR", "GBP", "USD"]


def _written(value: Decimal, group: str, mark: str) -> str:
    signs = {ord(","): group, ord("."): mark}
    return f"{value:,.2f}".translate(signs)
