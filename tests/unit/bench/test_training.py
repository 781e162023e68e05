"""Training: the same documents make the same weights, and these find what they were taught."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bench.training.__main__ import generated
from bench.training.examples import FIELDS, NAMES, Examples
from bench.training.fitting import write
from services.extraction.domain.fields.ranking.model import load


@pytest.fixture(scope="module")
def known() -> Sequence[Examples]:
    return list(generated(24, seed=7))


def test_examples_are_as_wide_as_the_features_and_fields(known: Sequence[Examples]) -> None:
    assert {each.group for each in known} == set(FIELDS)
    for each in known:
        assert each.features.shape[1] == len(NAMES[each.group])
        assert each.targets.shape == (len(each.features), len(FIELDS[each.group]))
        assert np.isin(each.targets, (0.0, 1.0)).all(), "of a generated document everything is known"


def test_the_same_documents_make_the_same_file(known: Sequence[Examples], tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    for path in (one, other):
        write(known, path, Counter(generated=24))
    assert one.read_bytes() == other.read_bytes()
    assert json.loads(one.read_text())["trainedOn"] == {"generated": 24}


def test_what_was_taught_is_found(known: Sequence[Examples], tmp_path: Path) -> None:
    write(known, tmp_path / "weights.json", Counter())
    scorer = load(tmp_path / "weights.json")["date"]
    issued = scorer.fields.index("issuedAt")
    taught = [each for each in known if each.group == "date" and each.targets[:, issued].any()]
    right = 0
    for each in taught:
        chances = scorer.probabilities(each.features.tolist())[:, issued]
        right += bool(each.targets[int(chances.argmax()), issued])
    assert right >= 0.9 * len(taught)
