"""Tables of a schema: the row of headings that names most of the columns, and the rows below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.items.header import Column, Header
from services.extraction.domain.fields.items.rows import Row, table_rows
from services.extraction.domain.fields.labels import Lexicon
from services.extraction.domain.layout import Cell, Placed, Sheet, bounding
from services.extraction.domain.schema.finders import Habits, finder_of
from services.extraction.domain.schema.names import lexicon_of
from shared.contracts.fields import WantedField

Line = dict[str, Finding]
# Of the columns that are wanted, so many must be there for a row to be their headings.
_SHARE = 0.5
_NAMED, _FREE = 0.9, 0.85
_TEXTS = frozenset(("string", "enum", "boolean"))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that are wanted, and how they are named and read."""

    fields: Mapping[str, WantedField]
    lexicon: Lexicon
    habits: Habits

    @property
    def keys(self) -> set[str]:
        """Those whose values do not wrap: each begins or completes a row. Of text alone, the first one."""
        typed = {name for name, field in self.fields.items() if field.type not in _TEXTS}
        return typed or set(list(self.fields)[:1])


def find_rows(
    sheets: Sequence[Sheet], table: WantedField, columns: Sequence[WantedField], habits: Habits
) -> list[Line]:
    """The rows of the table on all pages, each by the names of its columns. A table that did not end on its page goes
    on at the top of the next one, under a header repeated there or without.
    """
    wanted = Columns({column.name: column for column in columns}, lexicon_of(columns, f"{table.name}."), habits)
    lines: list[Line] = []
    header: Header | None = None
    for sheet in sheets:
        own = _header(sheet, wanted)
        header = own or header
        if header is None:
            continue
        rows, ended = table_rows(sheet, header, own.rows[-1] + 1 if own else 0)
        lines += [line for group in _groups(rows, wanted.keys) if (line := _line(group, wanted))]
        header = None if ended else header
    return lines


def _header(sheet: Sheet, wanted: Columns) -> Header | None:
    """The row that names the most columns, the upper one of equals."""
    found = [Header((index,), tuple(_columns(row.cells, wanted))) for index, row in enumerate(sheet.rows)]
    least = max(min(2, len(wanted.fields)), _SHARE * len(wanted.fields))
    heads = [header for header in found if len(header.kinds) >= least]
    return max(heads, key=lambda header: (len(header.kinds), -header.rows[0]), default=None)


def _columns(cells: Iterable[Cell], wanted: Columns) -> Iterator[Column]:
    """A column for each heading; a cell that holds several without a wide gap is cut between them."""
    seen: set[str] = set()
    for cell in cells:
        whole = wanted.lexicon.whole(cell.text, fuzzy=cell.page.source == "ocr")
        named = [(whole[0], cell.box)] if whole else []
        for label in () if whole else wanted.lexicon.find(cell):
            named.append((label.field, bounding(each.box for each in cell.between(label.start, label.end))))
        for name, box in named or [("other", cell.box)]:
            yield Column("other" if name in seen else name, box)
            seen.add(name)


def _groups(rows: Sequence[Row], keys: set[str]) -> list[list[Row]]:
    """Rows of one line of the table together: one that fills a key again, or is the first to, begins the next. What
    stands apart below a line, and fills none, stands below the table.
    """
    groups: list[list[Row]] = []
    filled: set[str] = set()
    for row in rows:
        mine = keys & row.cells.keys()
        if groups and not mine and row.box.top - groups[-1][-1].box.bottom > row.box.height:
            break
        if mine and (not groups or mine & filled):
            groups.append([row])
            filled = set(mine)
        elif groups:
            groups[-1].append(row)
            filled |= mine
    return groups


def _line(rows: Sequence[Row], wanted: Columns) -> Line:
    found = {name: _value(rows, field, wanted.habits) for name, field in wanted.fields.items()}
    return {name: finding for name, finding in found.items() if finding}


def _value(rows: Sequence[Row], field: WantedField, habits: Habits) -> Finding | None:
    """Text from all rows of the line; any other value from the first that states it."""
    filled = [row.cells[field.name] for row in rows if row.cells.get(field.name)]
    parts = [sum(filled, ())] if filled and field.type in _TEXTS else filled
    for placed in parts:
        text = " ".join(each.word.text for each in placed)
        for match in finder_of(field, habits)(text):
            score = (_FREE if field.type in _TEXTS else _NAMED) * (0.5 + 0.5 * match.trust)
            return Finding(match.value, _between(placed, match.start, match.end), rows[0].page, score, "column")
    return None


def _between(placed: Sequence[Placed], start: int, end: int) -> tuple[Placed, ...]:
    found, at = [], 0
    for each in placed:
        if at < end and at + len(each.word.text) > start:
            found.append(each)
        at += len(each.word.text) + 1
    return tuple(found)
