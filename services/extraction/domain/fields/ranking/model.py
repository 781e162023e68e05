"""The trained weights, and what they make of features: one logistic regression per field.

They lie beside this file as JSON, written by `make train` (bench/training); docs/model-card.md tells from what.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """What `names` the features have, and weights (fields x features) and biases by field, for features as they are."""

    names: tuple[str, ...]
    fields: tuple[str, ...]
    weights: NDArray[np.float64]
    biases: NDArray[np.float64]

    def probabilities(self, features: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """How likely each of n candidates is each field: (n, fields), 0..1."""
        if not features:
            return np.zeros((0, len(self.fields)))
        logits = np.asarray(features) @ self.weights.T + self.biases
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))


def load(path: Path = WEIGHTS) -> Mapping[str, Scorer]:
    """The scorers by group."""
    plain = json.loads(path.read_text("utf-8"))
    return {
        group: Scorer(tuple(each["names"]), tuple(each["fields"]), np.array(each["weights"]), np.array(each["biases"]))
        for group, each in plain["groups"].items()
    }


# Read when the process starts: a child that reads a document can open no file.
SCORERS = load()
