"""Samples: a document drawn from a seed, what it states, where, and how a reader or a printer gives it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PIL.Image import Image
from reportlab.pdfgen.canvas import Canvas

from bench.documents import letter, reading, receipts, scanning
from bench.documents.dice import Dice
from bench.documents.paper import Paper, Place
from services.extraction.domain.pages import Page

RECEIPTS = 0.2


@dataclass(frozen=True, slots=True)
class Sample:
    """A document. `truth` is as of a document read by hand, with only what is printed; amounts have the sign they are
    printed with. `places` says per field, and per `items.INDEX.MEMBER`, on which page and in which box (left, top,
    right, bottom in fractions of the page) its value stands first.
    """

    name: str
    truth: dict[str, Any]
    places: Mapping[str, Place]
    paper: Paper

    def pages(self, noise: float = 0.0) -> list[Page]:
        """The words as the reader of text layers gives them or, with `noise` up to 1, as OCR does."""
        return reading.noisy(self.paper, noise, Dice(self.name)) if noise else reading.clean(self.paper)

    def pdf(self) -> bytes:
        """Equal samples give equal bytes."""
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(self.paper.width, self.paper.height), invariant=1)
        for page in range(1, self.paper.pages + 1):
            self._draw(canvas, page)
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    def image(self, noise: float = 0.0) -> Image:
        """The first page at 200 dpi, degraded as `noise` says."""
        return scanning.scanned(self.pdf(), noise, Dice(self.name))

    def _draw(self, canvas: Canvas, page: int) -> None:
        height = self.paper.height
        for patch in self.paper.patches:
            if patch.page == page:
                canvas.setFillColorRGB(*patch.colour)
                canvas.rect(
                    patch.left,
                    height - patch.bottom,
                    patch.right - patch.left,
                    patch.bottom - patch.top,
                    stroke=0,
                    fill=1,
                )
        for run in self.paper.runs:
            if run.page == page:
                canvas.setFillColorRGB(*run.colour)
                canvas.setFont(run.font, run.size)
                canvas.drawString(run.x, height - run.y, run.text)


def generate(count: int, seed: int, unseen: bool = False) -> Iterator[Sample]:
    """The first `count` samples of this seed; `unseen` ones have layouts and wordings that others never have."""
    for index in range(count):
        name = f"{'unseen' if unseen else 'seen'}-{seed}-{index:05}"
        dice = Dice.keyed(name, unseen)
        drawn = receipts.draw(dice) if dice.chance(RECEIPTS) else letter.draw(dice)
        yield Sample(name, drawn.truth, drawn.paper.places, drawn.paper)
