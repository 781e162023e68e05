"""The names of both sides and a merchant's address: the lines of the first page that the model takes for them."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.parties.addresses import LEGAL_FORM, Address
from services.extraction.domain.fields.parties.roles import Parties
from services.extraction.domain.fields.ranking.lines import FIELDS, GROUP, Line, lines
from services.extraction.domain.fields.ranking.model import SCORERS
from services.extraction.domain.layout import Sheet

# A line this likely is a name, and so is the line after it that only ends it.
LIKELY = 0.5
Names = dict[str, Finding | None]
# An address may have a line between that the model does not know: a register number, a mall.
_MOST_BETWEEN = 1
# Beside a likely line of an address one that is only possible belongs to it.
_POSSIBLE = 0.25
# A name less likely than this is none; up to `LIKELY` it is shown where nothing else is known.
POSSIBLE = 0.3
# The line over a company's may be its brand instead of the beginning of its name.
_JOINED = 0.9


def rank_names(sheet: Sheet, addresses: Sequence[Address], parties: Parties) -> Names:
    """By "sender" and "recipient" the likeliest line, with the chance as score; one line is not both. By "address" the
    lines of the sender's address as one.
    """
    found = lines(sheet, addresses, parties)
    chances = SCORERS[GROUP].probabilities([line.features for line in found])
    names: Names = dict.fromkeys(FIELDS)
    taken: set[int] = set()
    ranked = sorted(
        ((float(chances[index, place]), place, index) for place in range(2) for index in range(len(found))),
        key=lambda each: -each[0],
    )
    for chance, place, index in ranked:
        if names[FIELDS[place]] is None and index not in taken:
            taken.add(index)
            names[FIELDS[place]] = _whole(found, index, [float(each) for each in chances[:, place]], chance)
    sender = names["sender"]
    named = set(sender.placed) if sender and sender.score > LIKELY else set()
    others = [index for index, line in enumerate(found) if not named.issuperset(line.placed)]
    places = FIELDS.index("address")
    names["address"] = _address([found[index] for index in others], [float(chances[index, places]) for index in others])
    return names


def _address(found: Sequence[Line], chances: Sequence[float]) -> Finding | None:
    """The likeliest run of lines, joined."""
    runs: list[list[int]] = []
    for index, chance in enumerate(chances):
        if chance < _POSSIBLE:
            continue
        if runs and found[index].cell.row - found[runs[-1][-1]].cell.row <= 1 + _MOST_BETWEEN:
            runs[-1].append(index)
        else:
            runs.append([index])
    runs = [run for run in runs if max(chances[index] for index in run) > LIKELY and _has_figures(found, run)]
    if not runs:
        return None
    best = max(runs, key=lambda run: sum(chances[index] for index in run))
    parts = [found[index] for index in best]
    placed = tuple(each for part in parts for each in part.placed)
    text = " ".join(each.word.text for each in placed).strip(" ,.:*")
    return Finding(text, placed, parts[0].cell.page, sum(chances[index] for index in best) / len(best), "addressLines")


def _has_figures(found: Sequence[Line], run: Sequence[int]) -> bool:
    """Whether it has a number of a house or a postcode, as every address does."""
    return any(letter.isdigit() for index in run for letter in found[index].text)


def _whole(found: Sequence[Line], index: int, chances: Sequence[float], chance: float) -> Finding:
    """The name in the line, with the line before or after it when only one of both has the legal form."""
    line = found[index]
    for other in (index - 1, index + 1):
        if not 0 <= other < len(found) or chances[other] < LIKELY:
            continue
        beside = found[other]
        upper, lower = sorted((line, beside), key=lambda each: each.cell.row)
        apart = upper.cell.row == lower.cell.row or lower.cell.box.top - upper.cell.box.bottom > line.cell.box.height
        labelled = ":" in lower.text
        if not apart and not labelled and LEGAL_FORM.search(lower.text) and not LEGAL_FORM.search(upper.text):
            return _finding((upper, lower), chance * _JOINED)
    return _finding((line,), chance)


def _finding(parts: Sequence[Line], chance: float) -> Finding:
    placed = tuple(each for part in parts for each in part.placed)
    return Finding(" ".join(part.text for part in parts), placed, parts[0].cell.page, chance, "nameLine")
