"""Choosing net, tax, gross and due: the labelled amounts that agree with each other, the tax lines and the items."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from services.extraction.domain.arithmetic import CENT
from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.items import Item
from services.extraction.domain.fields.ranking import BY_LAYOUT
from services.extraction.domain.fields.totals.evidence import Evidence
from services.extraction.domain.fields.totals.taxes import Tax

# Candidates per total that are tried against each other.
_MOST = 6
# What agreement is worth in log odds: net and tax make the gross total, lines or bases make a total, a sum without tax,
# it was paid; and what a sum that is not right costs: less than a sure label is worth, for then a person has to look.
_ADDS_UP, _LINES_AGREE, _TRIVIAL, _WAS_PAID, _CONTRADICTS = 4.0, 1.5, 0.5, 1.5, 2.0
# How sure a total is that only what was given and given back tells.
_BY_PAYMENT = 0.6
_GIVEN_BACK = "paidLessChange"
# An amount less likely than this (log odds) is better left out, if nothing agrees with it.
_GUESS = -1.5
_PROVEN = 0.97
# What is likelier than this is shown even if it contradicts the rest; under a label sooner.
_LIKELY, _LABELLED = 0.5, 0.25
# So sure is a total without a label where another amount has one.
_RIVALLED = 0.7


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals found; each may be missing."""

    net: Finding | None = None
    tax: Finding | None = None
    gross: Finding | None = None
    due: Finding | None = None

    def entries(self) -> dict[str, Finding]:
        named = {"net": self.net, "tax": self.tax, "gross": self.gross, "due": self.due}
        return {name: finding for name, finding in named.items() if finding}


_Triple = tuple[Finding | None, Finding | None, Finding | None]


@dataclass(frozen=True, slots=True)
class _Set:
    net: Finding | None
    tax: Finding | None
    gross: Finding | None
    score: float
    agrees: bool
    proven: bool


def choose(evidence: Sequence[Evidence], taxes: Sequence[Tax], items: Sequence[Item]) -> Totals:
    """The likeliest set of totals: how likely each amount is by itself, and what agrees."""
    lines = sum((item["net"].value for item in items), Decimal(0)) if items else None
    nets, grosses, dues = (_candidates(evidence, kind) for kind in ("net", "gross", "due"))
    paid, rounding = _candidates(evidence, "paid"), _candidates(evidence, "rounding")
    # A till's "net total" is what is left to pay, when nothing else is called a total.
    steps = {abs(part.value) for part in rounding if 0 < abs(part.value) < CENT * 6}
    handed_over = _handed_over(paid)
    by_change = [each for each in handed_over.values() if each.rule == _GIVEN_BACK]
    grosses = _rounded(grosses or dues or nets or by_change, steps)
    summed = _sum(taxes)
    tax_totals = _distinct([*([summed] if summed else []), *_candidates(evidence, "tax")])
    best = max(
        (_weigh(triple, lines, taxes, steps) for triple in _triples(nets, tax_totals, grosses)),
        key=lambda each: each.score + _WAS_PAID * bool(each.gross and each.gross.value in handed_over),
        default=None,
    )
    if best is None:
        return Totals()
    best = _with_the_sure(best, nets, tax_totals, grosses)
    gross = _unrivalled(_sure(best.gross, best), grosses)
    return Totals(_sure(best.net, best), _sure(best.tax, best), gross, _due(gross, dues, paid))


def _unrivalled(gross: Finding | None, grosses: Sequence[Finding]) -> Finding | None:
    """The total, doubted where it has no label but another amount has one: one of both was misread."""
    named = [rival for rival in grosses if rival.rule != BY_LAYOUT and rival.score > _LABELLED]
    if gross and gross.rule == BY_LAYOUT and named and not gross.proven:
        return gross.scored(min(gross.score, _RIVALLED))
    return gross


def _with_the_sure(best: _Set, nets: Sequence[Finding], taxes: Sequence[Finding], grosses: Sequence[Finding]) -> _Set:
    """The set, with what it left out for the sake of the sum though it is likely: a person has to see that."""
    net, tax, gross = (
        mine or next((finding for finding in found[:1] if _is_likely(finding)), None)
        for mine, found in ((best.net, nets), (best.tax, taxes), (best.gross, grosses))
    )
    if (net, tax, gross) == (best.net, best.tax, best.gross):
        return best
    return _Set(net, tax, gross, best.score, agrees=False, proven=False)


def _is_likely(finding: Finding) -> bool:
    return finding.score > (_LIKELY if finding.rule == BY_LAYOUT else _LABELLED)


def _candidates(evidence: Iterable[Evidence], kind: str) -> list[Finding]:
    """The amounts that labels call `kind`; of equals the surest, later ones first as totals stand at the end."""
    found = [each.finding for each in evidence if each.kind == kind]
    return _distinct(finding for _, finding in sorted(enumerate(found), key=_surest_last_first))[:_MOST]


