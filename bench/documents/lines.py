"""The items of an invented document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bench.documents.dice import Dice
from bench.documents.money import cents, plain
from bench.documents.paper import Paper

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """`details` are lines of print below the description; {day} and the like in them are filled where it is printed."""

    article: str
    description: str
    details: tuple[str, ...]
    quantity: Decimal
    unit: str
    price: Decimal
    discount: Decimal
    rate: Decimal

    @property
    def total(self) -> Decimal:
        return cents(self.quantity * self.price * (100 - self.discount) / 100)


@dataclass(frozen=True, slots=True)
class _Trade:
    """What all lines of one document have in common."""

    words: dict[str, Any]
    rates: Sequence[Decimal]
    scheme: str
    services: bool
    discounted: bool
    sign: int


def draw_lines(dice: Dice, words: dict[str, Any], rates: Sequence[Decimal], sign: int) -> tuple[Line, ...]:
    """Few mostly, sometimes enough for several pages; at least one with a total."""
    count = dice.choice([1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 14, 20 + dice.randrange(30)])
    scheme = dice.choice(["####", "@@-###", "######", "@#####", "###.###", "40###########", "@@@##@"])
    trade = _Trade(words, rates, scheme, dice.chance(0.35), dice.chance(0.15), sign)
    lines = [_line(dice, trade) for _ in range(count)]
    if count > 2 and dice.chance(0.08):
        lines[-1] = _returned(dice, words, lines[0])
    return tuple(lines)


def _line(dice: Dice, trade: _Trade) -> Line:
    goods = trade.words["goods"]
    by_time = trade.services and dice.chance(0.6)
    if by_time:
        name, unit = dice.phrase(goods["services"]), dice.choice(goods["hours"])
    else:
        name = dice.phrase(goods["nouns"])
        unit = dice.choice(goods["pieces"] if dice.chance(0.75) else goods["measures"])
        name = (
            f"{name}{dice.choice([' ', ' ', ', ', ' - '])}{dice.choice(goods['kinds'])}" if dice.chance(0.7) else name
        )
    if dice.chance(0.12):
        name = f"{name}, {dice.phrase(goods['nouns'])} {dice.choice(goods['kinds'])}"
    discounted = trade.discounted and dice.chance(0.6)
    return Line(
        article=dice.filled(trade.scheme),
        description=name,
        details=tuple(_detail(dice, trade.words) for _ in range(dice.choice([0, 0, 0, 0, 1, 1, 2, 3]))),
        quantity=_quantity(dice, by_time) * trade.sign,
        unit=unit,
        price=_price(dice),
        discount=Decimal(dice.choice([5, 10, 15, 20, 3])) if discounted else ZERO,
        rate=dice.choice(list(trade.rates)),
    )


def _quantity(dice: Dice, by_time: bool) -> Decimal:
    if by_time:
        return Decimal(dice.choice(["1", "2", "0.5", "3.5", "8", "1.25", "7.75", "40", "16"]))
    if dice.chance(0.1):
        return Decimal(dice.randrange(5, 9000)) / dice.choice([10, 100, 1000])
    return Decimal(dice.choice([1, 1, 1, 2, 2, 3, 4, 5, 6, 10, 12, 20, 25, 50, 100, 250, dice.randrange(1, 1500)]))


def _price(dice: Dice) -> Decimal:
    """Cheap things more often than dear ones; some with more than two decimals, many with a round end."""
    price = Decimal(str(round(10 ** dice.uniform(-0.2, 3.2), 2)))
    if dice.chance(0.05):
        return price / 100 + Decimal("0.0015")
    if dice.chance(0.4):
        return max(price.quantize(Decimal(1)), Decimal(1))
    return price


def _returned(dice: Dice, words: dict[str, Any], first: Line) -> Line:
    """A line that takes a part of the first one back."""
    price = max(cents(abs(first.price) / 10), Decimal("0.01"))
    name = dice.choice(words["goods"]["returns"])
    return Line(
        first.article,
        name,
        (),
        -first.quantity.copy_sign(1).quantize(Decimal(1)) or Decimal(-1),
        first.unit,
        price,
        ZERO,
        first.rate,
    )


def _detail(dice: Dice, words: dict[str, Any]) -> str:
    day = date(2010, 1, 1) + timedelta(days=dice.randrange(5500))
    return dice.phrase(words["goods"]["details"]).format(
        digits=dice.digits(dice.randrange(5, 11)), land=dice.choice(["DE", "CN", "IT", "EU", "PL"]),
        day=f"{day:%d.%m.%Y}", day2=f"{day + timedelta(days=30):%d.%m.%Y}",
    )  # fmt: skip


def printed_lines(lines: Sequence[Line], paper: Paper) -> list[dict[str, Any]]:
    """The truth of the lines as far as they are printed."""
    found = []
    for at, line in enumerate(lines):
        values = {
            "description": line.description,
            "articleNumber": line.article,
            "quantity": f"{line.quantity.normalize():f}",
            "unit": line.unit,
            "unitPrice": f"{line.price.normalize():f}",
            "taxRate": f"{line.rate.normalize():f}",
            "lineTotal": plain(line.total),
        }
        shown = {name: value if f"items.{at}.{name}" in paper.places else None for name, value in values.items()}
        if any(shown.values()):
            visible = {name: value is not None for name, value in shown.items()}
            found.append({"lineId": str(at + 1), **shown, "parentLineId": None, "visible": visible})
    return found
