"""Documents that are filled forms: boxes with tiny headings, or three columns under the seller's name."""

from __future__ import annotations

from bench.documents.desk import Desk
from bench.documents.families import details, parties


def form(desk: Desk) -> None:
    """Seller over buyer in boxes on the left; title, numbers and dates in lines on the right."""
    dice, top = desk.dice, desk.y
    middle = desk.left + (desk.right - desk.left) * dice.choice([0.5, 0.55, 0.6])
    blocks = [(desk.issuer, dice.chance(0.6)), (desk.recipient, False)]
    for party, full in blocks:
        start = desk.y - desk.size
        desk.write(desk.left + 2, desk.heading(party), size=desk.size * 0.65)
        desk.y += desk.step
        parties.block(desk, desk.left + desk.size, parties.party_lines(desk, party, full))
        _box(desk, desk.left, start, middle - desk.size * 2, desk.y)
        desk.y += desk.size
    below, desk.y = desk.y, top
    desk.write(middle, details.title(desk), bold=True, size=desk.size * 1.2)
    desk.y += desk.step * 1.5
    details.draw(desk, details.pairs(desk), middle, desk.right)
    desk.y = max(below, desk.y) + desk.step * 1.5


def sold_by(desk: Desk) -> None:
    """Title in the middle, the seller in one line or two, then details, buyer and consignee next to each other."""
    dice, party = desk.dice, desk.issuer
    desk.write((desk.left + desk.right) / 2, details.title(desk), align="center", bold=True, size=desk.size * 1.5)
    desk.y += desk.step * 2
    corner = dice.chance(0.6)
    if corner:
        text = f"{desk.number_label()}{desk.colon or ':'} {dice.choice(['', '# '])}{desk.own_number()}"
        desk.write(desk.right, text, align="right", bold=True)
        desk.y += desk.step * 1.4
    address = [desk.addressed(party, part, first=at == 0) for at, part in enumerate(party.address)]
    desk.write(desk.left, f"{desk.heading(party)}{desk.colon or ':'} {desk.named(party)}", size=desk.size * 1.1)
    desk.y += desk.step
    desk.write(desk.left, ", ".join(address), size=desk.size * 0.85, italic=dice.chance(0.5))
    desk.y += desk.step
    desk.paper.rule(desk.left, desk.y - desk.size * 0.6, desk.right)
    desk.y += desk.step * 0.6
    told = [f"{label}{desk.colon or ':'} {value}" for label, value in details.pairs(desk, number=not corner)[:7]]
    buyer = (desk.heading(desk.recipient) + desk.colon, parties.party_lines(desk, desk.recipient))
    columns = [("", [*told, *parties.tax_lines(desk, party)]), buyer, parties.ship_to(desk)]
    parties.side_by_side(desk, columns)
    desk.paper.rule(desk.left, desk.y, desk.right)
    desk.y += desk.step * 1.5


def _box(desk: Desk, left: float, top: float, right: float, bottom: float) -> None:
    for y in (top, bottom):
        desk.paper.rule(left, y, right, 0.6)
    for x in (left, right):
        desk.paper.patch(x, top, x + 0.6, bottom)