def _surest_last_first(placed: tuple[int, Finding]) -> tuple[float, int]:
    return -placed[1].score, -placed[0]


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    kept: dict[Decimal, Finding] = {}
    for finding in findings:
        kept.setdefault(finding.value, finding)
    return list(kept.values())


def _rounded(grosses: Sequence[Finding], steps: Collection[Decimal]) -> list[Finding]:
    """Where cash is rounded, the total that a rounding leads to counts before the one it comes from."""
    ends = {gross.value + sign * step for gross in grosses for step in steps for sign in (1, -1)}
    led_to = [gross for gross in grosses if gross.value in ends]
    if not led_to:
        return list(grosses)
    # Of the two ends of one rounding the later one on the page is its result.
    last = max(led_to, key=lambda gross: max(each.box.bottom for each in gross.placed))
    return [last.scored(0.95)]


def _handed_over(paid: Sequence[Finding]) -> dict[Decimal, Finding]:
    """What may have been paid at a till, by its value: what was given less what was given back."""
    whole = {given.value: given.scored(_BY_PAYMENT) for given in paid}
    return whole | {
        given.value - back.value: replace(given.scored(_BY_PAYMENT), value=given.value - back.value, rule=_GIVEN_BACK)
        for given in paid
        for back in paid
        if given.value > back.value
    }


def _sum(taxes: Sequence[Tax]) -> Finding | None:
    """The sum of the tax lines as a total, where none is printed."""
    if not taxes:
        return None
    placed = tuple(each for tax in taxes for each in tax.amount.placed)
    value = sum((tax.amount.value for tax in taxes), Decimal(0))
    score = min(tax.amount.score for tax in taxes) * 0.95
    rule = "sumOfTaxLines" if len(taxes) > 1 else taxes[0].amount.rule
    return Finding(value, placed, taxes[0].amount.page, score, rule)


def _triples(nets: Sequence[Finding], taxes: Sequence[Finding], grosses: Sequence[Finding]) -> Iterable[_Triple]:
    return product([*nets, None], [*taxes, None], [*grosses, None])


def _weigh(triple: _Triple, lines: Decimal | None, taxes: Sequence[Tax], steps: Collection[Decimal]) -> _Set:
    """`steps` are what cash was rounded by."""
    net, tax, gross = triple
    score = sum(_support(finding) for finding in (gross, net, tax) if finding)
    off = abs(net.value + tax.value - gross.value) if net and tax and gross else None
    adds_up = off == 0
    agrees = adds_up or off in steps
    # Without tax any amount makes a sum with itself, which proves nothing.
    trivial = bool(tax and not tax.value)
    if net and tax and gross:
        score += (_TRIVIAL if trivial else _ADDS_UP) if agrees else -_CONTRADICTS
    elif net and gross and net.value == gross.value and not any(line.amount.value for line in taxes):
        score += _TRIVIAL
    if gross and net and gross.value * (1 if net.value >= 0 else -1) < abs(net.value):
        score -= _CONTRADICTS
    if lines is not None:
        score += _LINES_AGREE * (bool(net and net.value == lines) + 0.5 * bool(gross and gross.value == lines))
    bases = [line.base.value for line in taxes if line.base]
    if bases and len(bases) == len(taxes) and net:
        score += _LINES_AGREE * (sum(bases) == net.value)
    return _Set(net, tax, gross, score, agrees, adds_up and not trivial)


def _support(finding: Finding) -> float:
    """How much likelier the set is with this amount than without one: the log odds against a plain guess."""
    chance = min(max(finding.score, 0.001), 0.995)
    return math.log(chance / (1 - chance)) - _GUESS


def _sure(finding: Finding | None, chosen: _Set) -> Finding | None:
    if finding is None:
        return None
    if chosen.proven:
        return finding.scored(max(finding.score, _PROVEN), proven=True)
    if chosen.agrees:
        return finding
    contradicted = bool(chosen.net and chosen.tax and chosen.gross)
    return finding.scored(min(finding.score, 0.5) if contradicted else finding.score)


def _due(gross: Finding | None, dues: Sequence[Finding], paid: Sequence[Finding]) -> Finding | None:
    """What is left to pay: as labelled; else the gross total, when nothing was paid in advance."""
    for due in dues:
        settles = gross and any(gross.value - abs(part.value) == due.value for part in paid)
        if settles or (gross and due.value == gross.value):
            return due.scored(0.96, proven=True)
    if dues:
        return dues[0]
    if gross and not any(part.value for part in paid):
        return Finding(gross.value, gross.placed, gross.page, gross.score * 0.9, "grossNothingPaid", gross.proven)
    return None
