"""Examples: the candidates of a document as numbers, and which of them is which field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bench.truth import PATHS, is_same, plain
from services.extraction.domain.fields.parties.addresses import find_addresses
from services.extraction.domain.fields.parties.roles import assign
from services.extraction.domain.fields.ranking import GROUPS, by_place, candidates_of, documents, lines
from services.extraction.domain.fields.ranking.spots import Spot, names
from services.extraction.domain.fields.survey import look_over
from services.extraction.domain.layout import Sheet, lay_out
from services.extraction.domain.pages import Page

# The origin of documents that are generated.
GENERATED = "generated"
# What each feature is called, and the fields, by group.
NAMES = {
    **{group: tuple(names(group)) for group in GROUPS},
    lines.GROUP: tuple(lines.names()),
    documents.GROUP: tuple(documents.names()),
}
FIELDS = {**GROUPS, lines.GROUP: lines.FIELDS, documents.GROUP: documents.KINDS}
# What the truth calls the fields that are ranked.
_TRUTH = {path.rpartition(".")[2]: name for name, path in PATHS.items()}
_PARTIES = ("supplierName", "buyerName")
# So many letters of a name on a line of its own are a part of the name.
_PART = 6
# A line of an address, as long and as like at least.
_SHORTEST, _ALIKE = 4, 88
Place = tuple[int, tuple[float, float, float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """The n candidates of one document in a group: features (n, features), and targets (n, fields): 1 where it is the
    field, 0 where it is not, NaN where nobody knows.
    """

    group: str
    origin: str
    features: NDArray[np.float64]
    targets: NDArray[np.float64]


def examples(
    pages: Sequence[Page], truth: Mapping[str, Any], origin: str, places: Mapping[str, Place] | None = None
) -> Iterator[Examples]:
    """The examples of each group. With `places` all that is printed is known; without, only what the truth states."""
    sheets = [lay_out(page) for page in pages if page.words]
    survey = look_over(sheets, ())
    for group, fields in GROUPS.items():
        ruled = survey.ruled_amounts if group == "amount" else survey.ruled
        found = candidates_of(group, sheets, by_place(sheets, ruled), survey.how)
        if found:
            targets = [_targets(spot, fields, truth, places) for spot in found]
            yield Examples(group, origin, np.array([spot.features for spot in found]), np.array(targets))
    if sheets:
        yield from _lines(sheets[0], truth, origin, places)
        true = truth.get("docType")
        kind = [float(kind == true) if true else float("nan") for kind in documents.KINDS]
        yield Examples(
            documents.GROUP,
            origin,
            np.array([documents.features(survey, documents.titles(sheets[0]))]),
            np.array([kind]),
        )


def _lines(
    sheet: Sheet, truth: Mapping[str, Any], origin: str, places: Mapping[str, Place] | None
) -> Iterator[Examples]:
    addresses = find_addresses(sheet)
    found = lines.lines(sheet, addresses, assign(addresses, sheet))
    if found:
        targets = [
            [*(_is_name(line.text, name, truth, places) for name in _PARTIES), _is_address(line.text, truth, places)]
            for line in found
        ]
        yield Examples(lines.GROUP, origin, np.array([line.features for line in found]), np.array(targets))


def _is_name(text: str, name: str, truth: Mapping[str, Any], places: Mapping[str, Place] | None) -> float:
    true = _stated(name, truth)
    if true is None:
        return _silence(places)
    part = plain(text)
    return float(is_same(name, true, text) or (len(part) >= _PART and part in plain(true)))


def _is_address(text: str, truth: Mapping[str, Any], places: Mapping[str, Place] | None) -> float:
    true = _stated("supplierAddress", truth)
    if true is None:
        return _silence(places)
    part = plain(text)
    return float(_SHORTEST <= len(part) <= len(plain(true)) and fuzz.partial_ratio(part, plain(true)) >= _ALIKE)


def _targets(
    spot: Spot, fields: Sequence[str], truth: Mapping[str, Any], places: Mapping[str, Place] | None
) -> list[float]:
    return [_target(spot, _TRUTH[field], [_TRUTH[each] for each in fields], truth, places) for field in fields]


def _target(
    spot: Spot, name: str, group: Sequence[str], truth: Mapping[str, Any], places: Mapping[str, Place] | None
) -> float:
    true = _stated(name, truth)
    if true is None:
        return _silence(places)
    if not is_same(name, true, spot.match.value):
        return 0.0
    others = [places[each] for each in group if each != name and each in places] if places else []
    return float(not any(_stands(spot, place) for place in others))


def _stated(name: str, truth: Mapping[str, Any]) -> str | None:
    """The true value, where it is printed."""
    true = truth["fields"].get(name)
    visible = truth.get("visible") or {}
    return None if true in (None, "") or (visible and not visible.get(name)) else str(true)


def _silence(places: Mapping[str, Place] | None) -> float:
    """A generated document says of every field whether it is there; of a real one, silence says nothing."""
    return float("nan") if places is None else 0.0


def _stands(spot: Spot, place: Place) -> bool:
    """Whether the candidate stands at the place."""
    page, (left, top, right, bottom) = place
    words = [placed.word for placed in spot.cell.between(spot.match.start, spot.match.end)]
    return spot.cell.page.number == page and any(
        left <= word.left + word.width / 2 <= right and top <= word.top + word.height / 2 <= bottom for word in words
    )
