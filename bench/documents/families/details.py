"""Numbers and dates of a document: pairs, columns, boxes, a row of a table, a sentence."""

from __future__ import annotations

from collections.abc import Callable

from bench.documents.desk import Desk
from bench.documents.paper import mark, plain

Pair = tuple[str, str]


def title(desk: Desk) -> str:
    """What kind of document it calls itself."""
    return desk.label(desk.facts.kind, "titles")


def pairs(desk: Desk, number: bool = True, date: bool = True) -> list[Pair]:
    """Labels and values, what must be first, the rest a draw in any order."""
    facts, dice = desk.facts, desk.dice
    head: list[Pair] = []
    if number:
        head.append((desk.number_label(), desk.own_number()))
    if date:
        own = (
            desk.label("issueDate")
            if facts.kind == "invoice" or dice.chance(0.2)
            else desk.words["labels"]["issueDate"][1]
        )
        head.append((own, desk.day(facts.issued, "issueDate")))
    rest = [pair for pair, share in _others(desk) if dice.chance(share)]
    dice.shuffle(rest)
    at = dice.choice([0, 0, 0, 1, 2])
    return [*rest[:at], *head, *rest[at:]] if dice.chance(0.3) else [*head, *rest]


def _others(desk: Desk) -> list[tuple[Pair, float]]:
    """Further pairs and how often each is printed."""
    facts, label, paid = desk.facts, desk.label, desk.facts.kind in ("invoice", "other")
    order = mark("orderNumber", facts.order) if facts.kind != "purchaseOrder" else facts.order
    note = mark("deliveryNoteNumber", facts.delivery_note) if facts.kind != "deliveryNote" else facts.delivery_note
    own_vat, their_vat = desk.issuer.vat_id, desk.recipient.vat_id
    terms = desk.dice.phrase(desk.words["sentences"]["days"])
    return [
        ((label("dueDate"), desk.day(facts.due, "dueDate")), 0.5 * paid * (facts.days > 0)),
        ((label("customerNumber"), mark("customerNumber", facts.customer)), 0.6),
        ((label("orderNumber"), order), 0.45 if facts.kind != "purchaseOrder" else 0.0),
        ((label("deliveryDate"), desk.day(facts.delivered, "deliveryDate")), 0.4),
        ((label("deliveryNoteNumber"), note), 0.2 if facts.kind != "deliveryNote" else 0.0),
        ((label("previousInvoice"), facts.previous), 0.6 if facts.kind == "creditNote" else 0.0),
        ((label("buyerVatId"), mark("buyerVatId", their_vat)), 0.25 if their_vat else 0.0),
        ((label("supplierVatId"), mark("supplierVatId", own_vat)), 0.1 if own_vat else 0.0),
        ((label("currency"), mark("currency", facts.currency)), 0.15),
        ((label("reference"), desk.dice.filled(desk.dice.choice(["@@/##", "######", "####-####"]))), 0.25),
        ((label("project"), desk.dice.filled(desk.dice.choice(["P-####", "##-###", "@@ ####"]))), 0.15),
        ((label("contact"), facts.supplier.contact), 0.25),
        ((label("phone"), facts.supplier.phone), 0.1),
        ((label("period"), f"{desk.day(facts.delivered)} - {desk.day(facts.issued)}"), 0.1),
        ((label("printDate"), desk.day(facts.issued)), 0.06),
        ((label("terms"), terms.format(days=facts.days or 14)), 0.12 * paid),
    ]  # fmt: skip


def in_columns(desk: Desk, rows: list[Pair], left: float, right: float) -> None:
    """Labels in one column, values in another, left or right aligned."""
    longest = max(desk.width(f"{label}{desk.colon}", bold=True) for label, _ in rows)
    widest = longest + max(desk.width(value, bold=True) for _, value in rows)
    at = left + longest + max(desk.size * 0.7, min(desk.size * desk.dice.choice([1, 1.5, 3]), right - left - widest))
    ends, bold = desk.dice.chance(0.4) and left + widest + desk.size < right, desk.dice.chance(0.3)
    for label, value in rows:
        desk.write(left, f"{label}{desk.colon}", bold=bold and not ends)
        desk.write(right if ends else at, value, align="right" if ends else "left", bold=bold and ends)
        desk.y += desk.step * desk.dice.choice([1, 1])


