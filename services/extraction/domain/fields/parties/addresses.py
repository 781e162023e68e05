"""Addresses on a page: lines that name a town, and the street, name and country around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.parties.countries import country_of
from services.extraction.domain.layout import Box, Cell, Placed, Sheet, bounding

_CITY = r"(?P<city>[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:[ .,'\u2019()/-]{1,2}[^\W\d_]+\.?){0,5}\)?)"
_TOWNS = (
    # 76228 Karlsruhe, D-76228 Karlsruhe, DE 80333 München, 1012 AB Amsterdam, 114 55 Stockholm, 37153 Verona (VR)
    re.compile(
        r"^(?:(?P<country>[A-Z]{1,3})[ -]{1,3})?(?P<code>\d{5}|\d{4} ?[A-Z]{2}|\d{4}|\d{3} \d{2})[ ,]*" + _CITY + "$"
    ),
    # M1 1AA Manchester, D02 XA00 Dublin
    re.compile(rf"^(?P<code>[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}|[A-Z]\d[\dW] [A-Z\d]{{4}}),? {_CITY}$"),
    # Leeds LS11 5PS, Lewes, BN8 4QA
    re.compile(rf"^{_CITY},? (?P<code>[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}|[A-Z]\d[\dW] [A-Z\d]{{4}})$"),
    # Fairfield, CA 94535; Fairfield CA 94535-1234
    re.compile(rf"^{_CITY},? (?P<state>[A-Z]{{2}}) (?P<code>\d{{5}}(?:-\d{{4}})?)$"),
    # Chennai, Tamil Nadu - 600081; New Delhi - 110032
    re.compile(rf"^{_CITY} - (?P<code>\d{{6}})$"),
)  # fmt: skip
_PROVINCE = re.compile(r"(?: \([A-Z]{2}\)|(?<=[a-zà-ÿ]) [A-Z]{2}|, .*)$")
_PARTS = re.compile(r"\s*[·•\u25cf|\u2219\u2027*]\s*|\s+[-\u2013—]\s+|,\s+")
_STREET = re.compile(
    r"\d|str\.|straße|strasse|weg\b|platz\b|allee|gasse|street|road|avenue|lane\b|square|\brue\b|via\b|calle", re.I
)
_NOISE = re.compile(
    r"@|www\.|https?:|\bGLN\b|\bGTIN\b|^(adresse|address|nom|tel|fon|phone|fax|telefon|mobil|e-?mail|ust|vat|tva|iban|bic)\b|^\W*\+\d|:\s*[\w-]*\d{4}",
    re.I,
)
_SALUTATION = re.compile(r"^(?:firma|company|an|to|herrn?|frau|mr|mrs|ms|m|mme|z\.? ?hd\.?|attn|c/o)\.?$", re.I)
_LEADING_LABEL = re.compile(r"^(?:name|anschrift|adresse|address|ort|straße|street)\s*:\s*", re.I)
_ADDRESS_LABEL = re.compile(r"^(?:name|firma|company|anschrift|adresse|address|ort|stra\u00dfe|street|city)\b", re.I)
_MOST_LINES = 7
# A register number behind a company's name, often in brackets: (728515-M), (Co. No: 20154-T).
_REGISTER = re.compile(r"\s*\(?\s*(?:co\.?\s*(?:reg\.?)?\s*no\.?\s*:?)?\s*\d{4,}\s*-?\s*[A-Z]?\s*\)?\s*$", re.I)
# Lines of one address follow each other within this many text heights; generous letters set them further apart.
_CLOSE, _WIDE = 2.6, 4.5
# A company's legal form at the end of its name.
LEGAL_FORM = re.compile(
    r"\b(?:GmbH|mbH|AG|KG|KGaA|OHG|GbR|UG|e\.? ?K\.?|e\.? ?V\.?|a\.G\.|SE|Ltd|Limited|PLC|LLP|LLC|Inc|Corp|Pty|Co\.|"
    r"Company|SARL|S\.A\.R\.L|SAS|SA|S\.A|EURL|SASU|SCOP|SNC|S\.?n\.?c|SCI|S\.L|S\.L\.U|SL|SLU|S\.?r\.?l|S\.?p\.?A|"
    r"B\.?V|N\.?V|V\.?O\.?F|SPRL|ASBL|AB|AS|A/S|ApS|Oy|Lda|Ltda|e\.U|s\.r\.o|d\.o\.o|SDN|BHD|S/B|Pte|Pvt)(?!\w)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an address: its text as it counts, and the words that state it."""

    text: str
    placed: tuple[Placed, ...]

    def within(self, value: str) -> Part:
        """The part of this part that states `value`, all of it when its words do not."""
        wanted = set(value.split())
        words = tuple(each for each in self.placed if each.word.text.strip(",;") in wanted)
        return Part(value, words or self.placed)


@dataclass(frozen=True, slots=True)
class Address:
    """An address on a page: `heading` is the role that a label over it states, `in_line` whether it is one line."""

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
    def box(self) -> Box:
        """The box of the line that names the town."""
        return bounding(each.box for each in self.town.placed)

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


def without_register(name: str) -> str:
    """A company's name without the register number behind it."""
    return _REGISTER.sub("", name)


def clean(text: str) -> str:
    """`text` without a leading "Name:" or "Address:"."""
    return _LEADING_LABEL.sub("", text).strip(" ,;")


