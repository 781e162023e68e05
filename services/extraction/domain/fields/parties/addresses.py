"""Addresses on a page: lines that name a town, and the street, name and country around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.parties.countries import country_of
from services.extraction.domain.layout import Cell, Sheet

_CITY = r"(?P<city>[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:[ .,'\u2019()/-]{1,2}[^\W\d_]+\.?){0,5}\)?)"
_TOWNS = (
    # 76228 Karlsruhe, D-76228 Karlsruhe, DE 80333 München, 1012 AB Amsterdam, 114 55 Stockholm
    re.compile(rf"^(?:(?P<country>[A-Z]{{1,3}})[ -]{{1,3}})?(?P<code>\d{{5}}|\d{{4}} ?[A-Z]{{2}}|\d{{4}}|\d{{3}} \d{{2}})[ ,]*{_CITY}$"),
    # M1 1AA Manchester, D02 XA00 Dublin
    re.compile(rf"^(?P<code>[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}|[A-Z]\d[\dW] [A-Z\d]{{4}}),? {_CITY}$"),
    # Leeds LS11 5PS, Lewes, BN8 4QA
    re.compile(rf"^{_CITY},? (?P<code>[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}|[A-Z]\d[\dW] [A-Z\d]{{4}})$"),
    # Fairfield, CA 94535; Fairfield CA 94535-1234
    re.compile(rf"^{_CITY},? (?P<state>[A-Z]{{2}}) (?P<code>\d{{5}}(?:-\d{{4}})?)$"),
)  # fmt: skip
_PARTS = re.compile(r"\s*[·•\u25cf|\u2219\u2027*]\s*|\s+[-\u2013—]\s+|,\s+")
_STREET = re.compile(
    r"\d|str\.|straße|strasse|weg\b|platz\b|allee|gasse|street|road|avenue|lane\b|square|\brue\b|via\b|calle", re.I
)
_NOISE = re.compile(
    r"@|www\.|https?:|\bGLN\b|\bGTIN\b|^(tel|fon|phone|fax|telefon|mobil|e-?mail|ust|vat|tva|iban|bic)\b|^\W*\+\d", re.I
)
_SALUTATION = re.compile(r"^(?:firma|company|an|to|herrn?|frau|mr|mrs|ms|m|mme|z\.? ?hd\.?|attn|c/o)\.?$", re.I)
_LEADING_LABEL = re.compile(r"^(?:name|anschrift|adresse|address|ort|straße|street)\s*:\s*", re.I)
_MOST_LINES = 7


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an address: its text as it counts, and the cell that holds it."""

    text: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Address:
    """An address on a page. `heading` is the role that a label over it states; `in_line` tells one printed on a single line."""

    name: Part | None
    street: Part | None
    town: Part
    postcode: str
    city: str
    country_code: str | None
    in_line: bool
    heading: str | None
    cells: tuple[Cell, ...]

    @property
    def line(self) -> str:
        """Street and town in one line, as the interface wants an address."""
        return f"{self.street.text}, {self.town.text}" if self.street else self.town.text


def find_addresses(sheet: Sheet) -> list[Address]:
    """Every address on the page, from top to bottom."""
    found = []
    for cell in sheet.cells:
        address = _block(cell, sheet) or _single_line(cell)
        if address:
            found.append(address)
    return found


def clean(text: str) -> str:
    """`text` without a leading "Name:" or "Address:"."""
    return _LEADING_LABEL.sub("", text).strip(" ,;")


def _town(text: str) -> re.Match[str] | None:
    text = clean(text)
    for form in _TOWNS:
        match = form.match(text)
        if match and len(match["city"]) <= 40 and not labels.fields().whole(match["city"]):
            return match
    return None


def _single_line(cell: Cell) -> Address | None:
    """`Name · Street 18 · 76228 City`, with any of the usual signs between the parts."""
    parts = [part for part in _PARTS.split(cell.text) if part]
    for index, part in enumerate(parts):
        match = _town(part)
        if match and 0 < index < 6:
            street = parts[index - 1] if index else ""
            named = index > 1 or not _STREET.search(street)
            return Address(
                name=Part(parts[0], cell) if named else None,
                street=Part(street, cell) if _STREET.search(street) else None,
                town=Part(clean(part), cell),
                postcode=match["code"],
                city=match["city"],
                country_code=_country(match, parts[index + 1 : index + 2]),
                in_line=True,
                heading=None,
                cells=(cell,),
            )
    return None


def _block(cell: Cell, sheet: Sheet) -> Address | None:
    """Lines over each other, the town's line being `cell`."""
    match = _town(cell.text)
    if not match:
        return None
    above = list(_upwards(cell, sheet))
    heading, lines = _split_heading(above)
    below = next(_stacked(cell, sheet, 1), None)
    street = next((line for line in lines[:2] if _STREET.search(line.text) and not _SALUTATION.match(line.text)), None)
    names = [line for line in lines if line is not street and not _SALUTATION.match(line.text)]
    name = names[-1] if names else None
    return Address(
        name=Part(clean(name.text), name) if name else None,
        street=Part(clean(street.text), street) if street else None,
        town=Part(clean(cell.text), cell),
        postcode=match["code"],
        city=match["city"],
        country_code=_country(match, [below.text] if below else []),
        in_line=False,
        heading=heading,
        cells=(*reversed(lines), cell, *([below] if below and country_of(below.text) else [])),
    )


def _upwards(cell: Cell, sheet: Sheet) -> Iterator[Cell]:
    """The lines over `cell` that belong to its block, the nearest first; a heading of the block comes last."""
    for count, line in enumerate(_stacked(cell, sheet, -1)):
        if count == _MOST_LINES or _town(line.text) or _single_line(line):
            return
        if not _NOISE.search(line.text):
            yield line
        if labels.roles().whole(line.text):
            return


def _stacked(cell: Cell, sheet: Sheet, step: int) -> Iterator[Cell]:
    """Cells straight over (`step` -1) or under (1) each other, starting beside `cell`, while the lines stay close."""
    index, current = cell.row + step, cell
    while 0 <= index < len(sheet.rows):
        tall = max(current.box.height, cell.box.height)
        gap = sheet.rows[index].box.middle - current.box.middle
        if abs(gap) > 2.3 * tall:
            return
        aligned = [other for other in sheet.rows[index].cells if abs(_start(other) - _start(cell)) < 1.2 * tall]
        if aligned:
            current = aligned[0]
            yield current
        index += step


def _start(cell: Cell) -> float:
    return cell.box.left


def _split_heading(lines: Sequence[Cell]) -> tuple[str | None, list[Cell]]:
    """The role that the top line states, and the lines below it, still the nearest first."""
    for index, line in enumerate(lines):
        role = labels.roles().whole(line.text)
        if role:
            return role[0], list(lines[:index])
    return None, list(lines)


def _country(match: re.Match[str], after: Iterable[str]) -> str | None:
    prefix = match.groupdict().get("country")
    named = country_of(prefix) if prefix else None
    if named:
        return named
    for text in after:
        if country_of(text):
            return country_of(text)
    if match.groupdict().get("state"):
        return "US"
    if re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", match["code"]):
        return "GB"
    return "IE" if re.fullmatch(r"[A-Z]\d[\dW] [A-Z\d]{4}", match["code"]) else None
