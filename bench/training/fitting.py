"""Fitting one small network per field to examples, and writing the weights."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from bench.training.examples import FIELDS, GENERATED, NAMES, Examples
from services.extraction.domain.fields.ranking import documents
from services.extraction.domain.fields.ranking.model import Numbers

VERSION = 2
# The hidden units of a network, its weight decay, passes over the examples, examples per step, and the size of a step.
_UNITS, _DECAY, _PASSES, _BATCH, _STEP = 16, 0.2, 15, 256, 0.003
# Every feature is shaken by so much of its spread, or a network trusts what only these examples have in common.
_SHAKEN = 0.2
_DIGITS = 4
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
    shaken = (features - center) / spread + dice.normal(0, _SHAKEN, features.shape)
    networks = []
    for place in range(len(FIELDS[group])):
        asked = ~np.isnan(targets[:, place])
        trained = _train(shaken[asked], targets[asked, place], importance[asked])
        networks.append(_plain(trained, center, spread))
    return {"names": list(NAMES[group]), "fields": list(FIELDS[group]), "networks": networks}


def write(known: Sequence[Examples], path: Path, trained_on: Mapping[str, int]) -> None:
    """Fit all groups and write the weights. The same examples make the same file."""
    groups = {group: fit(known, group) for group in FIELDS}
    whole = {"version": VERSION, "trainedOn": dict(trained_on), "groups": groups}
    path.write_text(json.dumps(whole, separators=(",", ":")) + "\n", "utf-8")


def _misread(each: Examples, dice: np.random.Generator) -> Numbers:
    """The features, now and then as if the label of a field, or all titles, could not be read: the rest has to tell."""
    if each.origin != GENERATED or dice.random() > _UNLABELLED:
        return each.features
    fields = FIELDS[each.group] if each.group == documents.GROUP else [dice.choice(FIELDS[each.group])]
    endings = tuple(f" {field}" for field in fields)
    hidden = [place for place, name in enumerate(NAMES[each.group]) if name.endswith(endings)]
    features = each.features.copy()
    features[:, hidden] = 0.0
    return features


def _importance(each: Examples) -> float:
    return 1.0 if each.origin == GENERATED else _REAL


def _train(features: Numbers, targets: Numbers, importance: Numbers) -> MLPClassifier:
    network = MLPClassifier(
        (_UNITS,),
        alpha=_DECAY,
        batch_size=min(_BATCH, len(features)),
        learning_rate_init=_STEP,
        max_iter=_PASSES,
        random_state=_SEED,
    )
    with warnings.catch_warnings():
        # It ends after the passes it was given, and says so.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return network.fit(features, targets, importance / importance.mean())


def _plain(network: MLPClassifier, center: Numbers, spread: Numbers) -> dict[str, Any]:
    """The network as JSON, for features that are not centred."""
    (hidden, output), (hidden_biases, output_biases) = network.coefs_, network.intercepts_
    return {
        "hidden": [_rounded(row) for row in hidden / spread[:, np.newaxis]],
        "hiddenBiases": _rounded(hidden_biases - (center / spread) @ hidden),
        "output": _rounded(output[:, 0]),
        "outputBias": _rounded(output_biases)[0],
    }


def _rounded(values: Numbers) -> list[float]:
    return [float(f"{value:.{_DIGITS}g}") for value in values]
