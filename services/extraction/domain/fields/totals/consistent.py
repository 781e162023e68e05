"""Choosing net, tax, gross and due: the labelled amounts that agree with each other, the tax lines and the items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from services.extraction.domain.arithmetic import CENT
from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.items import Item
from services.extraction.domain.fields.totals.evidence import Evidence
from services.extraction.domain.fields.totals.taxes import Tax

# Candidates per total that are tried against each other.
_MOST = 6


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


@dataclass(frozen=True, slots=True)
class _Set:
    net: Finding | None
    tax: Finding | None
    gross: Finding | None
    score: float
    adds_up: bool


def choose(evidence: Sequence[Evidence], taxes: Sequence[Tax], items: Sequence[Item]) -> Totals:
    """The set of totals with the best score: how sure the labels are, and what agrees."""
    lines = sum((item["net"].value for item in items), Decimal(0)) if items else None
    nets, grosses, dues = (_candidates(evidence, kind) for kind in ("net", "gross", "due"))
    paid, rounding = _candidates(evidence, "paid"), _candidates(evidence, "rounding")
    # A till's "net total" is what is left to pay, when nothing else is called a total.
    grosses = _rounded(grosses or dues or [finding.scored(0.7) for finding in nets], rounding)
    summed = _sum(taxes)
    tax_totals = _distinct([*_candidates(evidence, "tax"), *([summed] if summed else [])])
    best = max(
        (_weigh(*triple, lines, taxes) for triple in _triples(nets, tax_totals, _distinct([*grosses, *dues]))),
        key=lambda each: each.score,
        default=None,
    )
    if best is None:
        return Totals()
    gross = _sure(best.gross, best)
    return Totals(_sure(best.net, best), _sure(best.tax, best), gross, _due(gross, dues, paid))


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


def _rounded(grosses: Sequence[Finding], rounding: Sequence[Finding]) -> list[Finding]:
    """Where cash is rounded, the total that a rounding leads to counts before the one it comes from."""
    steps = {part.value for part in rounding if 0 < abs(part.value) < CENT * 6}
    ends = {gross.value + sign * step for gross in grosses for step in steps for sign in (1, -1)}
    led_to = [gross for gross in grosses if gross.value in ends]
    if not led_to:
        return list(grosses)
    # Of the two ends of one rounding the later one on the page is its result.
    last = max(led_to, key=lambda gross: max(each.box.bottom for each in gross.placed))
    return [last.scored(0.95)]


def _sum(taxes: Sequence[Tax]) -> Finding | None:
    """The sum of the tax lines as a total, where none is printed."""
    if not taxes:
        return None
    placed = tuple(each for tax in taxes for each in tax.amount.placed)
    value = sum((tax.amount.value for tax in taxes), Decimal(0))
    score = min(tax.amount.score for tax in taxes) * 0.95
    rule = "sumOfTaxLines" if len(taxes) > 1 else taxes[0].amount.rule
    return Finding(value, placed, taxes[0].amount.page, score, rule)


def _triples(
    nets: Sequence[Finding], taxes: Sequence[Finding], grosses: Sequence[Finding]
) -> Iterable[tuple[Finding | None, Finding | None, Finding | None]]:
    return product([*nets, None], [*taxes, None], [*grosses, None])


def _weigh(
    net: Finding | None,
    tax: Finding | None,
    gross: Finding | None,
    lines: Decimal | None,
    taxes: Sequence[Tax],
) -> _Set:
    score = sum(weight * finding.score for weight, finding in ((1.0, gross), (0.8, net), (0.7, tax)) if finding)
    adds_up = bool(net and tax and gross and net.value + tax.value == gross.value)
    if net and tax and gross:
        score += 2.5 if adds_up else -0.3
    elif net and gross and net.value == gross.value and not any(line.amount.value for line in taxes):
        score += 0.3
    if gross and net and gross.value * (1 if net.value >= 0 else -1) < abs(net.value):
        score -= 1
    if lines is not None:
        score += 0.8 * bool(net and net.value == lines) + 0.4 * bool(gross and gross.value == lines)
    bases = [line.base.value for line in taxes if line.base]
    if bases and len(bases) == len(taxes) and net:
        score += 0.8 * (sum(bases) == net.value)
    return _Set(net, tax, gross, score, adds_up)


def _sure(finding: Finding | None, chosen: _Set) -> Finding | None:
    if finding is None:
        return None
    if chosen.adds_up:
        return finding.scored(0.98, proven=True)
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
