"""The dictionaries of labels: each phrase means one thing, and is written once."""

from __future__ import annotations

from collections import Counter

import pytest

from services.extraction.domain.fields import wording
from services.extraction.domain.fields.labels import fold


@pytest.mark.parametrize("name", ["STRONG", "WEAK", "AMOUNTS", "ROLES", "COLUMNS", "TYPES"])
def test_each_phrase_stands_once(name: str) -> None:
    phrases = [fold(phrase) for each in getattr(wording, name).values() for phrase in each.split("|")]
    assert [phrase for phrase, count in Counter(phrases).items() if count > 1] == []
