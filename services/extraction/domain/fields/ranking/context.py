"""What around a place on a page tells what a value there means: labels before, beside and above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.extraction.domain.fields.labels import Label, Lexicon
from services.extraction.domain.layout import Cell, Sheet

# Cells to the left and rows above that are looked at; what is further off means something else.
LEFT, ABOVE, HEAD = 3, 3, 12
# So many signs before it.
_NEAR = 300
# Each step further away a label counts for so much less.
FADING = 0.7
POSITIONS = ("inside", "left", "above", "head")
# Words that tell of something that is not asked for, or how an amount is meant.
WORDS: Mapping[str, re.Pattern[str]] = {
    "phone": re.compile(r"\b(?:tel|telefon|phone|fax|mobil|mobile|h/?p|hotline|gsm)\b", re.I),
    "bank": re.compile(r"\b(?:iban|bic|swift|konto|account|acct|a/c|blz|sort code|bank|compte|cuenta|conto)\b", re.I),
    "register": re.compile(
        r"\b(?:hrb|hra|register\w*|reg|amtsgericht|rcs|siret|siren|rea|kvk|cif|gst|ust|vat|tva)\b", re.I
    ),
    "page": re.compile(r"\b(?:page|seite|blatt|página|pagina|pag|pg)\b", re.I),
    "without": re.compile(
        r"\b(?:ohne|excl\w*|exkl|ex|before|hors|h\.?t|netto?|net of|imponible|imponibile|vóór)\b", re.I
    ),
    "with": re.compile(r"\b(?:inkl|incl\w*|inc|brutto|gross|t\.?t\.?c|einschl|lordo)\b", re.I),
    "total": re.compile(r"total|summe|gesamt|amount|montant|importe|importo|bedrag|betrag", re.I),
    "till": re.compile(
        r"\b(?:cash|change|tender\w*|card|visa|master\w*|gegeben|rückgeld|bar|rounding|saving\w*)\b", re.I
    ),
    "period": re.compile(r"\b(?:period|zeitraum|von|bis|from|until|période|du|au|print\w*|gedruckt)\b", re.I),
    "count": re.compile(r"\b(?:qty|quantity|items?|pcs|anzahl|menge|qté|points?|pts)\b", re.I),
    "rate": re.compile(r"%"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """A sheet with the labels in its cells."""

    sheet: Sheet
    lexicon: Lexicon
    marks: Mapping[Cell, Sequence[Label]]
    _words: dict[Cell, list[bool]] = field(default_factory=dict)
    _over: dict[Cell, list[tuple[str, Label, float]]] = field(default_factory=dict)

    def labels(self, cell: Cell, start: int) -> dict[tuple[str, str], float]:
        """How strongly each field is named for what begins at `cell.text[start]`, by position and field, 0..1."""
        found: dict[tuple[str, str], float] = {}
        for position, label, weight in self._all(cell, start):
            key = position, label.field
            found[key] = max(found.get(key, 0.0), weight * label.weight)
        return found

    def words(self, cell: Cell, start: int) -> list[float]:
        """Which of `WORDS` stand before it in its row."""
        row = self.sheet.rows[cell.row]
        told = [self._told(other) for other in row.cells[: row.cells.index(cell)][-LEFT:]]
        if start:
            told.append(_words_in(cell.text[:start]))
        return [float(any(each)) for each in zip(*told, strict=True)] if told else [0.0] * len(WORDS)

    def _told(self, cell: Cell) -> list[bool]:
        if cell not in self._words:
            self._words[cell] = _words_in(cell.text)
        return self._words[cell]

    def _all(self, cell: Cell, start: int) -> Iterator[tuple[str, Label, float]]:
        own = [label for label in self.marks.get(cell, ()) if label.end <= start]
        for place, label in enumerate(reversed(own)):
            yield "inside", label, FADING**place * FADING ** ((start - label.end) // 12)
        row = self.sheet.rows[cell.row]
        before = row.cells[: row.cells.index(cell)]
        for place, other in enumerate(reversed(before[-LEFT:])):
            for label in self.marks.get(other, ())[-1:]:
                yield "left", label, FADING**place
        if cell not in self._over:
            self._over[cell] = list(self._upwards(cell))
        yield from self._over[cell]

    def _upwards(self, cell: Cell) -> Iterator[tuple[str, Label, float]]:
        for steps, other in _cells_over(self.sheet, cell):
            labels = self.marks.get(other, ())
            for label in labels[:2]:
                if steps <= ABOVE:
                    yield "above", label, FADING ** (steps - 1)
                yield "head", label, 0.9**steps
            if labels:
                return


def surroundings(sheets: Iterable[Sheet], lexicon: Lexicon) -> list[Surroundings]:
    return [
        Surroundings(sheet, lexicon, {cell: found for cell in sheet.cells if (found := lexicon.find(cell))})
        for sheet in sheets
    ]


def _words_in(text: str) -> list[bool]:
    return [bool(pattern.search(text[-_NEAR:])) for pattern in WORDS.values()]


def _cells_over(sheet: Sheet, cell: Cell) -> Iterator[tuple[int, Cell]]:
    """The cells over this one with the number of rows between, the nearest first."""
    for steps, row in enumerate(reversed(sheet.rows[max(0, cell.row - HEAD) : cell.row]), 1):
        if cell.box.top - row.box.bottom > 12 * cell.box.height:
            return
        for other in row.cells:
            if other.box.overlap(cell.box) > 0 or abs(other.box.left - cell.box.left) < cell.box.height:
                yield steps, other
