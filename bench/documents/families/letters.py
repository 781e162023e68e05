"""How whole letters are composed: the families, and which of them only unseen samples know."""

from __future__ import annotations

from collections.abc import Callable

from bench.documents.desk import Desk
from bench.documents.families import closing, details, forms, parties, table, totals


def compose(desk: Desk) -> None:
    """Draw the document of this desk in one of the families."""
    family = desk.dice.choice(UNSEEN if desk.dice.unseen else SEEN)
    family(desk)
    if desk.facts.kind == "other" and desk.dice.chance(0.5):
        _told(desk)
    else:
        table.draw(desk)
        if (
            desk.facts.kind != "deliveryNote" and "items.0.lineTotal" in desk.paper.places
        ) or "items.0.gross" in desk.paper.places:
            totals.draw(desk)
    _finish(desk)


def _finish(desk: Desk) -> None:
    dice = desk.dice
    payable = desk.facts.kind in ("invoice", "other", "creditNote")
    closing.terms(desk)
    block = payable and dice.chance(0.45)
    if block:
        closing.bank(desk)
    closing.closing(desk)
    if dice.chance(0.85):
        closing.footer(desk, banked=not block and payable, taxed=dice.chance(0.75))


def _told(desk: Desk) -> None:
    """A letter that says it in words."""
    facts = desk.facts
    for _ in range(2):
        text = desk.dice.choice(desk.words["sentences"]["letter"])
        desk.paragraph(
            text.format(number=facts.previous, date=desk.day(facts.issued), amount=desk.amount(facts.sums.gross))
        )
        desk.y += desk.step


def _heading(desk: Desk, told: bool = False, x: float | None = None, align: str = "left") -> None:
    """The title, with number and date behind it when `told`."""
    text = details.title(desk)
    if not told and desk.facts.kind == "invoice" and desk.dice.chance(0.05):
        return
    if told:
        phrase = desk.dice.phrase(desk.words["sentences"]["number"])
        text = phrase.format(title=text, number=desk.own_number(), date=desk.day(desk.facts.issued, "issueDate"))
    size = desk.size * desk.dice.choice([1, 1.2, 1.4, 1.8, 2.2])
    widest = desk.width(text, bold=True, size=size)
    size = min(size, size * (desk.right - desk.left) / widest)
    desk.write(desk.left if x is None else x, text, bold=desk.dice.chance(0.8), size=size, align=align)
    desk.y += size * 1.1 + desk.size * 0.6


def _opening(desk: Desk) -> None:
    if desk.facts.kind == "invoice" and desk.dice.chance(0.5):
        desk.paragraph(desk.dice.phrase(desk.words["sentences"]["opening"]))
        desk.y += desk.step * 0.5


def window(desk: Desk) -> None:
    """A letter for a window envelope: sender's line, recipient, details on the right, title."""
    dice = desk.dice
    where = dice.choice(["left", "right", "center"])
    top = desk.y
    (parties.logo if dice.chance(0.4) else parties.letterhead)(desk, where)
    desk.y = max(desk.y, top + desk.size * 8)
    if dice.chance(0.75):
        parties.sender_line(desk)
    start, middle = desk.y, desk.left + (desk.right - desk.left) * dice.choice([0.55, 0.6, 0.65])
    parties.recipient(desk, desk.left, heading=dice.chance(0.1))
    told = dice.chance(0.3)
    below, desk.y = desk.y, start - desk.step * dice.choice([0, 1, 2])
    details.draw(desk, details.pairs(desk, number=not told, date=not told or dice.chance(0.5)), middle, desk.right)
    desk.y = max(below, desk.y) + desk.step * 2
    _heading(desk, told)
    _opening(desk)
    desk.y += desk.step * 0.5


def paired(desk: Desk) -> None:
    """Seller and buyer next to each other under headings, details above or below them."""
    dice = desk.dice
    _heading(desk, align="left")
    rows = details.pairs(desk)
    first = dice.chance(0.4)
    if first:
        details.draw(desk, rows, desk.left, desk.right)
        desk.y += desk.step
    sides = [
        (desk.heading(desk.issuer) + desk.colon, parties.party_lines(desk, desk.issuer, full=True)),
        (
            desk.heading(desk.recipient) + desk.colon,
            parties.party_lines(desk, desk.recipient) + parties.tax_lines(desk, desk.recipient),
        ),
    ]
    if dice.chance(0.25):
        sides.append(parties.ship_to(desk))
    parties.side_by_side(desk, sides[::-1] if dice.chance(0.15) else sides)
    desk.y += desk.step
    if not first:
        details.draw(desk, rows, desk.left, desk.right)
        desk.y += desk.step
    _opening(desk)


def corner(desk: Desk) -> None:
    """Letterhead in one corner, title and details in the other; the recipient below."""
    dice = desk.dice
    top, half = desk.y, (desk.left + desk.right) / 2
    left_right = dice.chance(0.7)
    right = desk.right
    if left_right:
        desk.right = half - 10
        parties.letterhead(desk, "left")
        below, desk.y, desk.right = desk.y, top, right
        _heading(desk, x=right, align="right")
        details.draw(desk, details.pairs(desk), half + 30, right)
    else:
        parties.letterhead(desk, "right")
        below, desk.y = desk.y, top
        _heading(desk)
        details.draw(desk, details.pairs(desk), desk.left, half - 30)
    desk.y = max(below, desk.y) + desk.step * 1.5
    if dice.chance(0.5):
        parties.recipient(desk, desk.left, heading=dice.chance(0.85))
    else:
        buyer = (desk.heading(desk.recipient) + desk.colon, parties.party_lines(desk, desk.recipient))
        ship = parties.ship_to(desk)
        parties.side_by_side(desk, [buyer, ship] if dice.chance(0.75) else [ship, buyer])
    desk.y += desk.step
    _opening(desk)