def in_cells(desk: Desk, rows: list[Pair], left: float, right: float) -> None:
    """Label and value as one text."""
    ends = desk.dice.chance(0.3)
    for label, value in rows:
        desk.write(right if ends else left, f"{label}{desk.colon or ':'} {value}", align="right" if ends else "left")
        desk.y += desk.step


def above(desk: Desk, rows: list[Pair], left: float, right: float) -> None:
    """Each label over its value, several next to each other."""
    across = desk.dice.choice([2, 3]) if right - left < 300 else desk.dice.choice([3, 4, 5])
    width = (right - left) / across
    small = desk.size * desk.dice.choice([0.75, 0.85, 1])
    for start in range(0, len(rows), across):
        for at, (label, value) in enumerate(rows[start : start + across]):
            desk.write(left + at * width, _cut(desk, label, width, small), size=small)
            desk.write(left + at * width, value, y=desk.y + desk.step, bold=desk.dice.chance(0.3))
        desk.y += desk.step * 2.4


def as_table(desk: Desk, rows: list[Pair], left: float, right: float) -> None:
    """A row of headings with the values below, ruled."""
    rows = rows[: desk.dice.choice([3, 4, 5])]
    widths = [max(desk.width(label, bold=True), desk.width(value)) + desk.size for label, value in rows]
    while sum(widths) > right - left and len(widths) > 1:
        rows, widths = rows[:-1], widths[:-1]
    spare = (right - left - sum(widths)) / len(widths)
    top, x = desk.y - desk.size * 1.1, left
    ruled = desk.dice.chance(0.6)
    for (label, value), width in zip(rows, widths, strict=True):
        desk.write(x + 3, label, bold=True)
        desk.write(x + 3, value, y=desk.y + desk.step * 1.2)
        x += width + spare
    if ruled:
        for line in range(3):
            desk.paper.rule(left, top + line * desk.step * 1.2, right)
    desk.y += desk.step * 2.8


def listed(desk: Desk, rows: list[Pair], left: float, right: float) -> None:
    """All pairs one behind the other in as many lines as it takes."""
    sign = desk.dice.choice(["   ", " | ", "; ", " / "])
    text = ""
    for label, value in rows:
        part = f"{label}{desk.colon or ':'} {value}"
        if text and desk.width(text + sign + part) > right - left:
            desk.write(left, text)
            desk.y += desk.step
            text = part
        else:
            text = f"{text}{sign}{part}" if text else part
    desk.write(left, text)
    desk.y += desk.step


def boxed(desk: Desk, rows: list[Pair], left: float, right: float) -> None:
    """A grid of two columns with a line around every pair."""
    middle = (left + right) / 2
    top = desk.y - desk.size
    for label, value in rows:
        desk.write(left + 3, _cut(desk, label, middle - left - 4, desk.size), bold=True)
        desk.write(right - 3, value, align="right")
        desk.paper.rule(left, desk.y - desk.size, right)
        desk.y += desk.step * 1.15
    for x in (left, middle, right):
        desk.paper.patch(x, top, x + 0.5, desk.y - desk.size)
    desk.paper.rule(left, desk.y - desk.size, right)


def _cut(desk: Desk, label: str, width: float, size: float) -> str:
    while desk.width(label, size=size) > width - 3 and " " in label:
        label = label.rsplit(" ", 1)[0]
    return label


Variant = Callable[[Desk, list[Pair], float, float], None]
NARROW: tuple[tuple[Variant, ...], tuple[Variant, ...]] = ((in_columns, in_columns, in_cells, above), (boxed,))
WIDE: tuple[tuple[Variant, ...], tuple[Variant, ...]] = ((above, as_table, in_columns), (listed,))


def draw(desk: Desk, rows: list[Pair], left: float, right: float) -> None:
    """In one of the ways that fit the width; what says no field and is too long is left out."""
    room = (right - left) * 0.55
    rows = [(label, value) for label, value in rows if plain(value) != value or desk.width(value) < room]
    if rows:
        variant = desk.dice.layout(*(NARROW if right - left < 330 else WIDE))
        variant(desk, rows, left, right)
