"""The table of items: its columns and their order, headings, wrapped descriptions, further pages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bench.documents.desk import Desk
from bench.documents.lines import Line
from bench.documents.money import cents
from bench.documents.paper import mark, wrapped

SEEN = (
    "position article description quantity unit price total",
    "description quantity price total",
    "position description quantity price total",
    "quantity description price total",
    "description quantity price rate total",
    "article description quantity price discount total",
    "position description quantity+unit price rate total",
    "quantity unit description price total",
    "article description quantity+unit price total code",
    "position article description rate quantity price total",
    "description total",
    "description quantity rate price total",
    "position quantity unit article description price discount total",
    "article description rate price quantity total",
    "description price quantity total",
    "position description quantity price rate tax gross",
)
UNSEEN = (
    "quantity article description total price",
    "article quantity+unit description price rate total",
    "position description price discount quantity total rate",
    "description rate total",
    "position total description quantity",
    "quantity unit price description total",
)
WITHOUT_PRICES = (
    "position article description quantity unit",
    "quantity description",
    "article description quantity+unit",
    "description unit quantity",
)
TEXTS = {"description", "article", "unit", "code"}
# What goes first where the sheet is too narrow for all.
NEEDLESS = ("code", "tax", "unit", "article", "position", "rate", "price", "discount")


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    left: float
    right: float
    ends: bool


@dataclass(frozen=True, slots=True)
class Manner:
    """How this table is drawn."""

    heading: dict[str, str]
    lines: str
    symbol: bool
    decimals: int
    percent: str
    gap: float
    carry: bool


def draw(desk: Desk) -> None:
    """The table from the pen down, over as many pages as it takes."""
    manner = _manner(desk, _keys(desk))
    columns = _columns(desk, manner)
    _head(desk, columns, manner)
    running, part = Decimal(0), Decimal(0)
    groups = _groups(desk, columns)
    for at, line in enumerate(desk.facts.lines):
        if at in groups:
            _group(desk, columns, groups[at], part)
            part = Decimal(0)
        texts = _texts(desk, columns, manner, at, line)
        height = max(len(text) for text in texts) * desk.step
        if not desk.room(height + desk.step * 2):
            _turn(desk, columns, manner, running)
        _row(desk, columns, texts)
        running, part = running + line.total, part + line.total
        desk.y += height + manner.gap
        _ruled(desk, columns, manner, height + manner.gap)
    if groups:
        _group(desk, columns, "", part)
    if manner.lines in ("frame", "head"):
        desk.paper.rule(desk.left, desk.y - desk.size * 0.9, desk.right)
    desk.y += desk.size


def _ruled(desk: Desk, columns: list[Column], manner: Manner, height: float) -> None:
    """Lines around what was printed last."""
    if manner.lines in ("rows", "grid"):
        desk.paper.rule(desk.left, desk.y - desk.size * 1.05, desk.right, 0.3)
    if manner.lines == "grid":
        bottom = desk.y - desk.size * 1.05
        for x in (*(column.left - desk.size * 0.3 for column in columns), desk.right):
            desk.paper.patch(x, bottom - height, x + 0.3, bottom)


def _groups(desk: Desk, columns: list[Column]) -> dict[int, str]:
    """Headings of groups of items by the index of their first, mostly none."""
    count = len(desk.facts.lines)
    if count < 4 or all(column.key != "total" for column in columns) or not desk.dice.chance(0.1):
        return {}
    form = desk.dice.choice(["{}", "--- {} ---", "{}:"])
    return {
        at: form.format(desk.dice.choice(desk.words["goods"]["services"])) for at in (0, desk.dice.randrange(1, count))
    }


def _group(desk: Desk, columns: list[Column], heading: str, part: Decimal) -> None:
    """What the last group adds up to, if there was one, and the heading of the next."""
    summed = next(column for column in columns if column.key == "total")
    if part:
        _carry(desk, summed, desk.label("items", "totals"), part)
    if heading:
        desk.write(desk.left, heading, bold=True)
        desk.y += desk.step * 1.2


def _keys(desk: Desk) -> list[str]:
    """Which columns there are, in their order."""
    priced = desk.facts.kind != "deliveryNote" and not (desk.facts.kind == "purchaseOrder" and desk.dice.chance(0.3))
    keys = (desk.dice.layout(SEEN, UNSEEN) if priced else desk.dice.choice(WITHOUT_PRICES)).split()
    if any(line.discount for line in desk.facts.lines) and "total" in keys and "discount" not in keys:
        keys.insert(keys.index("total"), "discount")
    if desk.facts.gross_priced and "gross" in keys:
        keys = [key for key in keys if key not in ("tax", "gross")] + ["total"]
    return keys


def _columns(desk: Desk, manner: Manner) -> list[Column]:
    """What stands where: texts begin at the left of their column, numbers end at its right mostly."""
    ragged, roomy, greedy = desk.dice.chance(0.12), desk.dice.choice([0.8, 1.2, 2]), desk.dice.choice([0.4, 0.8, 1.0])
    widths = {key: _needed(desk, manner, key) + desk.size * roomy for key in manner.heading}
    whole = desk.right - desk.left
    for key in NEEDLESS:
        if sum(widths.values()) > whole:
            widths.pop(key, None)
    spare = whole - sum(widths.values())
    for key in widths:
        share = greedy if key == "description" else (1 - greedy) / max(len(widths) - 1, 1)
        widths[key] += max(spare, 0) * share
    widths["description"] += min(spare, 0)
    found, x = [], desk.left
    for key, width in widths.items():
        found.append(Column(key, x, x + width - desk.size * 0.6, key not in TEXTS and not ragged))
        x += width
    return found


def _needed(desk: Desk, manner: Manner, key: str) -> float:
    """The width of the widest that stands in a column; descriptions wrap."""
    if key == "description":
        return desk.size * 10
    cells = [_cell(desk, manner, key, *each) for each in enumerate(desk.facts.lines)]
    return max(desk.width(cell, bold=True) for cell in (*cells, *manner.heading[key].split()))


def _manner(desk: Desk, keys: list[str]) -> Manner:
    dice = desk.dice
    heading = {}
    for key in keys:
        named = "gross" if key == "total" and desk.facts.gross_priced and dice.chance(0.5) else key.partition("+")[0]
        heading[key] = dice.phrase(desk.words["columns"][named])
    return Manner(
        heading,
        dice.choice(["none", "frame", "head", "rows", "shade", "grid", "dark"]),
        dice.chance(0.3),
        dice.choice([0, 0, 0, 2, 2, 3]),
        dice.choice(["", "%", " %"]),
        dice.choice([0, 2, 4, 8]),
        dice.chance(0.5),
    )


def _head(desk: Desk, columns: list[Column], manner: Manner) -> None:
    """The headings, wrapped in their columns."""
    bold = desk.dice.chance(0.75)
    texts = [
        wrapped(manner.heading[column.key], desk.face.bold, desk.size, column.right - column.left) for column in columns
    ]
    height = max(len(text) for text in texts) * desk.step
    ink = (0.0, 0.0, 0.0)
    if manner.lines in ("shade", "dark"):
        shade, ink = ((0.2, 0.25, 0.35), (1.0, 1.0, 1.0)) if manner.lines == "dark" else ((0.88, 0.88, 0.9), ink)
        bottom = desk.y + height - desk.size
        desk.paper.patch(desk.left - 2, desk.y - desk.size * 1.05, desk.right + 2, bottom, shade)
    for column, text in zip(columns, texts, strict=True):
        for at, line in enumerate(text):
            x, align = (column.right, "right") if column.ends else (column.left, "left")
            desk.write(x, line, y=desk.y + at * desk.step, align=align, bold=bold, colour=ink)
    desk.y += height
    if manner.lines in ("frame", "head", "rows", "grid"):
        desk.paper.rule(desk.left, desk.y - desk.size * 0.9, desk.right)
    desk.y += desk.size * 0.4


def _texts(desk: Desk, columns: list[Column], manner: Manner, at: int, line: Line) -> list[list[str]]:
    """The lines of print in each column."""
    return [
        _described(desk, column, at, line)
        if column.key == "description"
        else [_cell(desk, manner, column.key, at, line)]
        for column in columns
    ]


def _described(desk: Desk, column: Column, at: int, line: Line) -> list[str]:
    width, name = column.right - column.left, f"items.{at}.description"
    parts = wrapped(line.description, desk.face.plain, desk.size, width)
    printed = [mark(name if first == 0 else f"{name}+", part) for first, part in enumerate(parts)]
    return printed + [part for detail in line.details for part in wrapped(detail, desk.face.plain, desk.size, width)]


def _cell(desk: Desk, manner: Manner, key: str, at: int, line: Line) -> str:
    """What stands in a column other than the description, marked where the truth has it."""
    notation, item = desk.notation, f"items.{at}."
    tax = cents(line.total * line.rate / 100)
    unit = mark(f"{item}unit", line.unit)
    quantity = notation.number(line.quantity, max(_decimals(line.quantity), manner.decimals))
    price = notation.number(line.price, max(2, _decimals(line.price)))
    cells = {
        "position": str(at + 1),
        "article": mark(f"{item}articleNumber", line.article),
        "unit": unit,
        "quantity": mark(f"{item}quantity", quantity),
        "quantity+unit": f"{mark(f'{item}quantity', quantity)} {unit}",
        "price": _with_symbol(desk, manner, mark(f"{item}unitPrice", price)),
        "discount": f"{notation.bare(line.discount)}{manner.percent}" if line.discount else "",
        "rate": mark(f"{item}taxRate", f"{notation.bare(line.rate)}{manner.percent}"),
        "code": {0: "Z", 1: "A"}.get(min(int(line.rate), 1), "B"),
        "tax": notation.number(tax),
        "gross": _with_symbol(desk, manner, mark(f"{item}gross", notation.number(line.total + tax))),
        "total": _with_symbol(desk, manner, mark(f"{item}lineTotal", notation.number(line.total))),
    }
    return cells[key]


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _with_symbol(desk: Desk, manner: Manner, text: str) -> str:
    if not manner.symbol or desk.symbol_at == "none":
        return text
    return {"before": f"{desk.symbol} {text}", "glued": f"{desk.symbol}{text}"}.get(
        desk.symbol_at, f"{text} {desk.symbol}"
    )


def _row(desk: Desk, columns: list[Column], texts: list[list[str]]) -> None:
    """Cell by cell, or line by line as far as the cells have any."""
    cells = [(at, column, text) for column, lines in zip(columns, texts, strict=True) for at, text in enumerate(lines)]
    if desk.said.setdefault("by line", desk.dice.choice(["", "yes"])):
        cells.sort(key=lambda cell: cell[0])
    for at, column, text in cells:
        x, align = (column.right, "right") if column.ends else (column.left, "left")
        desk.write(x, text, y=desk.y + at * desk.step, align=align)


def _turn(desk: Desk, columns: list[Column], manner: Manner, running: Decimal) -> None:
    """A new page, with the sum so far carried over and the headings again, or without."""
    summed = next((column for column in columns if column.key == "total"), None)
    carried = manner.carry and summed is not None
    if carried and summed:
        _carry(desk, summed, desk.label("carried", "totals"), running)
    desk.turn()
    if desk.dice.chance(0.8):
        _head(desk, columns, manner)
    if carried and summed:
        _carry(desk, summed, desk.label("brought", "totals"), running)


def _carry(desk: Desk, summed: Column, label: str, running: Decimal) -> None:
    desk.write(desk.left, label.format(page=desk.paper.page), italic=True)
    x, align = (summed.right, "right") if summed.ends else (summed.left, "left")
    desk.write(x, desk.notation.number(running), align=align)
    desk.y += desk.step * 1.2
