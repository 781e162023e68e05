"""Fields: how many are right, how sure the product is of those that are, and what goes through without a person.

    python -m bench.extraction [--count 200] [--data FOLDER ...] [--worst 20] [--plots FOLDER]

By default on generated documents with layouts and wordings that training has not seen, as a text layer gives their
words and as OCR does. Each FOLDER adds a set of documents with their truth (bench/truth.py). A wrong value counts as
wrong and as missed. Names the worst documents of each set, with what is wrong in them, and draws its tables.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench import plots, report
from bench.documents import generate
from bench.readings import read_file
from bench.truth import PATHS, Counted, expected, is_same, labelled_files, matched_lines
from services.extraction.domain.fields import extract
from services.extraction.domain.pages import Page
from services.extraction.errors import CannotRead
from shared.contracts.extraction import ExtractionResult

SEED = 20_261_122
OCR_NOISE = 0.3
KEY = ("invoiceNumber", "issueDate", "currency", "totalGross", "supplierName", "iban")
BANDS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
# Fewer values than these say nothing of a band.
LEAST_OF_A_BAND = 8
Readings = Iterable[tuple[str, Mapping[str, Any], Sequence[Page] | None]]


@dataclass(slots=True)
class Scored:
    """One set: counts by field and of line items, confidences with whether the value was right, and documents that went
    through with those of them that have a wrong key field; `faults` by document.
    """

    documents: int = 0
    fields: defaultdict[str, Counted] = field(default_factory=lambda: defaultdict(Counted))
    lines: Counted = field(default_factory=Counted)
    types: Counted = field(default_factory=Counted)
    believed: list[tuple[float, bool]] = field(default_factory=list)
    through: int = 0
    through_wrong: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def total(self) -> Counted:
        return sum(self.fields.values(), Counted())

    def add(self, name: str, truth: Mapping[str, Any], result: ExtractionResult | None) -> None:
        entities = result.entities if result else {}
        self.documents += 1
        faults = [fault for each in expected(truth).items() if (fault := self._add_field(*each, entities, result))]
        lines = matched_lines(truth, entities.get("items") or [])
        self.lines += lines
        if "docType" in truth:
            right = entities.get("type") == truth["docType"]
            self.types += Counted(int(right), int(not right), int(not right))
        if faults or lines.wrong or lines.missed:
            self.faults[name] = [
                *faults,
                *([f"{lines.missed} lines missed, {lines.wrong} wrong"] if lines.missed else []),
            ]
        if result and all(check.passed or not check.blocking for check in result.checks):
            self.through += 1
            if any(fault.startswith(KEY) and "not read" not in fault for fault in faults):
                self.through_wrong.append(name)

    def _add_field(
        self, name: str, true: str, entities: Mapping[str, Any], result: ExtractionResult | None
    ) -> str | None:
        """Count the field; what is wrong with it, if anything is."""
        found = dig(entities, PATHS[name])
        right = is_same(name, true, found)
        here = found not in (None, "")
        self.fields[name] += Counted(1) if right else Counted(0, int(here), 1)
        if here and result:
            self.believed.append((float(dig(result.details, PATHS[name])["confidence"]), right))
        return None if right else f"{name}: {true!r}, {f'read as {found!r}' if here else 'not read'}"


def dig(tree: Any, path: str) -> Any:
    for step in path.split("."):
        tree = tree.get(step) if isinstance(tree, Mapping) else None
    return tree


def generated(count: int, noise: float) -> Readings:
    for sample in generate(count, SEED, unseen=True):
        yield sample.name, sample.truth, sample.pages(noise)


def from_folder(folder: Path) -> Readings:
    for labelled in labelled_files(folder):
        try:
            yield labelled.path.name, labelled.truth, read_file(labelled)
        except CannotRead:
            yield labelled.path.name, labelled.truth, None


def score(readings: Readings) -> Scored:
    scored = Scored()
    for name, truth, pages in readings:
        scored.add(name, truth, extract(pages, ()) if pages else None)
    return scored


def curve(believed: Sequence[tuple[float, bool]]) -> Iterator[tuple[str, int, float, float]]:
    """By band of confidence: how many values, what was believed of them on average, and how many of them are right."""
    for low, high in pairwise(BANDS):
        band = [(confidence, right) for confidence, right in believed if low <= confidence < high]
        if band:
            mean = sum(confidence for confidence, _ in band) / len(band)
            yield f"{low:.2f} to {min(high, 1):.2f}", len(band), mean, sum(right for _, right in band) / len(band)


def show(sets: Mapping[str, Scored], worst: int) -> None:
    names = [name for name in PATHS if any(name in scored.fields for scored in sets.values())]
    rows: list[list[object]] = [[name, *(_cell(scored.fields.get(name)) for scored in sets.values())] for name in names]
    rows += [
        ["all fields", *(_cell(scored.total) for scored in sets.values())],
        ["line items", *(_cell(scored.lines) for scored in sets.values())],
        ["document type", *(_cell(scored.types) for scored in sets.values())],
        ["documents", *(scored.documents for scored in sets.values())],
        ["went through", *(scored.through for scored in sets.values())],
        ["of them wrong", *(len(scored.through_wrong) for scored in sets.values())],
    ]
    raw = {name: _raw(scored) for name, scored in sets.items()}
    report("extraction", ["F1 (right, wrong, missed)", *sets], rows, raw)
    bands = [[name, *band] for name, scored in sets.items() for band in curve(scored.believed)]
    report("extraction-confidence", ["set", "confidence", "values", "mean", "right"], bands, {"rows": bands})
    for name, scored in sets.items():
        for document, faults in sorted(scored.faults.items(), key=lambda each: -len(each[1]))[:worst]:
            print(f"{name} {document}: {'; '.join(faults)}")


def draw(sets: Mapping[str, Scored], folder: Path) -> None:
    """`fields.svg` and `reliability.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in PATHS if any(name in scored.fields for scored in sets.values())]
    bars = {
        title: [scored.fields[name].f1 if name in scored.fields else None for name in names]
        for title, scored in sets.items()
    }
    plots.draw_fields(names, bars, folder / "fields.svg")
    curves = {
        title: [(mean, right) for _, count, mean, right in curve(scored.believed) if count >= LEAST_OF_A_BAND]
        for title, scored in sets.items()
    }
    known = {title: points for title, points in curves.items() if points}
    if known:
        plots.draw_reliability(known, folder / "reliability.svg")


def _cell(counted: Counted | None) -> str:
    return f"{counted.f1:.3f} ({counted.right}, {counted.wrong}, {counted.missed})" if counted else "-"


def _raw(scored: Scored) -> dict[str, Any]:
    return {
        "documents": scored.documents,
        "fields": {name: [each.f1, each.right, each.wrong, each.missed] for name, each in scored.fields.items()},
        "lines": {"f1": scored.lines.f1},
        "types": {"f1": scored.types.f1},
        "through": scored.through,
        "throughWrong": scored.through_wrong,
        "confidence": list(curve(scored.believed)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="generated documents")
    parser.add_argument("--data", type=Path, action="append", default=[], help="a folder with truth; repeatable")
    parser.add_argument("--worst", type=int, default=0, help="how many documents to name")
    parser.add_argument("--plots", type=Path, help="a folder for the plots (SVG)")
    given = parser.parse_args()
    sets = {}
    if given.count:
        sets["text layer"] = score(generated(given.count, 0.0))
        sets["like OCR"] = score(generated(given.count, OCR_NOISE))
    for folder in given.data:
        sets[folder.name] = score(from_folder(folder))
    show(sets, given.worst)
    if given.plots:
        draw(sets, given.plots)


if __name__ == "__main__":
    main()
