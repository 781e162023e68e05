"""Pages of words typed as text: every sign has its column, every line its row, as on a typewriter."""

from __future__ import annotations

import re
from textwrap import dedent

from services.extraction.domain.pages import Page, Word

WIDTH, HEIGHT = 595.0, 842.0
PITCH, LINE, SIZE = 5.5, 14.0, 10.0
# Parts of the font size over and under the baseline, where no letter hangs below it.
_RISE = 0.72


def typed(text: str, source: str = "textLayer", top: float = 40.0, tilt: float = 0.0, number: int = 1) -> Page:
    """A page with the lines of `text`; two or more spaces part cells. `tilt` is the fall per point across the page."""
    words = []
    for row, line in enumerate(dedent(text).strip("\n").split("\n")):
        for match in re.finditer(r"\S+", line):
            # A single space must look like one, so a word starts half a letter before its column.
            left = 40 + PITCH * match.start()
            baseline = top + LINE * row + SIZE + tilt * left
            height = SIZE * _RISE
            width = PITCH * len(match.group()) + PITCH * 0.4
            words.append(
                Word(
                    match.group(), left / WIDTH, (baseline - height) / HEIGHT, width / WIDTH, height / HEIGHT, 1.0, row
                )
            )
    return Page(number, WIDTH, HEIGHT, tuple(words), source)
