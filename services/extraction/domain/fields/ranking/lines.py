"""The lines of the first page that could be a name or part of the sender's address, as numbers for the model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rapidfuzz import fuzz

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.parties.addresses import LEGAL_FORM, Address, Part, clean, without_register
from services.extraction.domain.fields.parties.roles import Parties
from services.extraction.domain.layout import Cell, Placed, Sheet

GROUP = "line"
FIELDS = ("sender", "recipient", "address")
ROLES = ("sender", "recipient", "delivery")
MOST = 150
_WEB = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([\w-]{3,})(?:\.[\w-]+)*\.[a-z]{2,}", re.I)
_SHORT, _LONGEST = 3, 300
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "legal form": LEGAL_FORM,
    "web": re.compile(r"@|www\.|https?:|\.(?:com|de|fr|es|it|nl|co\.uk)\b", re.I),
    "street": re.compile(
        r"str\.|straße|strasse|weg\b|platz\b|street|road|\brue\b|avenue|\bvia\b|calle|jalan|jln|\blot\b|lorong|taman|straat|laan",
        re.I,
    ),
    "postcode": re.compile(r"(?<![\d-])\d{5}(?![\d-])"),
    "contact": re.compile(r"\b(?:tel|phone|fax|e-?mail|mobil\w*|hotline)\b", re.I),
    "greeting": re.compile(
        r"\b(?:dear|sehr geehrte|madame|monsieur|thank|danke|merci|welcome|gracias|grazie|bedankt)\b", re.I
    ),
    "tax": re.compile(r"\b(?:gst|vat|ust|tva|iva|btw|reg|tax|no|nr|co)\b", re.I),
    "personal": re.compile(r"^(?:herrn?|frau|mr|mrs|ms|mme|sr|sig)\b", re.I),
    "company word": re.compile(
        r"\b(?:trading|enterprise|restaurant|store|stores|mart|hardware|group|services|holding|shop|company|co|stationery|books|pharma\w*|supermarket|hotel|café|cafe|bäckerei|verlag)\b",
        re.I,
    ),
    "of": re.compile(r"\b(?:owned|operated|by|trading as|branch|filiale)\b", re.I),
    "colon": re.compile(r":"),
}

# Those that tell something of the lines around, too.
_NEAR = ("legal form", "street", "postcode", "contact", "tax")
_NOTHING = [0.0] * len(_NEAR)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line that could be a name: as it counts, its words, and its features."""

    text: str
    cell: Cell
    placed: tuple[Placed, ...]
    features: tuple[float, ...]


def lines(sheet: Sheet, addresses: Sequence[Address], parties: Parties) -> list[Line]:
    """The candidates of the page, from top to bottom."""
    scene = _Scene(sheet, addresses, parties)
    found = []
    for order, cell in enumerate(sheet.cells[:MOST]):
        for text, placed in _readings(cell, addresses):
            if sum(letter.isalpha() for letter in text) >= _SHORT:
                found.append(Line(text, cell, placed, tuple(scene.features(cell, text, placed, order))))
    return found


def names() -> list[str]:
    """What each feature tells, in their order."""
    return [
        *(f"{where} {role}" for where in ("over", "beside", "block") for role in ROLES),
        "rule sender", "rule recipient",
        *_PATTERNS,
        *(f"{where} {name}" for where in ("previous", "next") for name in _NEAR),
        "x", "right", "center", "y", "order", "size", "largest", "words", "letters", "capitals", "digits", "label",
        "title", "repeated", "website", "in address", "names address", "line address", "town", "footer address",
        "over town", "roll", "ocr", "confidence", "part", "alone", "first", "before labels",
    ]  # fmt: skip


def _readings(cell: Cell, addresses: Sequence[Address]) -> Iterator[tuple[str, tuple[Placed, ...]]]:
    """The line as a whole, without a leading label; and the name within an address of one line."""
    role = next((label for label in labels.roles().find(cell) if label.leads), None)
    start = role.end if role and labels.fold(cell.text[role.end :]) else 0
    text = without_register(clean(cell.text[start:].lstrip(" :.-"))).strip(" ,.:*#")
    yield text, cell.between(len(cell.text) - len(cell.text[start:].lstrip(" :.-")), len(cell.text)) or cell.placed
    for address in addresses:
        if address.in_line and address.cells[0] is cell and address.name:
            yield address.name.text, address.name.placed


