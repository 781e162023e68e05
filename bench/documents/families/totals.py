"""Sums below the items: rows of label and amount, taxes by rate, a table of sums."""

from __future__ import annotations

from bench.documents.desk import Desk
from bench.documents.facts import Tax
from bench.documents.paper import plain

Row = tuple[str, str, bool]


def draw(desk: Desk) -> None:
    """All sums from the pen down, on one page."""
    sums = desk.facts.sums
    if not desk.room(desk.step * (10 + len(sums.taxes))):
        desk.turn()
    variant = desk.dice.layout((rows_right, rows_right, rows_right, rows_wide, rows_left), (headed, rows_left))
    variant(desk)
    if desk.dice.chance(0.2) and sums.tax:
        tax_table(desk)
    if not sums.tax and desk.dice.chance(0.8):
        desk.y += desk.step * 0.6
        desk.paragraph(desk.dice.phrase(desk.words["sentences"]["zero"]), size=desk.size * 0.95)
    desk.y += desk.step


def rows(desk: Desk) -> list[Row]:
    """Label, amount, and whether it stands out; what is left out does not stand on the document."""
    dice, sums = desk.dice, desk.facts.sums
    found: list[Row] = []
    inclusive = desk.facts.gross_priced
    if (sums.discount or sums.shipping) and dice.chance(0.7):
        found.append((desk.label("items", "totals"), desk.amount(sums.items), False))
    if sums.discount:
        label = desk.label("discount", "totals").format(percent=desk.notation.bare(sums.discount_percent))
        found.append((label, desk.amount(-sums.discount), False))
    if sums.shipping:
        found.append((desk.label("shipping", "totals"), desk.amount(sums.shipping), False))
    gross = _gross(desk)
    taxes = _taxes(desk)
    net = [(desk.label("net", "totals"), desk.amount(sums.net, "totalNet"), False)] if dice.chance(0.88) else []
    found += [gross, *taxes, *net] if inclusive and dice.chance(0.6) else [*net, *taxes, gross]
    if sums.prepaid:
        found.append((desk.label("prepaid", "totals"), desk.amount(sums.prepaid * dice.choice([-1, -1, 1])), False))
        found.append((desk.label("due", "totals"), desk.amount(sums.due, "amountDue"), True))
    elif dice.chance(0.12):
        found.append((desk.label("due", "totals"), desk.amount(sums.due, "amountDue"), True))
    return found


def _gross(desk: Desk) -> Row:
    """What is called due in the first place is both sums at once."""
    sums, totals = desk.facts.sums, desk.words["totals"]
    label = desk.label("gross", "totals")
    if sums.prepaid and label in totals["due"]:
        label = totals["gross"][0]
    fields = ("totalGross", "amountDue") if label in totals["due"] else ("totalGross",)
    return label, desk.amount(sums.gross, *fields), desk.dice.chance(0.7)


def _taxes(desk: Desk) -> list[Row]:
    sums, dice = desk.facts.sums, desk.dice
    if not sums.tax and dice.chance(0.6):
        return []
    if len(sums.taxes) == 1:
        return [(tax_label(desk, sums.taxes[0]), desk.amount(sums.tax, "totalTax"), False)]
    if desk.facts.supplier.country == "IN" and dice.chance(0.5):
        return [(desk.label("taxSum", "totals"), desk.amount(sums.tax, "totalTax"), False)]
    found = [
        (tax_label(desk, each), desk.amount(each.tax), False) for each in sums.taxes if each.rate or dice.chance(0.5)
    ]
    if dice.chance(0.45):
        found.append((desk.label("taxSum", "totals"), desk.amount(sums.tax, "totalTax"), False))
    return found


