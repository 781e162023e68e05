"""Words of a drawn document as the readers of extraction give them."""

from __future__ import annotations

from bench.documents import noise as misreading
from bench.documents.dice import Dice
from bench.documents.paper import Paper, Run
from services.extraction.domain.pages import Page, Word

# Print whose baselines are closer than this share of its size is on one line.
ONE_LINE = 0.35


def clean(paper: Paper) -> list[Page]:
    """As a text layer: in the order of drawing, a line goes on while print follows to the right on one baseline."""
    return [_page(paper, number, _as_drawn(runs), "textLayer") for number, runs in _by_page(paper)]


def noisy(paper: Paper, noise: float, dice: Dice) -> list[Page]:
    """As OCR: lines from top to bottom, what is far apart on one height sometimes on lines of its own; misread."""
    apart = paper.width * dice.choice([0.06, 0.12, 0.25, 1])
    pages = [_page(paper, number, _as_scanned(runs, apart), "ocr") for number, runs in _by_page(paper)]
    return [misreading.misread(page, noise, dice) for page in pages]


def _by_page(paper: Paper) -> list[tuple[int, list[Run]]]:
    return [(number, [run for run in paper.runs if run.page == number]) for number in range(1, paper.pages + 1)]


def _as_drawn(runs: list[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = []
    for run in runs:
        last = lines[-1][-1] if lines else None
        if last and abs(run.y - last.y) < ONE_LINE * run.size and run.x >= last.box(0, len(last.text))[2]:
            lines[-1].append(run)
        else:
            lines.append([run])
    return lines


def _as_scanned(runs: list[Run], apart: float) -> list[list[Run]]:
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.y, run.x)):
        if rows and abs(run.y - rows[-1][0].y) < ONE_LINE * run.size:
            rows[-1].append(run)
        else:
            rows.append([run])
    lines = []
    for row in rows:
        row.sort(key=lambda run: run.x)
        lines.append([row[0]])
        for run in row[1:]:
            last = lines[-1][-1]
            if run.x - last.box(0, len(last.text))[2] > apart:
                lines.append([])
            lines[-1].append(run)
    return lines


def _page(paper: Paper, number: int, lines: list[list[Run]], source: str) -> Page:
    words = [
        _word(text, box, paper, line)
        for line, runs in enumerate(lines)
        for run in runs
        for text, box in run.words()
    ]  # fmt: skip
    return Page(number, paper.width, paper.height, tuple(words), source)


def _word(text: str, box: tuple[float, float, float, float], paper: Paper, line: int) -> Word:
    left, top, right, bottom = box
    return Word(
        text,
        left / paper.width,
        top / paper.height,
        (right - left) / paper.width,
        (bottom - top) / paper.height,
        1.0,
        line,
    )
