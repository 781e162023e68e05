"""Text set in type: cells side by side stay columns, long lines break, many lines make pages."""

import pytest

from services.extraction.adapters.reading.pixels import MAX_PAGES
from services.extraction.adapters.reading.typesetting import (
    LETTER,
    LINES,
    Line,
    moved,
    pages_of,
    set_pages,
    set_text,
    side_by_side,
)
from services.extraction.domain.layout import lay_out
from services.extraction.domain.pages import Page
from services.extraction.errors import TooManyPages


def rows(*pages: Page) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for page in pages for row in lay_out(page).rows]


def test_lines_break_where_the_text_does() -> None:
    assert rows(*set_pages(set_text("M\u00fcller GmbH\n\nagain anna,\nJagd"))) == [
        ["M\u00fcller GmbH"],
        ["again anna,"],
        ["Jagd"],
    ]


def test_a_tab_parts_columns() -> None:
    assert rows(*set_pages(set_text("Number:\tR-1\tpage\t1"))) == [["Number:", "R-1", "page", "1"]]


def test_a_long_line_is_broken_between_words() -> None:
    lines = set_text("word " * 100, width=40 * LETTER)
    assert {text for line in lines for _, text in line} == {" ".join(["word"] * 8), " ".join(["word"] * 4)}


def test_a_word_that_is_longer_than_a_line_stays_whole() -> None:
    assert set_text("x" * 500) == [[(0.0, "x" * 500)]]


def test_what_follows_a_broken_column_stays_in_it() -> None:
    first, second = set_text("Note\t" + "word " * 22)
    assert [left for left, _ in first] == [0.0, second[0][0]]


def test_blocks_stand_side_by_side() -> None:
    left: list[Line] = set_text("a\nb")
    assert rows(*set_pages(side_by_side([left, moved(set_text("1\n2\n3"), 200)]))) == [["a", "1"], ["b", "2"], ["3"]]


def test_many_lines_make_pages() -> None:
    pages = set_pages([[(0.0, str(number))] for number in range(LINES + 1)])
    assert [(page.number, len(page.words)) for page in pages] == [(1, LINES), (2, 1)]
    assert all(0 <= word.left < 1 and 0 <= word.top < 1 for page in pages for word in page.words)


def test_wide_lines_make_wide_pages() -> None:
    (page,) = set_pages([[(2000.0, "far")]])
    assert page.width > 2000
    assert page.words[0].left + page.words[0].width <= 1


def test_parts_have_pages_of_their_own() -> None:
    pages = pages_of(set_text("a"), [], set_text("b"))
    assert [(page.number, len(page.words)) for page in pages] == [(1, 1), (2, 0), (3, 1)]


def test_there_is_an_end_to_pages() -> None:
    with pytest.raises(TooManyPages):
        set_pages([[(0.0, "x")]] * (LINES * MAX_PAGES + 1))
