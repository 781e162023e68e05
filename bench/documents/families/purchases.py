"""The items of a receipt, its sums, and how it was paid."""

from __future__ import annotations

from decimal import Decimal

from bench.documents.paper import mark, plain
from bench.documents.till import Till


def items(till: Till) -> None:
    """One line each, or two with quantity and price on the second, under headings or not."""
    dice = till.dice
    variant = dice.layout((_one_line, _two_lines, _two_lines, _counted), (_coded, _priced_first))
    if dice.chance(0.6):
        left, right = dice.choice(till.words["heads"])
        till.pair(left, right, bold=dice.chance(0.3))
        if dice.chance(0.6):
            till.dashes()
    coded = till.dice.choice(["", "", " S", " SR", " Z", " A"])
    for at, line in enumerate(till.purchase.lines):
        total = mark(f"items.{at}.lineTotal", till.notation.number(line.total)) + coded
        quantity = mark(f"items.{at}.quantity", till.notation.bare(line.quantity))
        price = mark(f"items.{at}.unitPrice", till.notation.number(line.price))
        variant(
            till,
            (
                mark(f"items.{at}.description", line.description),
                quantity,
                price,
                total,
                mark(f"items.{at}.articleNumber", line.article),
            ),
        )
    if dice.chance(0.3):
        count = sum(line.quantity for line in till.purchase.lines)
        till.line(f"{till.phrase('count')}{till.colon} {till.notation.bare(Decimal(count))}")


Item = tuple[str, str, str, str, str]


def _one_line(till: Till, item: Item) -> None:
    name, quantity, _, total, _ = item
    till.pair(f"{quantity} {name}", total)


def _two_lines(till: Till, item: Item) -> None:
    name, quantity, price, total, article = item
    till.line(f"{article} {name}" if till.dice.chance(0.1) else name)
    till.pair(f"{quantity} {till.dice.choice(['x', 'X', '@', '*'])} {price}", total, indent=till.size * 3)


def _counted(till: Till, item: Item) -> None:
    name, quantity, price, total, _ = item
    if plain(quantity) == "1":
        till.pair(name, total)
    else:
        till.line(f"{quantity} x {price}")
        till.pair(name, total)


def _coded(till: Till, item: Item) -> None:
    name, quantity, price, total, article = item
    till.line(name)
    till.line(article)
    till.pair(f"{quantity}   {price}", total, indent=till.size * 6)


def _priced_first(till: Till, item: Item) -> None:
    name, quantity, price, total, article = item
    till.pair(f"{article}  {quantity} @ {price}", total)
    till.line(f"  {name}")


def totals(till: Till) -> None:
    """Sums, the total in any wording, and what was paid, which may be more."""
    dice, purchase, sums = till.dice, till.purchase, till.purchase.sums
    symbol, rate = dice.chance(0.3), till.notation.bare(sums.taxes[0].rate)
    if not purchase.inclusive or dice.chance(0.35):
        till.pair(till.phrase("subtotal") + till.colon, till.amount(sums.net, "totalNet", symbol=symbol))
        till.pair(till.phrase("tax", rate=rate) + till.colon, till.amount(sums.tax, "totalTax", symbol=symbol))
    if purchase.service:
        till.pair(till.phrase("service") + till.colon, till.amount(purchase.service))
    if purchase.rounding or dice.chance(0.15):
        if dice.chance(0.6):
            till.pair(
                till.phrase("before") + till.colon, till.amount(purchase.total - purchase.rounding, symbol=symbol)
            )
        till.pair(till.phrase("rounding") + till.colon, till.amount(purchase.rounding))
    if dice.chance(0.1):
        till.pair(till.phrase("saved"), till.amount(Decimal("0.00")))
    big = till.size * dice.choice([1, 1, 1.2, 1.5, 2])
    if dice.chance(0.1):
        till.line(till.phrase("total"), bold=True, size=big)
        till.line(till.amount(purchase.total, "totalGross", symbol=True), "right", True, big)
    else:
        till.pair(
            till.phrase("total") + till.colon,
            till.amount(purchase.total, "totalGross", symbol=symbol),
            dice.chance(0.6),
            big,
        )
    _payment(till, symbol)


def _payment(till: Till, symbol: bool) -> None:
    dice, purchase = till.dice, till.purchase
    if dice.chance(0.15):
        return
    if dice.chance(0.4):
        till.dashes()
    if purchase.paid == purchase.total and dice.chance(0.7):
        till.pair(till.phrase("card"), till.amount(purchase.total, symbol=symbol))
        if dice.chance(0.5):
            till.line(dice.filled("XXXX XXXX XXXX ####"))
        return
    sign = dice.choice([1, 1, 1, -1])
    till.pair(till.phrase("cash") + till.colon, till.amount(purchase.paid * sign, symbol=symbol))
    till.pair(till.phrase("change") + till.colon, till.amount(purchase.paid - purchase.total, symbol=symbol))


def summary(till: Till) -> None:
    """Base and tax per rate below headings."""
    middle, (first, *rest) = (till.left + till.right) * 0.5, till.dice.choice(till.words["summary"])
    till.y += till.size * 0.5
    rows = [(first, *rest)]
    for tax in till.purchase.sums.taxes:
        name = till.dice.choice(["SR @ {}%", "S {}%", "{}%", "SR ({}%)"]).format(till.notation.bare(tax.rate))
        rows.append((name, till.notation.number(tax.base), till.notation.number(tax.tax)))
    for name, base, tax in rows:
        till.paper.write(till.left, till.y, name, till.face.plain, till.size)
        till.paper.write(middle + till.size * 2, till.y, base, till.face.plain, till.size, align="right")
        till.paper.write(till.right, till.y, tax, till.face.plain, till.size, align="right")
        till.y += till.size * 1.3
