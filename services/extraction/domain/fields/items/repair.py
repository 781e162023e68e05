"""What the arithmetic and the order of line items tell about values that were misread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from services.extraction.domain.arithmetic import is_product
from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.items.rows import Item

# A lone l, litre, is what OCR most often takes for a digit or a bar.
_LITRE = re.compile(r"[1|I!]")


def repair(items: Sequence[Item]) -> list[Item]:
    """The items with what their own arithmetic proves: a lost decimal mark, a misread unit or position."""
    return _count([_unit(_prove(item)) for item in items])


def _prove(item: Item) -> Item:
    if not {"qty", "unitPrice", "net"} <= item.keys():
        return item
    qty, price, net = (item[kind].value for kind in ("qty", "unitPrice", "net"))
    if is_product(qty, price, net):
        return item | {kind: item[kind].scored(0.97, proven=True) for kind in ("qty", "unitPrice", "net")}
    for kind, other in (("qty", price), ("unitPrice", qty)):
        value = _with_mark(item[kind], net, other)
        if value is not None:
            proven = Finding(value, item[kind].placed, item[kind].page, 0.9, "lineArithmetic", proven=True)
            rest = {known: item[known].scored(0.95, proven=True) for known in ("qty", "unitPrice", "net")}
            return item | rest | {kind: proven}
    return item | {kind: item[kind].scored(0.6) for kind in ("qty", "unitPrice")}


def _with_mark(misread: Finding, net: Decimal, other: Decimal) -> Decimal | None:
    """The value that has the digits of `misread` and makes the line add up, when only a decimal mark was lost."""
    digits = re.sub(r"\D", "", misread.text)
    for places in range(1, min(len(digits), 5)):
        try:
            value = Decimal(digits).scaleb(-places)
        except InvalidOperation:
            return None
        if misread.page.source == "ocr" and net and is_product(value, other, net):
            return value
    return None


def _unit(item: Item) -> Item:
    unit = item.get("unit")
    if unit and unit.page.source == "ocr" and _LITRE.fullmatch(unit.value):
        return item | {"unit": Finding("l", unit.placed, unit.page, 0.8, "unitByShape")}
    return item


def _count(items: Sequence[Item]) -> list[Item]:
    """Positions that do not read as numbers, where all others count 1, 2, 3 down the table."""
    right = sum(item["position"].value == str(place) for place, item in enumerate(items, 1) if "position" in item)
    if right * 2 <= len(items):
        return list(items)
    counted = []
    for place, item in enumerate(items, 1):
        position = item.get("position")
        misread = position and position.value != str(place) and position.page.source == "ocr"
        if position and misread:
            item = item | {"position": Finding(str(place), position.placed, position.page, 0.85, "counted")}  # noqa: PLW2901
        counted.append(item)
    return counted
