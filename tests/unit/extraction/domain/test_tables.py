"""Tables of any document, typed as text: what is one, where it ends, and what its header is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.extraction.domain.layout import lay_out
from services.extraction.domain.tables import find_tables
from shared.contracts.pages import FreeTable
from tests.support.paper import typed

METERS = """
    Readings of the house at Canal Wharf, taken by the caretaker and sent to all tenants

    Meter        Location            Reading     Read on
    E-10044      Cellar, behind      10,442.5    01.03.2026
                 the stairs
    W-20981      Kitchen                120.0    01.03.2026
    G-00017                           3,300.2    02.03.2026

    Please tell us within two weeks if anything is wrong.
"""
ADDRESSES = """
    Harrow & Lyle Ltd          Ashdown School          Priory Bank
    22 Canal Wharf             4 Priory Lane           High Street
    Leeds                      Lewes                   London
    United Kingdom             United Kingdom          United Kingdom
"""


def tables(paper: str) -> list[FreeTable]:
    return find_tables(lay_out(typed(paper)))


def test_a_table_has_a_header_and_rows_with_what_wraps() -> None:
    (table,) = tables(METERS)
    assert table.header == ("Meter", "Location", "Reading", "Read on")
    assert table.rows == (
        ("E-10044", "Cellar, behind the stairs", "10,442.5", "01.03.2026"),
        ("W-20981", "Kitchen", "120.0", "01.03.2026"),
        ("G-00017", "", "3,300.2", "02.03.2026"),
    )
    (first, *_) = typed(METERS).words
    assert table.page == 1
    assert table.top > first.top + first.height
    assert 0 < table.left < table.left + table.width < 1
    assert table.top + table.height < 1


def test_two_tables_with_room_between_are_two() -> None:
    second = "    1      5.00      7.00\n    2      6.00      8.00\n    3      9.00      1.00"
    assert [len(table.rows) for table in tables(f"{METERS}\n\n{second}")] == [3, 3]


def test_without_headings_there_is_no_header() -> None:
    (table,) = tables("    1      5.00      7.00\n    2      6.00      8.00\n    3      9.00      1.00")
    assert (table.header, table.rows[0]) == ((), ("1", "5.00", "7.00"))


@pytest.mark.parametrize(
    "paper",
    [
        ADDRESSES,
        "    Invoice no.:     INV-1\n    Date:            1 March 2026\n    Due:             2 March 2026",
        "    School    Date:     1.3.2026\n    Lane      Due:      2.3.2026\n    Town      No.:      5510",
        "    1      5.00      7.00\n    2      6.00      8.00",
        "    Some words of a letter that goes on for a while.\n    And some more of them in the next line of it.",
        "    One",
    ],
    ids=["addresses", "labels", "labels beside an address", "two rows", "prose", "one word"],
)
def test_what_only_stands_side_by_side_is_no_table(paper: str) -> None:
    assert tables(paper) == []


@given(st.lists(st.lists(st.sampled_from(["1.00", "Paper", "", "a b", "2026"]), min_size=1, max_size=5), max_size=8))
@settings(max_examples=200, deadline=None)
def test_rows_are_as_long_as_their_header(lines: list[list[str]]) -> None:
    paper = "\n".join("    " + "".join(cell.ljust(12) for cell in line) for line in lines)
    for table in tables(paper or "-"):
        assert len({len(row) for row in table.rows} | ({len(table.header)} if table.header else set())) == 1
        assert all(any(row) for row in table.rows)
