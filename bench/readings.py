"""Reading trusted files with the product's reader but without its sandbox: for measuring and training."""

from __future__ import annotations

from bench.truth import Labelled
from services.extraction.adapters.reading import read_pages
from services.extraction.adapters.reading.ocr import load, models_for
from services.extraction.domain.pages import Page
from services.extraction.settings import PACKAGED_TESSDATA


def read_file(labelled: Labelled) -> list[Page]:
    """Its pages."""
    ocr = load(models_for((), PACKAGED_TESSDATA), PACKAGED_TESSDATA)
    return read_pages(labelled.path.read_bytes(), labelled.media_type, ocr)
