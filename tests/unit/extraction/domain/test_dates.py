"""Dates as business documents write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extraction.domain.parsers.dates import find_dates, is_month_first

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2079, 12, 31))


@given(DAYS, st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%y", "%d %B %Y", "%d. %b %Y", "%B %d, %Y"]))
def test_reads_what_a_format_writes(day: date, form: str) -> None:
    assert [match.value for match in find_dates(f"Datum: {day.strftime(form)}, Seite 1")] == [day]


@given(DAYS)
def test_american_dates_put_the_month_first(day: date) -> None:
    assert [match.value for match in find_dates(day.strftime("%m/%d/%Y"), month_first=True)] == [day]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1. Oktober 2023", "2023-10-01"),
        ("12. M\u00e4rz 2024", "2024-03-12"),
        ("5th of October 2023", "2023-10-05"),
        ("1er octobre 2023", "2023-10-01"),
        ("3 de marzo de 2024", "2024-03-03"),
        ("01-Oct-23", "2023-10-01"),
        ("02/Jan/2017 10:49", "2017-01-02"),
        ("14May/2017", "2017-05-14"),
        ("25/12/20188:13:39PM", "2018-12-25"),
        ("13/05/2026", "2026-05-13"),
    ],
)
def test_words_and_glued_times(text: str, iso: str) -> None:
    assert [match.value.isoformat() for match in find_dates(text)] == [iso]


@pytest.mark.parametrize(
    "text", ["31.02.2026", "1.234,56", "1 apr\u0131l 2024", "192.168.10.20", "35007/41882", "10.000.000"]
)
def test_takes_nothing_else_for_a_date(text: str) -> None:
    assert find_dates(text) == []


def test_a_document_tells_its_order_by_a_number_above_twelve() -> None:
    assert is_month_first(["11/17/2017", "03/04/2017"]) is True
    assert is_month_first(["17/11/2017"]) is False
    assert is_month_first(["03/04/2017"]) is None
