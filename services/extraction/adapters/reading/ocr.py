"""Words from the pixels of a page, read by Tesseract on a page that is turned upright first."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image
from tesserocr import RIL, PyTessBaseAPI, iterate_level

from services.extraction.adapters.reading.skew import skew_of
from services.extraction.domain.pages import Word

# ISO 639-1 codes by the names of Tesseract's models; which of them are there, the folder decides.
_MODELS = {
    "cs": "ces", "da": "dan", "de": "deu", "en": "eng", "es": "spa", "fi": "fin", "fr": "fra", "hr": "hrv",
    "hu": "hun", "it": "ita", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "sk": "slk",
    "sl": "slv", "sv": "swe", "tr": "tur",
}  # fmt: skip
_NO_LANGUAGES = {"osd", "equ"}

# Below this a skew changes no reading (measured: none up to 0.3 degrees) and turning would only blur the print.
LEAST_SKEW = 0.3
# Paper, not print: no pixel of the page is darker.
BRIGHTEST_INK = 170


def models_for(languages: Sequence[str], tessdata: Path) -> tuple[str, ...]:
    """The Tesseract models in the folder `tessdata` for these ISO 639-1 languages; all of them when there is none."""
    present = sorted(path.stem for path in tessdata.glob("*.traineddata") if path.stem not in _NO_LANGUAGES)
    if not present:
        raise FileNotFoundError(f"There is no language model (*.traineddata) in {tessdata}; set PAPERLANE_TESSDATA.")
    wanted = dict.fromkeys(_MODELS.get(language.lower()[:2], "") for language in languages)
    return tuple(model for model in wanted if model in present) or tuple(present)


@lru_cache(maxsize=4)
def load(models: tuple[str, ...], tessdata: Path) -> Ocr:
    """Tesseract with these models; kept, because loading costs as much as reading a small page."""
    return Ocr(PyTessBaseAPI(path=str(tessdata), lang="+".join(models)))


class Ocr:
    """Reads grey images."""

    def __init__(self, engine: PyTessBaseAPI) -> None:
        self._engine = engine

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        """The words of an image in mode L, in reading order; none when nothing is dark enough to be print."""
        if not any(image.histogram()[: BRIGHTEST_INK + 1]):
            return ()
        skew = skew_of(image)
        if abs(skew) < LEAST_SKEW:
            skew, upright = 0.0, image
        else:
            upright = image.rotate(skew, Image.Resampling.BILINEAR, fillcolor=255)
        self._engine.SetImageBytes(upright.tobytes(), upright.width, upright.height, 1, upright.width)
        self._engine.Recognize()
        words = tuple(self._words(upright.width, upright.height, skew))
        self._engine.Clear()
        return words

    def _words(self, width: int, height: int, skew: float) -> Iterator[Word]:
        results = self._engine.GetIterator()
        line = -1
        for word in iterate_level(results, RIL.WORD) if results else ():
            line += word.IsAtBeginningOf(RIL.TEXTLINE)
            text = "" if word.Empty(RIL.WORD) else "".join(word.GetUTF8Text(RIL.WORD).split())
            if not text:
                continue
            left, top, right, bottom = word.BoundingBox(RIL.WORD)
            x, y = _turned_back((left + right) / 2 - width / 2, (top + bottom) / 2 - height / 2, skew)
            yield Word(
                unicodedata.normalize("NFC", text),
                round((x - (right - left) / 2) / width + 0.5, 5),
                round((y - (bottom - top) / 2) / height + 0.5, 5),
                round((right - left) / width, 5),
                round((bottom - top) / height, 5),
                round(word.Confidence(RIL.WORD) / 100, 3),
                line,
            )


def _turned_back(x: float, y: float, degrees: float) -> tuple[float, float]:
    """Where a point, measured from the centre, lay before the image was turned counter-clockwise; y grows downwards."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return x * cosine - y * sine, x * sine + y * cosine
