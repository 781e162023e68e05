"""How likely each value on the pages is one of the fields, by a small trained model over layout and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.ranking.model import SCORERS
from services.extraction.domain.fields.ranking.spots import GROUPS, Conventions, Spot, spots
from services.extraction.domain.layout import Cell, Sheet
from services.extraction.domain.parsers import Match

__all__ = ["BY_LAYOUT", "GROUPS", "Conventions", "Ranking", "by_place", "candidates_of", "rank"]

# What is less likely is not worth a look.
LEAST = 0.02
# The rule of a finding that no label led to.
BY_LAYOUT = "layout"
Ranking = Mapping[str, Sequence[Finding]]
RuleScores = dict[tuple[Cell, Any], dict[str, Finding]]


def rank(group: str, sheets: Sequence[Sheet], ruled: Iterable[tuple[str, Finding]], how: Conventions) -> Ranking:
    """For each field of the group the values that may be it, the likeliest first, with the probability as score.

    `ruled` is what the rules found, by field. A value that stands at several places counts once, where it is likeliest.
    """
    rules = by_place(sheets, ruled)
    found = candidates_of(group, sheets, rules, how)
    chances = SCORERS[group].probabilities([spot.features for spot in found])
    ranking: dict[str, list[Finding]] = {}
    for place, field in enumerate(SCORERS[group].fields):
        best: dict[Any, Finding] = {}
        for index in (-chances[:, place]).argsort(kind="stable"):
            chance = float(chances[index, place])
            if chance < LEAST:
                break
            spot = found[index]
            best.setdefault(spot.match.value, _finding(spot, rules, field, chance))
        ranking[field] = list(best.values())
    return ranking


def candidates_of(group: str, sheets: Sequence[Sheet], rules: RuleScores, how: Conventions) -> list[Spot]:
    """The values of the group's kind with their features."""
    scores = {key: {field: finding.score for field, finding in each.items()} for key, each in rules.items()}
    return spots(group, sheets, scores, how)


def by_place(sheets: Sequence[Sheet], ruled: Iterable[tuple[str, Finding]]) -> RuleScores:
    """The surest finding of each field, by the cell in which it begins and its value."""
    cells = {id(placed): cell for sheet in sheets for cell in sheet.cells for placed in cell.placed}
    found: RuleScores = {}
    for field, finding in ruled:
        cell = cells.get(id(finding.placed[0])) if finding.placed else None
        if cell is not None:
            here = found.setdefault((cell, finding.value), {})
            if field not in here or here[field].score < finding.score:
                here[field] = finding
    return found


def _finding(spot: Spot, rules: RuleScores, field: str, chance: float) -> Finding:
    """The rule's name stays where a rule found it too."""
    match: Match = spot.match
    rule = rules.get((spot.cell, match.value), {}).get(field)
    placed = rule.placed if rule else spot.cell.between(match.start, match.end)
    return Finding(match.value, placed, spot.cell.page, chance, rule.rule if rule else BY_LAYOUT)
