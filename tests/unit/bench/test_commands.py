"""The commands that train and measure, as a person types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench import RESULTS, extraction
from bench.documents import generate

ROOT = Path(__file__).parents[3]


def run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_training_writes_weights_and_says_where(tmp_path: Path) -> None:
    said = run("bench.training", "--count", "16", "--out", str(tmp_path / "weights.json"))
    assert str(tmp_path / "weights.json") in said
    written = json.loads((tmp_path / "weights.json").read_text())
    assert written["trainedOn"] == {"generated": 16}
    assert set(written["groups"]) == {"date", "amount", "number", "line", "document"}


def test_measuring_counts_folders_like_invented_documents(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for sample in generate(3, extraction.SEED, unseen=True):
        (folder / f"{sample.name}.pdf").write_bytes(sample.pdf())
        (folder / f"{sample.name}.truth.json").write_text(json.dumps(sample.truth))
    # In a process of its own: where the networks that read print ran, denormal numbers count as zero.
    plots = tmp_path / "plots"
    said = run("bench.extraction", "--count", "3", "--data", str(folder), "--worst", "1", "--plots", str(plots))
    assert {plot.name for plot in plots.iterdir()} == {"fields.svg", "reliability.svg"}
    assert "supplierName" in (plots / "fields.svg").read_text()
    assert "mine" in said
    measured = json.loads((RESULTS / "extraction.json").read_text())
    assert set(measured) == {"text layer", "like OCR", "mine"}
    assert measured["mine"]["documents"] == 3
    # The same documents, once as words and once as PDFs that the product opens.
    assert measured["mine"]["fields"].keys() == measured["text layer"]["fields"].keys()
