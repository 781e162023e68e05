"""A till: what was bought, and the roll it is printed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bench.documents.dice import Dice
from bench.documents.facts import Sums
from bench.documents.lines import Line
from bench.documents.money import Notation
from bench.documents.paper import Paper, Typeface, mark, plain, width_of
from bench.documents.parties import Party

# What English speaking countries call the tax that the wordings call GST.
_TAXES = {"GB": "VAT", "IE": "VAT", "US": "Tax"}


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a receipt states; `inclusive`: the prices hold the tax. `total` is after `service` and `rounding`."""

    language: str
    currency: str
    merchant: Party
    number: str
    day: date
    minute: int
    lines: tuple[Line, ...]
    sums: Sums
    inclusive: bool
    service: Decimal
    rounding: Decimal
    total: Decimal
    paid: Decimal


@dataclass(slots=True)
class Till:
    """The roll between `left` and `right`, the pen at `y`."""

    dice: Dice
    purchase: Purchase
    words: dict[str, Any]
    goods: dict[str, Any]
    paper: Paper
    notation: Notation
    face: Typeface
    size: float
    left: float
    right: float
    y: float
    symbol: str
    colon: str

    def line(self, text: str, align: str = "left", bold: bool = False, size: float = 0.0) -> None:
        """A line of its own, made small enough to fit."""
        font, size = self.face.bold if bold else self.face.plain, size or self.size
        size = min(size, size * (self.right - self.left) / max(width_of(plain(text), font, size), 1))
        x = {"left": self.left, "right": self.right, "center": (self.left + self.right) / 2}[align]
        self.y += max(0.0, size - self.size) * 0.8
        self.paper.write(x, self.y, text, font, size, align=align)
        self.y += size * 1.25

    def pair(self, label: str, value: str, bold: bool = False, size: float = 0.0, indent: float = 0.0) -> None:
        """A label at the left, or indented, and a value at the right edge."""
        font, size = self.face.bold if bold else self.face.plain, size or self.size
        space = self.right - self.left - indent
        if width_of(f"{plain(label)}  {plain(value)}", font, size) > space:
            self.line(label, bold=bold, size=size)
            label = ""
        self.y += max(0.0, size - self.size) * 0.8
        self.paper.write(self.left + indent, self.y, label, font, size)
        self.paper.write(self.right, self.y, value, font, size, align="right")
        self.y += size * 1.3

    def dashes(self) -> None:
        """A rule of signs, a drawn one, or only a gap."""
        sign = self.dice.choice(["-", "-", "=", "*", "rule", "gap"])
        if sign == "rule":
            self.paper.rule(self.left, self.y - self.size * 0.5, self.right)
        elif sign != "gap":
            count = int((self.right - self.left) / width_of(sign, self.face.plain, self.size)) - 1
            self.line(sign * count)
            return
        self.y += self.size * 0.6

    def phrase(self, key: str, **told: str) -> str:
        said = self.dice.phrase(self.words[key]).format(symbol=self.symbol, **told)
        return said.replace("GST", _TAXES.get(self.purchase.merchant.country, "GST"))

    def amount(self, value: Decimal, *fields: str, symbol: bool = False) -> str:
        text = self.notation.number(value)
        for name in fields:
            text = mark(name, text)
        sign = mark("currency", self.symbol) if fields else self.symbol
        if not symbol:
            return text
        return f"{sign}{text}" if self.dice.chance(0.5) else f"{sign} {text}"
