"""Till receipts: a narrow roll with a merchant's head, items, a total and what was paid, on its own or on a sheet."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from bench.documents.desk import wording
from bench.documents.dice import Dice
from bench.documents.facts import add_up
from bench.documents.families.rolls import compose
from bench.documents.letter import A4, Drawn, bare
from bench.documents.lines import Line, printed_lines
from bench.documents.money import CENT, SYMBOLS, Notation, cents, plain
from bench.documents.paper import TYPEFACES, Paper
from bench.documents.parties import WORDS, countries, draw_party
from bench.documents.till import Purchase, Till

COUNTRIES = ("MY",) * 7 + ("DE", "DE", "US", "US", "GB", "FR", "IN", "AT", "CH", "ES", "IT", "NL", "BE", "IE")
ROLL = 226.0


@cache
def _wording() -> dict[str, Any]:
    return tomllib.loads((WORDS / "receipts.toml").read_text(encoding="utf-8"))


def draw(dice: Dice) -> Drawn:
    """A receipt from any country, on its own roll or somewhere on a scanned sheet."""
    country = dice.choice(COUNTRIES)
    purchase = _purchase(dice, country, wording(countries()[country]["language"]))
    width = ROLL * dice.choice([1, 1, 0.75, 1.2])
    # The first drawing tells how long the roll is, which the shares of the page need.
    length = compose(_till(dice, purchase, Paper(width, A4[1]), 0, 0, width)) + 30
    if dice.chance(0.3) and length < A4[1] - 40:
        paper = Paper(*A4)
        left, top = dice.uniform(20, A4[0] - width - 20), dice.uniform(0, A4[1] - length - 20)
    else:
        paper, left, top = Paper(width, length), 0.0, 0.0
    compose(_till(dice, purchase, paper, left, top, width))
    return Drawn(paper, _truth(purchase, paper))


def _till(dice: Dice, purchase: Purchase, paper: Paper, left: float, top: float, width: float) -> Till:
    """A till that draws alike for equal purchases, wherever on the paper."""
    own = Dice.keyed(f"{purchase.number}{purchase.day}{purchase.total}", dice.unseen)
    words = wording(purchase.language)
    land = countries()[purchase.merchant.country]
    dates = words.get(f"dates_{purchase.merchant.country.lower()}", words["dates"])
    notation = Notation(own.choice(land["money"]), own.phrase(dates), words["months"])
    face = TYPEFACES[own.choice(["typewriter", "typewriter", "sans", "sans", "sans", "wide"])]
    size = (own.choice([6, 6.5, 7]) if face.plain in ("Courier", "Vera") else own.choice([7, 7.5, 8.5])) * width / ROLL
    return Till(
        dice=own,
        purchase=purchase,
        words=_wording()[purchase.language],
        goods=words,
        paper=paper,
        notation=notation,
        face=face,
        size=size,
        left=left + 8,
        right=left + width - 8,
        y=top + 18,
        symbol=own.choice(SYMBOLS[purchase.currency]),
        colon=own.choice([":", ":", " :", "", " : "]),
    )


def _purchase(dice: Dice, country: str, words: dict[str, Any]) -> Purchase:
    land = countries()[country]
    merchant = draw_party(dice, country)
    rates = [Decimal(dice.choice(land["rates"]))] if dice.chance(0.8) else [Decimal(rate) for rate in land["rates"]]
    lines = tuple(_line(dice, words, dice.choice(rates)) for _ in range(dice.choice([1, 1, 2, 2, 3, 4, 5, 7, 12])))
    inclusive = country != "US" and dice.chance(0.8)
    sums = add_up(dice, lines, gross_priced=inclusive, plain=True)
    service = cents(sums.gross / 10) if country == "MY" and dice.chance(0.12) else Decimal(0)
    exact = sums.gross + service
    fives = country in ("MY", "CH", "NL", "BE") and dice.chance(0.7)
    rounded = (exact / 5).quantize(CENT) * 5 if fives else exact
    return Purchase(
        language=words["language"],
        currency=land["currency"],
        merchant=merchant,
        number=_number(dice),
        day=date(2012, 1, 1) + timedelta(days=dice.randrange(14 * 365)),
        minute=dice.randrange(420, 1380),
        lines=lines,
        sums=sums,
        inclusive=inclusive,
        service=service,
        rounding=rounded - exact,
        total=rounded,
        paid=_paid(dice, rounded),
    )


def _line(dice: Dice, words: dict[str, Any], rate: Decimal) -> Line:
    name = dice.phrase(words["goods"]["nouns"])
    name = f"{name} {dice.choice(words['goods']['kinds'])}" if dice.chance(0.5) else name
    quantity = Decimal(dice.choice([1, 1, 1, 1, 2, 2, 3, 4, 10]))
    price = Decimal(str(round(10 ** dice.uniform(-0.1, 1.8), dice.choice([1, 2, 2]))))
    return Line(
        dice.filled(dice.choice(["#############", "####", "######"])),
        name.upper() if dice.chance(0.6) else name,
        (),
        quantity,
        dice.choice(words["goods"]["pieces"]),
        price,
        Decimal(0),
        rate,
    )


def _number(dice: Dice) -> str:
    return dice.filled(
        dice.choice(
            ["######", "CS#####", "####-##-####", "@#####", "R########", "############", "##/####", "@@-####-#####"]
        )
    )


def _paid(dice: Dice, total: Decimal) -> Decimal:
    """What was handed over: the sum itself, or notes that are more."""
    if dice.chance(0.35):
        return total
    note = Decimal(dice.choice([5, 10, 20, 50, 100]))
    return (total // note + 1) * note


def _truth(purchase: Purchase, paper: Paper) -> dict[str, Any]:
    """What is printed, in the format of receipts read by hand."""
    merchant, sums = purchase.merchant, purchase.sums
    values = {
        "invoiceNumber": purchase.number, "issueDate": purchase.day.isoformat(), "currency": purchase.currency,
        "totalNet": plain(sums.net), "totalTax": plain(sums.tax), "totalGross": plain(purchase.total),
        "supplierName": merchant.name, "supplierVatId": bare(merchant.vat_id), "supplierTaxNumber": merchant.tax_number,
        "supplierAddress": ", ".join(part.strip(" ,") for part in merchant.address),
    }  # fmt: skip
    printed = {name: value if name in paper.places else None for name, value in values.items()}
    return {
        "type": "receipt", "docType": "receipt", "language": purchase.language, "fields": printed,
        "visible": {name: True for name, value in printed.items() if value is not None},
        "lineTotalPrintedNet": not purchase.inclusive, "lineItems": printed_lines(purchase.lines, paper),
    }  # fmt: skip