def _town(text: str) -> re.Match[str] | None:
    if not any(letter.isdigit() for letter in text):
        return None
    text = clean(text)
    for form in _TOWNS:
        match = form.match(text)
        if match and len(match["city"]) <= 40 and not labels.fields().whole(match["city"]):
            return match
    return None


def _city(match: re.Match[str]) -> str:
    """The town's name without the province or state behind it."""
    return _PROVINCE.sub("", match["city"])


def _single_line(cell: Cell) -> Address | None:
    """`Name · Street 18 · 76228 City`, with any of the usual signs between the parts."""
    parts = [part for part in _PARTS.split(cell.text) if part]
    for index, part in enumerate(parts):
        match = _town(part)
        if match and 0 < index < 6:
            street = parts[index - 1]
            named = index > 1 or not _STREET.search(street)
            whole = Part(cell.text, cell.placed)
            return Address(
                name=whole.within(parts[0]) if named else None,
                street=whole.within(street) if _STREET.search(street) else None,
                town=whole.within(clean(part)),
                postcode=match["code"],
                city=_city(match),
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
    lines, highest = _upwards(cell, sheet)
    below = next(_stacked(cell, sheet, 1), None)
    street = next((line for line in lines[:2] if _STREET.search(line.text) and not _SALUTATION.match(line.text)), None)
    over = lines[lines.index(street) + 1 :] if street else lines
    country = below if below and country_of(below.text) else None
    name = _name([line for line in over if not _SALUTATION.match(line.text)], sheet)
    if not name and not street:
        return None
    return Address(
        name=name,
        street=Part(clean(street.text), street.placed) if street else None,
        town=Part(clean(cell.text), cell.placed),
        postcode=match["code"],
        city=_city(match),
        country_code=_country(match, [below.text] if below else []),
        in_line=False,
        heading=_heading(highest, sheet),
        cells=(*reversed(lines), cell, *([country] if country else [])),
    )


def _name(lines: Sequence[Cell], sheet: Sheet) -> Part | None:
    """The line labelled as the name, else the top line, with the next one when only that has the legal form."""
    if not lines:
        return None
    labelled = [line for line in lines if labels.fold(_label_of(line, sheet)) in {"name", "firma", "company"}]
    top, second = (labelled or lines)[-1], (lines[-2] if len(lines) > 1 and not labelled else None)
    if second and LEGAL_FORM.search(second.text) and not LEGAL_FORM.search(top.text):
        return Part(f"{clean(top.text)} {clean(second.text)}", (*top.placed, *second.placed))
    return Part(clean(top.text), top.placed)


def _upwards(cell: Cell, sheet: Sheet) -> tuple[list[Cell], Cell]:
    """The lines over `cell` that belong to its block, the nearest first, and the highest line looked at.

    A heading or another address ends the block, and so does a blank line over a name.
    """
    lines: list[Cell] = []
    last, pitch, named = cell, float("inf"), False
    for line in islice(_stacked(cell, sheet, -1), _MOST_LINES):
        gap = last.box.middle - line.box.middle
        ends = _town(line.text) or _single_line(line) or labels.roles().whole(line.text)
        if ends or (named and gap > 1.5 * pitch):
            break
        last, pitch, named = line, min(pitch, gap), named or not _STREET.search(line.text)
        label = _label_of(line, sheet)
        if not _NOISE.search(line.text) and (not label or _ADDRESS_LABEL.search(label)):
            lines.append(line)
    return lines, last


def _label_of(line: Cell, sheet: Sheet) -> str:
    """The label that stands left of `line` in its row, or that `line` itself is when its value starts with a colon."""
    cells = sheet.rows[line.row].cells
    place = cells.index(line)
    if place and cells[place - 1].text.endswith(":"):
        return cells[place - 1].text
    if ": " in line.text:
        return line.text
    behind = cells[place + 1] if place + 1 < len(cells) else None
    return line.text if line.text.endswith(":") or (behind and behind.text.startswith(":")) else ""


def _stacked(cell: Cell, sheet: Sheet, step: int) -> Iterator[Cell]:
    """Cells straight over (`step` -1) or under (1) each other, starting beside `cell`, while the lines stay close."""
    index, current = cell.row + step, cell
    pitch = _CLOSE * cell.box.height
    while 0 <= index < len(sheet.rows):
        tall = max(current.box.height, cell.box.height)
        gap = abs(sheet.rows[index].box.middle - current.box.middle)
        if gap > _WIDE * tall:
            return
        aligned = [line for line in sheet.rows[index].cells if abs(line.box.left - cell.box.left) < 1.2 * tall]
        if aligned:
            # Lines set far apart belong together when a street stands right over its town, and keep that distance.
            if gap > max(_CLOSE * tall, 1.3 * pitch) and not (current is cell and _STREET.search(aligned[0].text)):
                return
            pitch = max(pitch, gap)
            current = aligned[0]
            yield current
        index += step


def _heading(top: Cell, sheet: Sheet) -> str | None:
    """The role that a line over `top` states, in its own column or in that of the labels left of it."""
    for row in reversed(sheet.rows[max(0, top.row - 4) : top.row]):
        if top.box.top - row.box.bottom > 3 * top.box.height:
            return None
        for cell in row.cells:
            role = labels.roles().whole(cell.text)
            beside = cell.box.left - top.box.right < 0 and top.box.left - cell.box.left < 0.45 * sheet.page.width
            if role and (abs(cell.box.left - top.box.left) < 2 * top.box.height or (beside and len(row.cells) == 1)):
                return role[0]
    return None


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