class _Scene:
    """The page, and what is the same for all its lines."""

    def __init__(self, sheet: Sheet, addresses: Sequence[Address], parties: Parties) -> None:
        self._sheet, self._addresses, self._parties = sheet, addresses, parties
        self._usual = median(cell.box.height for cell in sheet.cells)
        self._largest = max(cell.box.height for cell in sheet.cells[:MOST])
        self._folded = Counter(labels.fold(cell.text) for cell in sheet.cells)
        self._whole = " ".join(self._folded)
        self._sites = {labels.fold(site) for cell in sheet.cells for site in _WEB.findall(cell.text[:_LONGEST])}
        self._roles = {cell: role[0] for cell in sheet.cells if (role := labels.roles().whole(cell.text))}
        marked = (cell.row for cell in sheet.cells if any(label.weight > 0.9 for label in labels.fields().find(cell)))
        self._first_label = next(marked, len(sheet.rows))
        # What each row tells of its neighbours, and none before the first and behind the last.
        told = [[float(bool(_PATTERNS[name].search(row.text))) for name in _NEAR] for row in sheet.rows]
        self._near = [_NOTHING, *told, _NOTHING]

    def features(self, cell: Cell, text: str, placed: tuple[Placed, ...], order: int) -> Iterator[float]:
        yield from self._role_features(cell)
        yield from self._rule_features(text)
        yield from (float(bool(pattern.search(text))) for pattern in _PATTERNS.values())
        yield from self._near[cell.row]
        yield from self._near[cell.row + 2]
        yield from self._shape(cell, text, order)
        yield from self._surroundings(cell, text)
        yield min(self._sheet.page.height / max(self._sheet.page.width, 1.0), 4.0)
        yield float(cell.page.source == "ocr")
        yield min((each.word.confidence for each in placed), default=1.0)
        yield float(len(placed) < len(cell.placed))
        yield float(len(self._sheet.rows[cell.row].cells) == 1)
        yield float(order == 0)
        yield float(cell.row < self._first_label)

    def _role_features(self, cell: Cell) -> Iterator[float]:
        over, beside = self._over(cell), self._beside(cell)
        block = next((each.heading for each in self._addresses if cell in each.cells), None)
        yield from (over.get(role, 0.0) for role in ROLES)
        yield from (float(beside == role) for role in ROLES)
        yield from (float(block == role) for role in ROLES)

    def _over(self, cell: Cell) -> dict[str, float]:
        """Headings over the line, weaker with each row between."""
        found: dict[str, float] = {}
        for steps, row in enumerate(reversed(self._sheet.rows[max(0, cell.row - 4) : cell.row]), 1):
            for other in row.cells:
                role = self._roles.get(other)
                if role and (other.box.overlap(cell.box) > 0 or abs(other.box.left - cell.box.left) < cell.box.height):
                    found.setdefault(role, 0.6 ** (steps - 1))
        return found

    def _beside(self, cell: Cell) -> str | None:
        """The role that a label in the line or left of it names."""
        own = next((label.field for label in labels.roles().find(cell) if label.leads), None)
        row = self._sheet.rows[cell.row].cells
        before = row[: row.index(cell)]
        return own or (self._roles.get(before[-1]) if before else None)

    def _rule_features(self, text: str) -> Iterator[float]:
        scores = (self._parties.sender_score, self._parties.recipient_score)
        for address, score in zip((self._parties.sender, self._parties.recipient), scores, strict=True):
            same = address and address.name and labels.fold(address.name.text) == labels.fold(text)
            yield score if same else 0.0

    def _shape(self, cell: Cell, text: str, order: int) -> Iterator[float]:
        page, box = self._sheet.page, cell.box
        letters = sum(letter.isalpha() for letter in text)
        yield box.left / page.width
        yield box.right / page.width
        yield abs(box.center - page.width / 2) / page.width
        yield box.middle / page.height
        yield min(order, 40) / 40
        yield min(box.height / self._usual, 4.0)
        yield box.height / self._largest
        yield min(len(text.split()), 10) / 10
        yield min(len(text), 60) / 60
        yield sum(letter.isupper() for letter in text) / letters
        yield sum(letter.isdigit() for letter in text) / len(text)
        yield float(bool(labels.fields().find(cell) or labels.amounts().find(cell)))
        yield float(bool(labels.types().find(cell)))

    def _surroundings(self, cell: Cell, text: str) -> Iterator[float]:
        folded = labels.fold(text)
        yield min(self._whole.count(folded) - 1, 3) / 3 if folded else 0.0
        yield (
            max((fuzz.partial_ratio(site, folded) for site in self._sites), default=0.0) / 100
            if len(folded) > 3
            else 0.0
        )
        mine = [each for each in self._addresses if cell in each.cells]
        named = [each for each in self._addresses if each.name and labels.fold(each.name.text) == folded]
        yield float(bool(mine))
        yield float(bool(named))
        yield float(any(each.in_line for each in named))
        yield float(any(_is(each.town, cell) for each in mine))
        yield float(any(each.box.top > 0.75 * self._sheet.page.height for each in named))
        below = [each.cells[-1].row - cell.row for each in mine]
        yield min(max(below, default=0), 6) / 6


def _is(part: Part, cell: Cell) -> bool:
    return part.placed[0] in cell.placed
