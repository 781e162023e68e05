"""The tax breakdown: rows in which a rate, a base and an amount agree, or a rate stands with an amount."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.extraction.domain.arithmetic import is_share
from services.extraction.domain.fields import labels
from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.layout import Cell, Row, Sheet, cell_of
from services.extraction.domain.parsers import Match
from services.extraction.domain.parsers.amounts import find_amounts, find_rates, read_amount

_HIGHEST_RATE = 30
_BARE_RATE = re.compile(r"(?<![\w.,])\d{1,2}(?:[.,]\d{1,2})?(?![\w.,])")


@dataclass(frozen=True, slots=True)
class Tax:
    """One line of the breakdown; `base` is None while only rate and amount are known."""

    rate: Finding
    amount: Finding
    base: Finding | None


def tax_lines(sheets: Sequence[Sheet], taken: Collection[tuple[int, int]], decimal_mark: str | None) -> list[Tax]:
    """One line per rate, the best one of each: proven by its base before one without."""
    best: dict[Decimal, Tax] = {}
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            if (sheet.page.number, index) not in taken:
                tax = _read(row, sheet, index, decimal_mark)
                if tax and (tax.rate.value not in best or (tax.base and not best[tax.rate.value].base)):
                    best[tax.rate.value] = tax
    return sorted(best.values(), key=lambda tax: -tax.rate.value)


def complete(taxes: Sequence[Tax], net: Finding | None, total: Finding | None) -> list[Tax]:
    """The lines that belong to the totals, with the net total as base where a single line had none."""
    lines = [tax for tax in taxes if tax.rate.value or tax.base]
    if (
        len(lines) == 1
        and not lines[0].base
        and net
        and is_share(lines[0].rate.value, net.value, lines[0].amount.value)
    ):
        return [replace(lines[0], base=replace(net, rule="netTotal"))]
    if total and lines and sum(tax.amount.value for tax in lines) != total.value:
        fitting = [tax for tax in lines if tax.amount.value == total.value]
        return fitting[:1]
    return lines


def _read(row: Row, sheet: Sheet, index: int, decimal_mark: str | None) -> Tax | None:
    whole = cell_of(row.placed, sheet.page, index)
    amounts = [match for match in find_amounts(whole.text, decimal_mark) if match.trust == 1.0]
    if not amounts:
        return None
    rates = find_rates(whole.text)
    speaks = any(label.field == "tax" for label in labels.amounts().find(whole))
    if not rates and (speaks or _under_tax_header(sheet, index)):
        rates = _bare_rates(whole.text, amounts)
    for rate in rates:
        if not 0 <= rate.value <= _HIGHEST_RATE:
            continue
        for base, amount in _pairs(amounts):
            if abs(base.value) > abs(amount.value) and is_share(rate.value, base.value, amount.value):
                found = [_finding(whole, match, 0.95, "taxAddsUp", proven=True) for match in (rate, amount, base)]
                return Tax(found[0], found[1], found[2])
    if len(rates) == 1 == len(amounts) and speaks and 0 <= rates[0].value <= _HIGHEST_RATE:
        return Tax(
            _finding(whole, rates[0], 0.8, "taxLabelled"), _finding(whole, amounts[-1], 0.8, "taxLabelled"), None
        )
    return None


def _pairs(amounts: Sequence[Match]) -> Iterable[tuple[Match, Match]]:
    """Base before amount as tables print them, then the other way round."""
    ordered = [(one, other) for place, one in enumerate(amounts) for other in amounts[place + 1 :]]
    return [*ordered, *((other, one) for one, other in ordered)]


def _bare_rates(text: str, amounts: Sequence[Match]) -> list[Match]:
    """Small numbers without a percent sign, in a table whose header speaks of tax."""
    found = []
    for match in _BARE_RATE.finditer(text):
        if any(other.start < match.end() and match.start() < other.end for other in amounts if other.value != 0):
            continue
        value = read_amount(match.group(), ".")
        if value is not None:
            found.append(Match(value, *match.span(), 0.8))
    return found


def _under_tax_header(sheet: Sheet, index: int) -> bool:
    """Whether one of the four rows above is a header of a tax table: it names a rate or a tax, and has no amount."""
    for row in sheet.rows[max(0, index - 4) : index]:
        names = [
            label.field for cell in row.cells for label in (*labels.columns().find(cell), *labels.amounts().find(cell))
        ]
        if len(row.cells) > 1 and {"taxRate", "tax"} & set(names) and not find_amounts(row.text):
            return True
    return False


def _finding(cell: Cell, match: Match, score: float, rule: str, proven: bool = False) -> Finding:
    return Finding(match.value, cell.between(match.start, match.end), cell.page, score, rule, proven)
