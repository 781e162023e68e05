"""Finding labels in text: every phrase of `wording` that stands in a cell, folded, also when OCR misread a letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from services.extraction.domain.fields import wording
from services.extraction.domain.layout import Cell

LONGEST = 6  # words of the longest phrase
_REMEMBERED = 50_000  # look-ups; comparing with every phrase is the slowest part of reading a page
_BRACKETED = re.compile(r"\(\d+\)")
_TOKEN = re.compile(r"[^\s:]+|:")
_SIGNS = str.maketrans({"#": "no", "№": "no", "º": "o", "°": "o", "ß": "ss"})


# Field, weight, start and end of a phrase in a text.
Span = tuple[str, float, int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """A label for `field` that `cell.text[start:end]` states; `weight`, 0..1, says how surely it means the field."""

    field: str
    weight: float
    cell: Cell
    start: int
    end: int

    @property
    def leads(self) -> bool:
        """Whether nothing but signs stands before it in its cell."""
        return not fold(self.cell.text[: self.start])

    @property
    def alone(self) -> bool:
        """Whether its cell holds nothing else but signs."""
        return self.leads and not fold(self.cell.text[self.end :])


class Lexicon:
    """Phrases by their folded spelling, each with its field and weight; `endings` are those of compound words. Those of
    `parted` count only where a sign or space parts them: "Bon no" is a label, Bonn a town.
    """

    def __init__(
        self,
        *weighted: tuple[Mapping[str, str], float],
        endings: Mapping[str, str] | None = None,
        parted: Iterable[str] = (),
    ) -> None:
        self.endings = endings or {}
        self._parted = {fold(phrase) for phrase in parted}
        self._looked_up: dict[tuple[str, bool], tuple[str, float] | None] = {}
        self._found: dict[tuple[str, bool], tuple[Span, ...]] = {}
        self.phrases: dict[str, tuple[str, float]] = {}
        for fields, weight in weighted:
            for field, phrases in fields.items():
                for phrase in phrases.split("|"):
                    self.phrases.setdefault(fold(phrase), (field, weight))
        self._long = [phrase for phrase in self.phrases if len(phrase) > 6]

    def find(self, cell: Cell) -> list[Label]:
        """The labels in `cell` from left to right, the longest phrase at each place."""
        key = cell.text, cell.page.source == "ocr"
        if key not in self._found:
            if len(self._found) > _REMEMBERED:
                self._found.clear()
            self._found[key] = tuple(self._spans(*key))
        return [Label(field, weight, cell, start, end) for field, weight, start, end in self._found[key]]

    def whole(self, text: str, fuzzy: bool = False) -> tuple[str, float] | None:
        """Field and weight of the phrase that `text` is as a whole."""
        return self._named(text, fuzzy)

    def _spans(self, text: str, fuzzy: bool) -> Iterable[Span]:
        tokens = list(_TOKEN.finditer(text))
        index = 0
        while index < len(tokens):
            for stop in range(min(index + LONGEST, len(tokens)), index, -1):
                start, end = tokens[index].start(), tokens[stop - 1].end()
                known = self._named(text[start:end], fuzzy) if text[end - 1] != ":" else None
                if known:
                    yield (*known, start, end)
                    index = stop - 1
                    break
            index += 1

    def _named(self, text: str, fuzzy: bool) -> tuple[str, float] | None:
        folded = fold(text)
        return None if folded in self._parted and text.isalpha() else self._look_up(folded, fuzzy)

    def _look_up(self, folded: str, fuzzy: bool) -> tuple[str, float] | None:
        key = (folded, fuzzy)
        if key not in self._looked_up:
            if len(self._looked_up) > _REMEMBERED:
                self._looked_up.clear()
            self._looked_up[key] = self._compare(folded, fuzzy)
        return self._looked_up[key]

    def _compare(self, folded: str, fuzzy: bool) -> tuple[str, float] | None:
        if folded in self.phrases:
            return self.phrases[folded]
        for ending, field in self.endings.items():
            if folded.endswith(ending):
                return field, 0.9
        if fuzzy and len(folded) > 6 and not folded.isdigit():
            near = process.extractOne(folded, self._long, scorer=fuzz.ratio, score_cutoff=90)
            if near:
                field, weight = self.phrases[near[0]]
                return field, weight * near[1] / 100
        return None


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Letters and digits of `text` without case and accents; "#" and "N°" read as "no", "(380)" is left out."""
    decomposed = unicodedata.normalize("NFKD", _BRACKETED.sub("", text).translate(_SIGNS)).lower()
    return "".join(letter for letter in decomposed if letter.isalnum())


@lru_cache
def fields() -> Lexicon:
    """Labels of single values: numbers, dates, codes."""
    numbered = {field: list(_numbered(things)) for field, things in wording.NUMBERED.items()}
    glued = {fold(phrase) for phrases in wording.STRONG.values() for phrase in phrases.split("|")}
    return Lexicon(
        (wording.STRONG, 1.0),
        ({field: "|".join(phrases) for field, phrases in numbered.items()}, 1.0),
        (wording.WEAK, 0.6),
        endings={"rechnungnr": "number"},
        parted=(
            phrase
            for phrases in numbered.values()
            for phrase in phrases
            if not phrase.endswith(wording.COMPOUNDED) and fold(phrase) not in glued
        ),
    )


def _numbered(things: str) -> Iterable[str]:
    """Each of the things with each word for a number before or behind it."""
    before, behind = (wording.NUMBER_WORDS[place].split("|") for place in ("before", "behind"))
    for thing in things.split("|"):
        yield from (f"{word} {thing}" for word in before)
        yield from (f"{thing} {word}" for word in behind)


@lru_cache
def amounts() -> Lexicon:
    """Labels of amounts in the totals."""
    return Lexicon((wording.AMOUNTS, 1.0))


@lru_cache
def roles() -> Lexicon:
    """Headings of address blocks."""
    return Lexicon((wording.ROLES, 1.0))


@lru_cache
def columns() -> Lexicon:
    """Headings of the columns of line items."""
    return Lexicon((wording.COLUMNS, 1.0))


@lru_cache
def table_ends() -> Lexicon:
    """Headings of what follows the line items."""
    return Lexicon(({"end": wording.TABLE_ENDS}, 1.0))


@lru_cache
def types() -> Lexicon:
    """Titles of documents."""
    return Lexicon((wording.TYPES, 1.0), endings={"rechnung": "invoice"})
