"""`python -m bench.documents FOLDER` writes samples: NAME.pdf, NAME.truth.json and, with --images, NAME.jpg."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench.documents import generate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unseen", action="store_true", help="layouts and wordings that nothing is trained on")
    parser.add_argument("--images", action="store_true", help="the first page as a photo or scan as well")
    parser.add_argument("--noise", type=float, default=0.5, help="of the images, 0 to 1")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for sample in generate(asked.count, asked.seed, asked.unseen):
        truth = json.dumps({**sample.truth, "places": sample.places}, ensure_ascii=False, indent=1)
        (asked.folder / f"{sample.name}.truth.json").write_text(truth + "\n", encoding="utf-8")
        (asked.folder / f"{sample.name}.pdf").write_bytes(sample.pdf())
        if asked.images:
            sample.image(asked.noise).save(asked.folder / f"{sample.name}.jpg", quality=90)


if __name__ == "__main__":
    main()
