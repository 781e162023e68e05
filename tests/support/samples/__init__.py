"""Sample documents with their truth, made here and nowhere else.

`python -m tests.support.samples` writes the bundled ones to `paperlane/local/samples`.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.samples.letter import draw_letter
from tests.support.samples.scan import scan
from tests.support.samples.stories import english, german, wrong_total
from tests.support.samples.truth import Invoice, Item, Party
from tests.support.samples.unreadable import blank, broken, encrypted, not_a_pdf

BUNDLE = Path(__file__).parents[3] / "paperlane" / "local" / "samples"

__all__ = [
    "BUNDLE", "Invoice", "Item", "Party", "blank", "broken", "draw_letter", "encrypted", "english", "german",
    "not_a_pdf", "scan", "wrong_total",
]  # fmt: skip
