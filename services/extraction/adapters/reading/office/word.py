"""Text of a DOCX in reading order: headers, paragraphs and tables with their columns, text boxes, footers."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from services.extraction.adapters.reading.office.package import parse, parts_of
from services.extraction.adapters.reading.typesetting import (
    GAP,
    LETTER,
    TEXT_WIDTH,
    Line,
    moved,
    set_pages,
    set_text,
    side_by_side,
)
from services.extraction.domain.pages import Page
from services.extraction.errors import Unreadable

MAIN = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_LOOSE = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# What is not shown: properties, deleted and moved text, field codes, what older readers get instead of a drawing.
_UNSEEN = {
    *(f"{_W}{name}" for name in ("pPr", "tblPr", "trPr", "tcPr", "sectPr", "del", "moveFrom", "instrText", "delText")),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# A longer cell is broken; a narrower column than this is no column.
MOST_COLUMN, LEAST_COLUMN = 60 * LETTER, 4 * LETTER


def read_word(document: bytes) -> list[Page]:
    """Its pages, set in type; Unreadable, Encrypted, UnsafeArchive, TooManyPages."""
    parts = parts_of(document)
    if MAIN not in parts:
        raise Unreadable("The document has no text part; save it again, or print it to a PDF.")
    root = _parsed(parts, MAIN)
    above = [_block(_parsed(parts, name)) for name in _referenced(parts, root, "headerReference")]
    below = [_block(_parsed(parts, name)) for name in _referenced(parts, root, "footerReference")]
    lines = [line for block in (*above, _block(root), *below) for line in (*block, [])]
    return set_pages(_without_many_blanks(lines))


def _parsed(parts: Mapping[str, bytes], name: str) -> etree._Element:
    return parse(parts[name].replace(_STRICT, _LOOSE))


def _referenced(parts: Mapping[str, bytes], root: etree._Element, kind: str) -> list[str]:
    """The names of the headers or footers that the document shows, each once."""
    ids = [each.get(_ID) for each in root.iter(f"{_W}{kind}")]
    relations = parts.get("word/_rels/document.xml.rels")
    if not ids or relations is None:
        return []
    targets = {each.get("Id"): each.get("Target", "") for each in parse(relations)}
    names = (posixpath.normpath(posixpath.join("word", targets.get(each, ""))).lstrip("/") for each in ids)
    return [name for name in dict.fromkeys(names) if name in parts and name != MAIN]


def _block(element: etree._Element, width: float = TEXT_WIDTH) -> list[Line]:
    """The lines of all paragraphs and tables in the element."""
    lines: list[Line] = []
    for child in element:
        if child.tag in _UNSEEN or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}p":
            text, boxes = _paragraph(child)
            lines += set_text(text, width)
            lines += [line for box in boxes for line in _block(box, width)]
        elif child.tag == f"{_W}tbl":
            lines += _table(child)
        else:
            lines += _block(child, width)
    return lines


def _paragraph(paragraph: etree._Element) -> tuple[str, list[etree._Element]]:
    """Its text, and the text boxes that hang on it."""
    text, boxes = [], []
    waiting = [iter(paragraph)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag == f"{_W}t":
            text.append(child.text or "")
        elif isinstance(child.tag, str) and child.tag.removeprefix(_W) in _SIGNS:
            text.append(_SIGNS[child.tag.removeprefix(_W)])
        elif child.tag not in _UNSEEN and isinstance(child.tag, str) and not _is_hidden(child):
            waiting.append(iter(child))
    return "".join(text), boxes


def _is_hidden(run: etree._Element) -> bool:
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val", "true") not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class _Cell:
    """The lines of a cell that begins in a column and spans so many."""

    column: int
    span: int
    lines: list[Line]

    @property
    def end(self) -> int:
        return self.column + self.span

    @property
    def width(self) -> float:
        return max((left + len(text) * LETTER for line in self.lines for left, text in line), default=0.0)


def _table(table: etree._Element) -> list[Line]:
    # Each cell is set once, or tables in tables would take for ever.
    rows = [
        [_Cell(column, span, _without_end(_block(cell, MOST_COLUMN))) for column, span, cell in _cells(row)]
        for row in _within(table, "tr")
    ]
    lefts = _columns([cell for cells in rows for cell in cells])
    blocks = ([moved(cell.lines, lefts[cell.column]) for cell in cells] for cells in rows)
    return [line for row in blocks for line in side_by_side(row)]


def _within(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, also those in content controls, and not those of inner tables."""
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
            yield from _within(child, name)


def _cells(row: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """Each cell with the column that it begins in, and how many it spans."""
    column = _number(row, "trPr/gridBefore", 0)
    for cell in _within(row, "tc"):
        span = max(1, _number(cell, "tcPr/gridSpan", 1))
        yield column, span, cell
        column += span


def _number(element: etree._Element, path: str, otherwise: int) -> int:
    found = element.find("/".join(_W + name for name in path.split("/")))
    value = "" if found is None else found.get(f"{_W}val", "")
    return min(int(value), 100) if value.isdecimal() else otherwise


def _columns(cells: Sequence[_Cell]) -> list[float]:
    """Where each column begins: behind the longest line of those before."""
    lefts = [0.0] * (max((cell.end for cell in cells), default=0) + 1)
    ending: dict[int, list[_Cell]] = {}
    for cell in cells:
        ending.setdefault(cell.end, []).append(cell)
    for column in range(1, len(lefts)):
        ends = (lefts[cell.column] + cell.width for cell in ending.get(column, ()))
        lefts[column] = max([lefts[column - 1] + LEAST_COLUMN, *ends]) + GAP
    return lefts


def _without_end(lines: list[Line]) -> list[Line]:
    """Without the empty lines at the end: a cell always ends with a paragraph."""
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines or [[]]


def _without_many_blanks(lines: Sequence[Line]) -> list[Line]:
    """With two empty lines for more of them, as people make who want a new page."""
    kept: list[Line] = []
    for line in lines:
        if line or any(kept[-2:]):
            kept.append(line)
    return kept
