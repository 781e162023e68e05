"""What all blocks of one document share: its facts, its words, how it writes numbers, and where the pen stands."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from bench.documents.dice import Dice
from bench.documents.facts import Facts
from bench.documents.money import SYMBOLS, Notation
from bench.documents.paper import Paper, Typeface, mark, plain, width_of, wrapped
from bench.documents.parties import WORDS, Party

# The document's own number is of the field that other documents quote it by.
NUMBERS = {"invoice": "invoiceNumber", "creditNote": "invoiceNumber", "purchaseOrder": "orderNumber",
           "deliveryNote": "deliveryNoteNumber"}  # fmt: skip


@cache
def wording(language: str) -> dict[str, Any]:
    """What words/LANGUAGE.toml says."""
    return {**tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8")), "language": language}


@dataclass(slots=True)
class Desk:
    """`y` is the next baseline in points from the top; `colon` follows labels, `symbol` stands at amounts,
    `shouting` writes labels in capitals.
    """

    dice: Dice
    facts: Facts
    words: dict[str, Any]
    paper: Paper
    notation: Notation
    face: Typeface
    size: float
    left: float
    right: float
    y: float
    bottom: float
    symbol: str
    symbol_at: str
    colon: str
    leading: float = 1.3
    shouting: bool = False
    said: dict[str, str] = field(default_factory=dict)

    @property
    def step(self) -> float:
        return self.size * self.leading

    @property
    def issuer(self) -> Party:
        """Whose paper it is: the buyer's for an order, else the supplier's."""
        return self.facts.buyer if self.facts.kind == "purchaseOrder" else self.facts.supplier

    @property
    def recipient(self) -> Party:
        return self.facts.supplier if self.facts.kind == "purchaseOrder" else self.facts.buyer

    def heading(self, party: Party) -> str:
        """What stands over this party's block."""
        return self.label("supplier" if party is self.facts.supplier else "buyer", "parties")

    def field_of(self, party: Party, name: str) -> str:
        """The field that `name` (Name, VatId, Address, TaxNumber) of this party is; empty where there is none."""
        role = "supplier" if party is self.issuer else "buyer"
        return f"{role}{name}" if role == "supplier" or name in ("Name", "VatId") else ""

    def label(self, key: str, group: str = "labels") -> str:
        """The wording of a label, which stays the same all over the document."""
        if key not in self.said:
            said = self.dice.phrase(self.words[group][key])
            self.said[key] = said.upper() if self.shouting and "{" not in said else said
        return self.said[key]

    def write(self, x: float, text: str, **look: Any) -> float:
        """A text at the present line; `bold`, `italic`, `size`, `y`, `align`, `colour`."""
        font = self.face.bold if look.pop("bold", False) else self.face.plain
        font = self.face.italic if look.pop("italic", False) else font
        size = look.pop("size", self.size)
        return self.paper.write(x, look.pop("y", self.y), text, font, size, **look)

    def width(self, text: str, bold: bool = False, size: float = 0.0) -> float:
        return width_of(plain(text), self.face.bold if bold else self.face.plain, size or self.size)

    def paragraph(self, text: str, **look: Any) -> None:
        """A sentence in lines over the whole width, or `width`; the pen stands below it then."""
        size = look.get("size", self.size)
        for line in wrapped(text, self.face.plain, size, look.pop("width", self.right - self.left)):
            self.write(look.get("x", self.left), line, **{key: look[key] for key in look if key != "x"})
            self.y += size * 1.3

    def amount(self, value: Decimal, *fields: str, symbol: bool = True) -> str:
        """Marked as each of `fields`, with the currency where this document prints it."""
        text = self.notation.number(value)
        for name in fields:
            text = mark(name, text)
        if not symbol or self.symbol_at == "none":
            return text
        sign = mark("currency", self.symbol) if fields else self.symbol
        if self.symbol_at == "glued":
            return f"{sign}{text}"
        return f"{sign} {text}" if self.symbol_at == "before" else f"{text} {sign}"

    def day(self, day: date, name: str = "") -> str:
        return mark(name, self.notation.day(day)) if name else self.notation.day(day)

    def own_number(self) -> str:
        name = NUMBERS.get(self.facts.kind)
        return mark(name, self.facts.number) if name else self.facts.number

    def number_label(self) -> str:
        """What this kind of document calls its own number."""
        key = {"invoice": "invoiceNumber", "creditNote": "creditNoteNumber", "purchaseOrder": "orderNumber",
               "deliveryNote": "deliveryNoteNumber"}.get(self.facts.kind, "otherNumber")  # fmt: skip
        return self.label(key)

    def named(self, party: Party) -> str:
        return mark(self.field_of(party, "Name"), party.name)

    def addressed(self, party: Party, text: str, first: bool = False) -> str:
        """A part of the party's address, marked where its address is asked for; `first` begins it."""
        name = self.field_of(party, "Address")
        return mark(name if first else f"{name}+", text) if name else text

    def room(self, height: float) -> bool:
        """Whether so much still fits on the page."""
        return self.y + height < self.bottom

    def turn(self) -> None:
        """Go on at the top of a new page."""
        self.paper.turn()
        self.y = self.size * 6


def at_symbol(dice: Dice, currency: str) -> tuple[str, str]:
    """How amounts show their currency: the sign, and where it stands."""
    symbol = dice.choice(SYMBOLS[currency])
    where = dice.choice(["none", "none", "after", "after", "before"])
    if currency in ("GBP", "USD", "INR", "MYR"):
        where = dice.choice(["none", "glued", "glued", "before"])
    return symbol, where
