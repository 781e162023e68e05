"""The bundled samples are what their generator makes, and small enough to ship."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pikepdf
import pypdfium2
import pytest

from tests.support.samples import (
    BUNDLE,
    blank,
    broken,
    draw_letter,
    encrypted,
    english,
    german,
    not_a_pdf,
    scan,
    wrong_total,
)  # fmt: skip
from tests.support.samples.truth import Invoice


def test_the_bundled_invoice_is_what_its_truth_draws() -> None:
    assert (BUNDLE / "invoice.pdf").read_bytes() == draw_letter(german())


def test_the_bundled_scan_shows_that_invoice() -> None:
    """Within a gray level: how a JPEG is decoded differs between processors by rounding."""
    ours, bundled = (_gray(pdf) for pdf in (scan(draw_letter(german())), (BUNDLE / "invoice-scan.pdf").read_bytes()))
    assert np.abs(ours - bundled).mean() < 1


def test_the_bundle_is_small() -> None:
    sizes = {path.name: path.stat().st_size for path in BUNDLE.iterdir()}
    assert set(sizes) == {"invoice.pdf", "invoice-scan.pdf"}
    assert all(size < 250_000 for size in sizes.values())


@pytest.mark.parametrize("story", [german, english])
def test_a_truth_adds_up(story: Callable[[], Invoice]) -> None:
    totals = story().entities()["totals"]
    assert totals["net"] + totals["tax"] == pytest.approx(totals["gross"])


def test_the_wrong_total_does_not_add_up() -> None:
    totals = wrong_total().entities()["totals"]
    assert totals["gross"] - totals["net"] - totals["tax"] == pytest.approx(90)


def test_the_unreadable_are_unreadable() -> None:
    pdf = draw_letter(german())
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(encrypted(pdf)))
    for wreck in (broken(pdf), not_a_pdf()):
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(wreck)


def test_the_blank_page_has_no_text() -> None:
    document = pypdfium2.PdfDocument(blank())
    assert document[0].get_textpage().get_text_range() == ""
    document.close()


def _gray(pdf: bytes) -> np.ndarray:
    document = pypdfium2.PdfDocument(pdf)
    pixels = np.asarray(document[0].render(scale=1, grayscale=True).to_pil(), dtype=np.float32)
    document.close()
    return pixels
