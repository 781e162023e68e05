"""Who sends the document and who gets it: letterheads, windows, blocks side by side."""

from __future__ import annotations

from bench.documents.desk import Desk
from bench.documents.paper import mark
from bench.documents.parties import Party, draw_party


def party_lines(desk: Desk, party: Party, full: bool = False) -> list[str]:
    """Name and address as lines, marked; `full` adds what a seller's block holds."""
    parts = party.address
    lines = [desk.named(party)]
    if desk.dice.chance(0.15):
        lines.append(party.contact)
    joined = desk.dice.chance(0.12)
    if joined:
        lines.append(desk.addressed(party, ", ".join(parts), first=True))
    else:
        lines += [desk.addressed(party, part, first=at == 0) for at, part in enumerate(parts)]
    if desk.dice.chance(0.3):
        lines.append(party.land)
    return [*lines, *(numbers(desk, party) if full else [])]


def numbers(desk: Desk, party: Party, tax: bool = True) -> list[str]:
    """Phone, mail, tax numbers: a draw of them as "label: value"."""
    dice, colon = desk.dice, desk.colon or " "
    lines = []
    if dice.chance(0.6):
        lines.append(f"{desk.label('phone')}{colon} {party.phone}")
        if dice.chance(0.5):
            lines.append(f"{desk.label('fax')}{colon} {party.fax}")
    if dice.chance(0.5):
        lines.append(party.email if dice.chance(0.4) else f"{desk.label('email')}{colon} {party.email}")
    if dice.chance(0.3):
        lines.append(party.web)
    return lines + (tax_lines(desk, party) if tax else [])


def tax_lines(desk: Desk, party: Party) -> list[str]:
    """VAT id and tax number with their labels, marked."""
    lines = []
    if party.vat_id and desk.dice.chance(0.75):
        label = "supplierVatId" if party is desk.issuer else "buyerVatId"
        lines.append(
            f"{desk.label(label)}{desk.colon or ':'} {mark(desk.field_of(party, 'VatId'), spaced(desk, party.vat_id))}"
        )
    if party.tax_number and desk.dice.chance(0.6):
        name = desk.field_of(party, "TaxNumber")
        number = mark(name, party.tax_number) if name else party.tax_number
        lines.append(f"{desk.label('supplierTaxNumber')}{desk.colon or ':'} {number}")
    return lines


def spaced(desk: Desk, number: str) -> str:
    """A VAT id as it stands, with a space behind the country, or the Swiss way."""
    if number.startswith("CHE") and desk.dice.chance(0.7):
        return f"{number} MWST"
    return f"{number[:2]} {number[2:]}" if number[2:].isdigit() and desk.dice.chance(0.12) else number


def block(desk: Desk, x: float, lines: list[str], **look: object) -> None:
    """Lines below each other, the first in bold now and then."""
    align, size = str(look.get("align", "left")), look.get("size", desk.size)
    bold = bool(look.get("bold", False))
    assert isinstance(size, (int, float))
    for at, line in enumerate(lines):
        desk.write(x, line, align=align, size=size, bold=bold and at == 0)
        desk.y += size * min(desk.leading, 1.35)


def letterhead(desk: Desk, where: str) -> None:
    """The issuer at the head: left, right, center, or only its name as a logo."""
    dice, party = desk.dice, desk.issuer
    big = desk.size * dice.choice([1.3, 1.6, 2.0, 2.6])
    x = {"left": desk.left, "right": desk.right, "center": (desk.left + desk.right) / 2}[where]
    shade = dice.choice([0.0, 0.0, 0.2, 0.35])
    desk.write(x, desk.named(party), align=where, size=big, bold=dice.chance(0.7), colour=(shade, shade * 0.6, shade))
    desk.y += big * 0.7 + desk.size * 0.5
    rest = party_lines(desk, party)[1:]
    if dice.chance(0.25):
        block(desk, x, ["  ·  ".join(rest)], align=where, size=desk.size * 0.85)
    else:
        block(
            desk,
            x,
            [*rest, *numbers(desk, party, dice.chance(0.4))],
            align=where,
            size=desk.size * dice.choice([0.85, 1]),
        )
    if where != "right" and dice.chance(0.3):
        desk.paper.rule(desk.left, desk.y, desk.right, dice.choice([0.4, 1, 2]))


def logo(desk: Desk, where: str) -> None:
    """The name alone, large, with a sign beside it or not."""
    if where != "center" and desk.dice.chance(0.4):
        edge = desk.left - desk.size * 2.5 if where == "left" else desk.right + desk.size * 0.5
        shade = (desk.dice.random() * 0.8, desk.dice.random() * 0.8, desk.dice.random() * 0.8)
        desk.paper.patch(edge, desk.y - desk.size * 1.5, edge + desk.size * 2, desk.y + desk.size * 0.5, shade)
    x = {"left": desk.left, "right": desk.right, "center": (desk.left + desk.right) / 2}[where]
    desk.write(x, desk.named(desk.issuer), align=where, size=desk.size * desk.dice.choice([1.6, 2.2, 3]), bold=True)
    desk.y += desk.size


def sender_line(desk: Desk) -> None:
    """The issuer in one tiny line over the window."""
    party = desk.issuer
    sign = desk.dice.choice([" - ", ", ", " · ", " | ", " • "])
    parts = [desk.addressed(party, part, first=at == 0) for at, part in enumerate(party.address)]
    desk.write(desk.left, sign.join([desk.named(party), *parts]), size=desk.dice.choice([5.5, 6, 6.5, 7]))
    desk.y += desk.size * 1.5


def recipient(desk: Desk, x: float, heading: bool) -> None:
    """The address of whoever gets it."""
    if heading:
        desk.write(x, desk.heading(desk.recipient) + desk.dice.choice([":", "", ":"]), bold=desk.dice.chance(0.6))
        desk.y += desk.step
    block(desk, x, party_lines(desk, desk.recipient), bold=desk.dice.chance(0.3))


def ship_to(desk: Desk) -> tuple[str, list[str]]:
    """Where the goods go: to the buyer, to another house of the buyer's, or to somebody else."""
    buyer = desk.facts.buyer
    other = draw_party(desk.dice, buyer.country)
    lines = desk.dice.choice([[buyer.name, *buyer.address], [buyer.name, *other.address], [other.name, *other.address]])
    return desk.label("shipTo", "parties") + desk.colon, lines


def side_by_side(desk: Desk, columns: list[tuple[str, list[str]]]) -> None:
    """Blocks with headings next to each other; the pen stands below the longest then."""
    top, lowest = desk.y, desk.y
    width = (desk.right - desk.left) / len(columns)
    bold = desk.dice.chance(0.4)
    for at, (heading, lines) in enumerate(columns):
        desk.y = top
        x = desk.left + at * width
        if heading:
            desk.write(x, heading, bold=True)
            desk.y += desk.step * 1.1
        block(desk, x, lines, bold=bold)
        lowest = max(lowest, desk.y)
    desk.y = lowest