def centred(desk: Desk) -> None:
    """Everything about the seller centred at the top, the title centred below."""
    dice = desk.dice
    parties.letterhead(desk, "center")
    desk.y += desk.step * 1.5
    _heading(desk, x=(desk.left + desk.right) / 2, align="center")
    start = desk.y
    parties.recipient(desk, desk.left, heading=dice.chance(0.8))
    below, desk.y = desk.y, start
    details.draw(desk, details.pairs(desk), desk.left + (desk.right - desk.left) * 0.58, desk.right)
    desk.y = max(below, desk.y) + desk.step * 1.5


def footed(desk: Desk) -> None:
    """No head at all: the recipient at once, the seller only in the foot and the sender's line."""
    dice = desk.dice
    desk.y += desk.size * dice.choice([2, 6])
    parties.sender_line(desk)
    parties.recipient(desk, desk.left, heading=False)
    desk.y += desk.step * 2
    told = dice.chance(0.5)
    if not told:
        desk.write(desk.right, desk.day(desk.facts.issued, "issueDate"), align="right")
        desk.y += desk.step * 1.5
    _heading(desk, told)
    details.draw(desk, details.pairs(desk, number=not told, date=False), desk.left, desk.right)
    desk.y += desk.step * 0.5
    _opening(desk)


def listing(desk: Desk) -> None:
    """As programs print data: title with number and date, then sections of label and value."""
    dice = desk.dice
    _heading(desk, told=True)
    desk.y += desk.step
    sections = [
        ("", details.pairs(desk, number=dice.chance(0.3), date=dice.chance(0.3))),
        (desk.heading(desk.issuer), _section(desk, full=True)),
        (desk.heading(desk.recipient), _section(desk, full=False)),
    ]
    at = desk.left + desk.size * dice.choice([13, 18, 22])
    for heading, rows in sections:
        if heading:
            desk.write(desk.left, heading + desk.colon, bold=True)
            desk.y += desk.step
        for label, value in rows:
            desk.write(desk.left, f"{label}{desk.colon}")
            desk.write(at, value)
            desk.y += desk.step
        desk.y += desk.step * 0.7


def _section(desk: Desk, full: bool) -> list[details.Pair]:
    party = desk.issuer if full else desk.recipient
    lines = parties.party_lines(desk, party, full)
    rows = [("Name", lines[0]), *(("", line) for line in lines[1:])]
    return [_split(desk, row) for row in rows]


def _split(desk: Desk, row: details.Pair) -> details.Pair:
    """A line that holds its own label gives it to the column of labels."""
    label, sign, value = row[1].partition(f"{desk.colon or ':'} ")
    return (label, value) if sign and row[0] == "" and "\ue000" not in label else row


def right_window(desk: Desk) -> None:
    """The recipient on the right, as in France; the seller on the left, the details in a table below."""
    dice = desk.dice
    top, middle = desk.y, desk.left + (desk.right - desk.left) * 0.55
    right, desk.right = desk.right, middle - 10
    parties.letterhead(desk, "left")
    desk.right = right
    below, desk.y = desk.y, top + desk.step * dice.choice([3, 5, 7])
    parties.recipient(desk, middle, heading=dice.chance(0.4))
    desk.y = max(below, desk.y) + desk.step * 1.5
    told = dice.chance(0.35)
    _heading(desk, told)
    details.draw(desk, details.pairs(desk, number=not told, date=not told), desk.left, desk.right)
    desk.y += desk.step
    _opening(desk)


def sidebar(desk: Desk) -> None:
    """The seller in a narrow column at the right edge over the whole letter."""
    dice = desk.dice
    top, edge = desk.y, desk.right
    bar = edge - desk.size * 15
    lines = [
        desk.named(desk.issuer),
        *parties.party_lines(desk, desk.issuer)[1:],
        "",
        *parties.numbers(desk, desk.issuer),
    ]
    desk.y += desk.size * 3
    parties.block(desk, bar, lines, size=desk.size * 0.8, bold=True)
    desk.y, desk.right = top + desk.size * 4, bar - desk.size
    parties.recipient(desk, desk.left, heading=False)
    desk.y += desk.step * 3
    told = dice.chance(0.5)
    _heading(desk, told)
    details.draw(desk, details.pairs(desk, number=not told, date=not told), desk.left, desk.right)
    desk.y += desk.step


def banded(desk: Desk) -> None:
    """A coloured band with title and number, buyer left, seller right, the details in one line."""
    dice = desk.dice
    shade = (0.85, 0.9, 0.95)
    desk.paper.patch(0, 0, desk.paper.width, desk.y + desk.size * 1.5, shade)
    desk.write(desk.left, details.title(desk), bold=True, size=desk.size * 2)
    desk.write(desk.right, f"{desk.number_label()} {desk.own_number()}", align="right", bold=True)
    desk.y += desk.step * 3
    rows = details.pairs(desk, number=False)
    sides = [
        (desk.heading(desk.recipient), parties.party_lines(desk, desk.recipient)),
        (desk.heading(desk.issuer), parties.party_lines(desk, desk.issuer, full=True)),
    ]
    if dice.chance(0.5):
        details.listed(desk, rows, desk.left, desk.right)
        desk.y += desk.step
        rows = []
    parties.side_by_side(desk, sides)
    desk.y += desk.step
    details.draw(desk, rows, desk.left, desk.right)
    desk.y += desk.step


Family = Callable[[Desk], None]
SEEN: tuple[Family, ...] = (
    window,
    window,
    paired,
    corner,
    corner,
    centred,
    footed,
    listing,
    forms.form,
    forms.sold_by,
)
UNSEEN: tuple[Family, ...] = (right_window, sidebar, banded)
