"""The trained weights, and what they make of features: one small network per field.

They lie beside this file as JSON, written by `make train` (bench/training); docs/model-card.md tells from what.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("weights.json")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """One hidden layer of m rectified units over n features as they are: (n, m) weights, (m) biases; then (m), one."""

    hidden: Numbers
    hidden_biases: Numbers
    output: Numbers
    output_bias: float

    def chances(self, features: Numbers) -> Numbers:
        """How likely each candidate is the field: 0..1."""
        units = np.maximum(features @ self.hidden + self.hidden_biases, 0)
        return np.asarray(1 / (1 + np.exp(-np.clip(units @ self.output + self.output_bias, -30, 30))))


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """What `names` the features have, and a network for each of `fields`."""

    names: tuple[str, ...]
    fields: tuple[str, ...]
    networks: tuple[Network, ...]

    def probabilities(self, features: Sequence[Sequence[float]]) -> Numbers:
        """How likely each of n candidates is each field: (n, fields), 0..1."""
        if not features:
            return np.zeros((0, len(self.fields)))
        known = np.asarray(features)
        return np.column_stack([network.chances(known) for network in self.networks])


def load(path: Path = WEIGHTS) -> Mapping[str, Scorer]:
    """The scorers by group."""
    plain = json.loads(path.read_text("utf-8"))
    return {group: _scorer(each) for group, each in plain["groups"].items()}


def _scorer(plain: Mapping[str, Any]) -> Scorer:
    networks = tuple(
        Network(np.array(each["hidden"]), np.array(each["hiddenBiases"]), np.array(each["output"]), each["outputBias"])
        for each in plain["networks"]
    )
    return Scorer(tuple(plain["names"]), tuple(plain["fields"]), networks)


# Read when the process starts: a child that reads a document can open no file.
SCORERS = load()
