"""Train the model that ranks candidates for fields and write its weights.

    python -m bench.training [--count 1500] [--seed 1] [--data FOLDER ...] [--out FILE]

By default from generated documents alone, half of them with the faults of OCR; each `--data` adds a folder of documents
with their truth (see bench/truth.py). The same documents make the same file.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.documents import generate
from bench.readings import read_file
from bench.training.examples import GENERATED, Examples, examples
from bench.training.fitting import write
from bench.truth import labelled_files
from services.extraction.domain.fields.ranking.model import WEIGHTS

NOISES = (0.0, 0.15, 0.0, 0.35)


def generated(count: int, seed: int) -> Iterator[Examples]:
    for index, sample in enumerate(generate(count, seed)):
        pages = sample.pages(NOISES[index % len(NOISES)])
        yield from examples(pages, sample.truth, GENERATED, sample.places)


def from_folder(folder: Path) -> Iterator[Examples]:
    for labelled in labelled_files(folder):
        yield from examples(read_file(labelled), labelled.truth, folder.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1500, help="generated documents")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, action="append", default=[], help="a folder with truth; repeatable")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    known = list(generated(given.count, given.seed))
    for folder in given.data:
        known += from_folder(folder)
    write(known, given.out, Counter(each.origin for each in known if each.group == "amount"))
    print(f"{len(known)} groups of candidates; weights in {given.out}")


if __name__ == "__main__":
    main()
