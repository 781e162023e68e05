"""The first engine: Tesseract, which reads clean print about as fast as a page is printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image
from tesserocr import RIL, PyTessBaseAPI, iterate_level

from services.extraction.adapters.reading.deadline import Deadline
from services.extraction.domain.pages import Word, word_at

# ISO 639-1 codes by the names of Tesseract's models; which of them are there, the folder decides.
_MODELS = {
    "cs": "ces", "da": "dan", "de": "deu", "en": "eng", "es": "spa", "fi": "fin", "fr": "fra", "hr": "hrv",
    "hu": "hun", "it": "ita", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "sk": "slk",
    "sl": "slv", "sv": "swe", "tr": "tur",
}  # fmt: skip
_NO_LANGUAGES = {"osd", "equ"}
_MILLISECONDS = 1000


def models_for(languages: Sequence[str], tessdata: Path) -> tuple[str, ...]:
    """The Tesseract models in the folder `tessdata` for these ISO 639-1 languages; all of them when there is none."""
    present = sorted(path.stem for path in tessdata.glob("*.traineddata") if path.stem not in _NO_LANGUAGES)
    if not present:
        raise FileNotFoundError(f"There is no language model (*.traineddata) in {tessdata}; set PAPERLANE_TESSDATA.")
    wanted = dict.fromkeys(_MODELS.get(language.lower()[:2], "") for language in languages)
    return tuple(model for model in wanted if model in present) or tuple(present)


class Tesseract:
    """Reads grey pages in some languages."""

    def __init__(self, models: Sequence[str], tessdata: Path) -> None:
        self._engine = PyTessBaseAPI(path=str(tessdata), lang="+".join(models))

    def read(self, page: Image.Image, deadline: Deadline) -> list[Word]:
        """The words of an upright page in mode L, in reading order, as fractions of it; those read in time."""
        self._engine.SetImageBytes(page.tobytes(), page.width, page.height, 1, page.width)
        self._engine.Recognize(max(1, int(deadline.left * _MILLISECONDS)))
        words = list(self._words(page.width, page.height))
        self._engine.Clear()
        return words

    def _words(self, width: int, height: int) -> Iterator[Word]:
        results = self._engine.GetIterator()
        line = -1
        for word in iterate_level(results, RIL.WORD) if results else ():
            line += word.IsAtBeginningOf(RIL.TEXTLINE)
            text = "" if word.Empty(RIL.WORD) else "".join(word.GetUTF8Text(RIL.WORD).split())
            if not text:
                continue
            text, sure = unicodedata.normalize("NFC", text), round(word.Confidence(RIL.WORD) / 100, 3)
            yield word_at(text, word.BoundingBox(RIL.WORD), (width, height), sure, line)