def tax_label(desk: Desk, tax: Tax) -> str:
    """The wording of a tax in this country, with its rate or not."""
    country = desk.facts.supplier.country
    key = {"US": "sales", "IN": "gst", "MY": "gst"}.get(country, "tax")
    key = key if key in desk.words["totals"] else "tax"
    rate, base = desk.notation.bare(tax.rate), desk.amount(tax.base, symbol=desk.dice.chance(0.3))
    return desk.label(key, "totals").format(rate=rate, base=base)


def rows_right(desk: Desk) -> None:
    """Amounts at the right edge, labels on their left."""
    found = rows(desk)
    widest = max(desk.width(f"{label}{desk.colon}", bold=True) for label, _, _ in found)
    amounts = max(desk.width(amount, bold=True) for _, amount, _ in found) + desk.size * desk.dice.choice([1, 2, 4])
    ends = desk.dice.chance(0.3)
    x = desk.right - amounts if ends else max(desk.left, desk.right - amounts - widest)
    _pairs(desk, found, x, desk.right, "right" if ends else "left")


def rows_wide(desk: Desk) -> None:
    """Labels at the left edge, amounts at the right one."""
    _pairs(desk, rows(desk), desk.left, desk.right, "left")


def rows_left(desk: Desk) -> None:
    """Label and amount as one text at the left, or the amount in a column close by."""
    found = rows(desk)
    if desk.dice.chance(0.5):
        for label, amount, strong in found:
            desk.write(desk.left, f"{label}{desk.colon or ':'} {amount}", bold=strong)
            desk.y += desk.step
        return
    widest = max(desk.width(label, bold=True) for label, _, _ in found)
    _pairs(desk, found, desk.left, desk.left + widest + desk.size * 9, "left")


def headed(desk: Desk) -> None:
    """A row of headings over a row of amounts."""
    found = rows(desk)
    width = (desk.right - desk.left) / len(found)
    size = min(desk.size, *(desk.size * (width - 4) / max(desk.width(label, bold=True), 1) for label, _, _ in found))
    for at, (label, amount, strong) in enumerate(found):
        x = desk.left + (at + 1) * width - 4
        desk.write(x, label, size=max(size, 5), align="right", bold=True)
        desk.write(x, amount, y=desk.y + desk.step, align="right", bold=strong, size=max(size, 5))
    desk.y += desk.step * 2.2


def tax_table(desk: Desk) -> None:
    """Rate, base and tax of every rate, below headings."""
    columns = desk.words["columns"]
    heads = [columns["rate"][0], desk.label("net", "totals"), columns["tax"][0]]
    x = [desk.left + at * max(desk.size * 9, 70) for at in range(3)]
    desk.y += desk.step
    for at, head in zip(x, heads, strict=True):
        desk.write(at, head, bold=True, size=desk.size * 0.9)
    for tax in desk.facts.sums.taxes:
        desk.y += desk.step
        cells = (f"{desk.notation.bare(tax.rate)} %", desk.notation.number(tax.base), desk.notation.number(tax.tax))
        for at, cell in zip(x, cells, strict=True):
            desk.write(at, cell, size=desk.size * 0.9)
    desk.y += desk.step


def _pairs(desk: Desk, found: list[Row], x: float, right: float, align: str) -> None:
    gap = desk.dice.choice([1, 1, 1.3])
    ruled = desk.dice.chance(0.4)
    big = desk.dice.choice([1, 1, 1.2])
    for label, amount, strong in found:
        size = desk.size * (big if strong and right == desk.right else 1)
        if align == "left":
            needed = desk.width(f"{label}{desk.colon}   {plain(amount)}", bold=True)
            size = max(min(size, desk.size * (right - x) / needed), desk.size * 0.6)
        if ruled and strong:
            desk.paper.rule(x if align == "left" else desk.left, desk.y - desk.size * 1.05, right)
        desk.write(x, f"{label}{desk.colon}", align=align, bold=strong, size=size)
        desk.write(right, amount, align="right", bold=strong, size=size)
        desk.y += desk.step * gap * (size / desk.size if size > desk.size else 1)
