"""Fitting one logistic regression per field, and how often its first choice is right on documents it has not seen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bench.training.examples import FIELDS, GENERATED, NAMES, Examples

VERSION = 1
_REGULARITY = 0.3
_DIGITS = 5
# What hardly differs in training may differ in life, and must not decide then.
_LEAST_SPREAD = 0.2
_SEED = 1
# The share of generated documents in which a label is hidden, and how much more a real document counts.
_UNLABELLED, _REAL = 0.3, 4.0


def fit(known: Sequence[Examples], group: str) -> dict[str, Any]:
    """The weights of the group's fields, for features as they are, as JSON."""
    mine = [each for each in known if each.group == group]
    dice = np.random.default_rng(_SEED)
    features = np.concatenate([_misread(each, dice) for each in mine])
    targets = np.concatenate([each.targets for each in mine])
    importance = np.concatenate([np.full(len(each.features), _importance(each)) for each in mine])
    center, spread = features.mean(axis=0), np.maximum(features.std(axis=0), _LEAST_SPREAD)
    weights, biases = [], []
    for place in range(len(FIELDS[group])):
        asked = ~np.isnan(targets[:, place])
        scaled = (features[asked] - center) / spread
        weight, bias = _fit_field(scaled, targets[asked, place], importance[asked])
        weights.append(_rounded(weight / spread))
        biases.append(_rounded(np.array([bias - float(weight @ (center / spread))]))[0])
    return {"names": list(NAMES[group]), "fields": list(FIELDS[group]), "weights": weights, "biases": biases}


def write(known: Sequence[Examples], path: Path, trained_on: Mapping[str, int]) -> None:
    """Fit all groups and write the weights. The same examples make the same file."""
    groups = {group: fit(known, group) for group in FIELDS}
    whole = {"version": VERSION, "trainedOn": dict(trained_on), "groups": groups}
    path.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")


def _misread(each: Examples, dice: np.random.Generator) -> NDArray[np.float64]:
    """The features, now and then as if the label of a field could not be read: the rest has to tell then."""
    if each.origin != GENERATED or dice.random() > _UNLABELLED:
        return each.features
    field = dice.choice(FIELDS[each.group])
    hidden = [place for place, name in enumerate(NAMES[each.group]) if name.endswith(f" {field}")]
    features = each.features.copy()
    features[:, hidden] = 0.0
    return features


def _importance(each: Examples) -> float:
    return 1.0 if each.origin == GENERATED else _REAL


def _fit_field(
    features: NDArray[np.float64], targets: NDArray[np.float64], importance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    model = LogisticRegression(C=_REGULARITY, max_iter=1000)
    model.fit(features, targets, importance)
    return model.coef_[0], float(model.intercept_[0])


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [float(f"{value:.{_DIGITS}g}") for value in values]
