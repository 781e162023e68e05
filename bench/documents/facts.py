"""What an invented document states, before anyone chose its words or its looks: parties, dates, lines, sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bench.documents.dice import Dice
from bench.documents.lines import Line, draw_lines
from bench.documents.money import cents
from bench.documents.parties import Party, countries, draw_party

KINDS = ("invoice", "creditNote", "purchaseOrder", "deliveryNote", "other")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tax:
    """What one rate was charged on, and the tax."""

    rate: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """What a document adds up to: items - discount + shipping = net, net + tax = gross, gross - prepaid = due."""

    items: Decimal
    discount: Decimal
    discount_percent: Decimal
    shipping: Decimal
    taxes: tuple[Tax, ...]
    prepaid: Decimal

    @property
    def net(self) -> Decimal:
        return sum((each.base for each in self.taxes), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((each.tax for each in self.taxes), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def due(self) -> Decimal:
        return self.gross - self.prepaid


@dataclass(frozen=True, slots=True)
class Facts:
    """One document. `gross_priced`: prices and totals of lines hold the tax; `sign` is -1 where sums are negative."""

    kind: str
    language: str
    currency: str
    supplier: Party
    buyer: Party
    number: str
    issued: date
    due: date
    delivered: date
    days: int
    order: str
    customer: str
    delivery_note: str
    previous: str
    lines: tuple[Line, ...]
    sums: Sums
    gross_priced: bool
    cash_discount: Decimal


def draw_facts(dice: Dice, words: dict[str, Any], country: str, kind: str) -> Facts:
    """A document of `kind` from a business in `country`; `words` are those of its language."""
    land = countries()[country]
    issued = date(2009, 1, 1) + timedelta(days=dice.randrange(17 * 365))
    days = dice.choice([0, 7, 8, 10, 14, 14, 15, 20, 30, 30, 30, 45, 60, 90])
    abroad = dice.chance(0.12)
    buyer = draw_party(dice, dice.choice(list(countries())) if abroad else country)
    rates = _rates(dice, land, abroad)
    gross_priced = kind == "invoice" and rates[0] != 0 and not land.get("single_rate") and dice.chance(0.1)
    lines = draw_lines(dice, words, rates, -1 if kind == "creditNote" and dice.chance(0.45) else 1)
    return Facts(
        kind=kind,
        language=words["language"],
        currency=_currency(dice, land),
        supplier=draw_party(dice, country),
        buyer=buyer,
        number=_number(dice, issued, kind),
        issued=issued,
        due=issued + timedelta(days=days),
        delivered=issued - timedelta(days=dice.choice([0, 0, 1, 2, 3, 5, 12])),
        days=days,
        order=_reference(dice),
        customer=dice.filled(dice.choice(["#####", "10####", "K-####", "@@####", "D######", "###"])),
        delivery_note=_reference(dice),
        previous=_number(dice, issued - timedelta(days=20), "invoice"),
        lines=lines,
        sums=add_up(dice, lines, gross_priced=gross_priced, plain=kind != "invoice"),
        gross_priced=gross_priced,
        cash_discount=Decimal(dice.choice(["0", "0", "0", "2", "3", "2.5"])),
    )


def add_up(dice: Dice, lines: Sequence[Line], *, gross_priced: bool = False, plain: bool = False) -> Sums:
    """Sums that hold to the cent, the tax rounded per rate or, now and then, per line."""
    items = sum((line.total for line in lines), ZERO)
    rates = sorted({line.rate for line in lines}, reverse=True)
    percent = (
        Decimal(dice.choice(["2", "3", "5", "10"])) if not plain and len(rates) == 1 and dice.chance(0.1) else ZERO
    )
    discount = cents(items * percent / 100)
    shipping = ZERO
    if not plain and dice.chance(0.2):
        shipping = Decimal(dice.choice(["4.90", "5.95", "6.50", "12.00", "25.00", "39.90", "3.99"]))
    per_line = dice.chance(0.15) and not discount
    taxes = []
    for rate in rates:
        charged = [line.total for line in lines if line.rate == rate]
        if rate == rates[0]:
            charged += [each for each in (shipping, -discount) if each]
        taxes.append(_taxed(rate, charged, gross_priced=gross_priced, per_line=per_line))
    gross = sum((each.base + each.tax for each in taxes), ZERO)
    prepaid = ZERO
    if not plain and gross > 0 and dice.chance(0.12):
        prepaid = gross if dice.chance(0.2) else cents(gross * Decimal(dice.choice(["0.1", "0.25", "0.3", "0.5"])))
    return Sums(items, discount, percent, shipping, tuple(taxes), prepaid)


def _taxed(rate: Decimal, charged: Sequence[Decimal], *, gross_priced: bool, per_line: bool) -> Tax:
    whole = sum(charged, ZERO)
    if gross_priced:
        base = cents(whole / (1 + rate / 100))
        return Tax(rate, base, whole - base)
    if per_line:
        return Tax(rate, whole, sum((cents(each * rate / 100) for each in charged), ZERO))
    return Tax(rate, whole, cents(whole * rate / 100))


def _rates(dice: Dice, land: dict[str, Any], abroad: bool) -> list[Decimal]:
    known = [Decimal(rate) for rate in land["rates"]]
    if dice.chance(0.5 if abroad else 0.05):
        return [ZERO]
    if land.get("single_rate") or dice.chance(0.65):
        return [dice.choice([known[0], known[0], known[0], *known])]
    return known


def _currency(dice: Dice, land: dict[str, Any]) -> str:
    return dice.choice(["EUR", "USD", "GBP", "CHF"]) if dice.chance(0.05) else str(land["currency"])


def _number(dice: Dice, day: date, kind: str) -> str:
    """A number as document numbers are: bare digits, with the year, with letters, slashes or hyphens."""
    heads = {
        "invoice": ["RE", "INV", "R", "F", "FA", "IN", "RG", "SI", "VF"],
        "creditNote": ["GS", "CN", "AV", "K", "NC"],
    }
    head = dice.choice(heads.get(kind, ["PO", "LS", "AN", "Q", "B", "DN", "A"]))
    year, serial = day.year, dice.filled(dice.choice(["###", "####", "#####", "######"]))
    return dice.choice(
        [
            dice.digits(dice.randrange(4, 11)),
            dice.digits(dice.randrange(5, 9)),
            f"{year}-{serial}",
            f"{year}{serial}",
            f"{head}{serial}",
            f"{head}-{year}-{serial}",
            f"{head}{year % 100}/{serial}",
            f"{serial}/{year}",
            f"{head}/{year}/{day.month:02}/{serial}",
            f"{head}-{serial}",
            f"{head} {serial}",
            f"{year % 100}{day.month:02}-{serial}",
            dice.filled("@@-####-##"),
            dice.filled("##.###.###"),
            f"{serial}-{dice.randrange(1, 10)}",
            f"{head}{year}{serial}",
            f"{serial}{dice.choice('ABCX')}",
            f"{dice.randrange(1, 99)}",
        ]
    )


def _reference(dice: Dice) -> str:
    return dice.filled(
        dice.choice(
            [
                "#######",
                "45########",
                "PO-#####",
                "@###",
                "######/##",
                "B##-####",
                "@@@###",
                "####",
                "20##-###",
                "PO######",
            ]
        )
    )
