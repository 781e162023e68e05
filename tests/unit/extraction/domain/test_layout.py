"""Rows and cells, upright and askew."""

from __future__ import annotations

import pytest

from services.extraction.domain.layout import lay_out
from services.extraction.domain.pages import Page, Word
from services.extraction.domain.typography import line_boxes
from tests.support.paper import typed

TEXT = """
    Feldmann GmbH                 Rechnungsnummer:   RE-4711
    Am Werk 7                     Datum:             12.03.2026
    76228 Karlsruhe

    Pos    Bezeichnung            Menge    Gesamt EUR
    1      Spannzange ER32        24       453,60
"""
CELLS = [
    ["Feldmann GmbH", "Rechnungsnummer:", "RE-4711"],
    ["Am Werk 7", "Datum:", "12.03.2026"],
    ["76228 Karlsruhe"],
    ["Pos", "Bezeichnung", "Menge", "Gesamt EUR"],
    ["1", "Spannzange ER32", "24", "453,60"],
]


@pytest.mark.parametrize("tilt", [0.0, 0.02, -0.02, 0.035])
def test_wide_gaps_part_cells_also_on_a_tilted_page(tilt: float) -> None:
    sheet = lay_out(typed(TEXT, tilt=tilt))
    assert [[cell.text for cell in row.cells] for row in sheet.rows] == CELLS


def test_a_cell_knows_which_words_state_a_part_of_its_text() -> None:
    cell = lay_out(typed("Rechnung Nr. 4711 vom 12.03.2026")).cells[0]
    start = cell.text.index("4711")
    assert [placed.word.text for placed in cell.between(start, start + 4)] == ["4711"]


def test_words_keep_their_place_on_the_page() -> None:
    page = typed(TEXT, tilt=0.02)
    placed = {each.word for row in lay_out(page).rows for each in row.placed}
    assert placed == set(page.words)


def test_words_of_one_size_stand_on_equal_lines_whatever_their_letters() -> None:
    """`anna` has little ink, `Jagd` much, a dash hardly any."""
    size = 0.02
    inks = {"anna": (0.19, 0.53), "Jagd": (0.0, 0.93), "Baum": (0.0, 0.72), "-": (0.4, 0.1)}
    words = tuple(
        Word(text, 0.1 * index, 0.1 + top * size, 0.05, height * size, 1.0, 0)
        for index, (text, (top, height)) in enumerate(inks.items())
    )
    boxes = line_boxes(Page(1, 600, 800, words, "ocr"))
    tops = [top for top, _ in boxes[:3]]
    assert max(tops) - min(tops) < 0.5


def test_an_empty_page_has_no_rows() -> None:
    assert lay_out(Page(1, 595, 842, (), "ocr")).rows == ()
