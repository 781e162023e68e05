"""A document by the schema of its project: what is built in as ever, everything else by what its data points tell."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.extraction.domain.checks import READ_IN_PART, dig
from services.extraction.domain.fields.findings import Finding, leaf_of
from services.extraction.domain.layout import lay_out
from services.extraction.domain.pages import Page
from services.extraction.domain.parsers import amounts, dates
from services.extraction.domain.schema.checks import run_checks
from services.extraction.domain.schema.finders import Habits, pattern_of
from services.extraction.domain.schema.names import built_in_name
from services.extraction.domain.schema.tables import find_rows
from services.extraction.domain.schema.values import find_values
from shared.contracts.envelope import to_plain
from shared.contracts.extraction import ExtractionResult
from shared.contracts.fields import WantedField, WantedFields

Leaf = Mapping[str, Any]
Rows = list[dict[str, Leaf]]
TABLE = "table"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_fields(
    pages: Sequence[Page], languages: Sequence[str], wanted: WantedFields, built_in: ExtractionResult
) -> ExtractionResult:
    """The result with the fields of the schema alone, named as there. `built_in` is what the built-in reader found; of
    a field that means the same, that is taken.
    """
    sheets = [lay_out(page) for page in pages if page.words]
    habits = _habits([cell.text for sheet in sheets for cell in sheet.cells], languages)
    tables, single = _parted(wanted.fields)
    found = {name: _leaf(finding) for name, finding in find_values(sheets, single, habits).items()}
    found |= _known(single, found, built_in.details)
    rows = {
        table.name: _built_in_rows(table, columns, built_in.details)
        or [_leaves(line) for line in find_rows(sheets, table, columns, habits)]
        for table, columns in tables
    }
    details = _built(found, rows, lambda leaf: leaf)
    cut = [check for check in built_in.checks if check.code == READ_IN_PART]
    checks = (*cut, *run_checks([*single, *(table for table, _ in tables)], found, rows, details))
    entities = _built(found, rows, lambda leaf: leaf["value"])
    return dataclasses.replace(built_in, entities=entities, details=details, checks=checks)


def _parted(fields: Sequence[WantedField]) -> tuple[list[tuple[WantedField, list[WantedField]]], list[WantedField]]:
    """The tables, each with its columns, and what stands alone."""
    tables: list[tuple[WantedField, list[WantedField]]] = []
    single = list(fields)
    for table in fields:
        if table.type == TABLE and table in single:
            columns = [field for field in single if field.name.startswith(f"{table.name}.")]
            tables.append((table, columns))
            single = [field for field in single if field is not table and field not in columns]
    return tables, single


def _built(found: Mapping[str, Leaf], rows: Mapping[str, Rows], show: Callable[[Leaf], Any]) -> dict[str, Any]:
    """The tree of all that was found, each leaf as it is to be shown."""
    lists = {
        name: [_tree({_own(column, name): show(leaf) for column, leaf in line.items()}) for line in lines]
        for name, lines in rows.items()
        if lines
    }
    return _tree({**{name: show(leaf) for name, leaf in found.items()}, **lists})


def _habits(texts: Sequence[str], languages: Sequence[str]) -> Habits:
    told = dates.is_month_first(texts)
    return Habits(amounts.decimal_mark_of(texts), "en-US" in languages if told is None else told)


def _known(fields: Sequence[WantedField], found: Mapping[str, Leaf], details: Mapping[str, Any]) -> dict[str, Leaf]:
    """What the built-in reader found: of fields of its own names always, of well-known ones when it is surer."""
    taken: dict[str, Leaf] = {}
    for field in fields:
        own, meant = dig(details, field.name), built_in_name(field.name)
        leaf = own or (dig(details, meant) if meant else None)
        if leaf is None or "value" not in leaf or not _fits(field, leaf["value"]):
            continue
        if own or field.name not in found or found[field.name]["confidence"] < leaf["confidence"]:
            taken[field.name] = leaf
    return taken


def _fits(field: WantedField, value: Any) -> bool:
    """Whether a value of the built-in reader is one that the field wants."""
    if field.type in ("amount", "number"):
        return isinstance(value, (int, float))
    if not isinstance(value, str) or field.type in ("boolean", "enum", TABLE):
        return False
    if field.type == "date":
        return bool(_DATE.fullmatch(value))
    pattern = pattern_of(field)
    return pattern is None or bool(pattern.search(value))


def _built_in_rows(table: WantedField, columns: Sequence[WantedField], details: Mapping[str, Any]) -> Rows:
    """The rows that the built-in reader found, if there is no column that it does not know."""
    rows = details.get(table.name, ())
    known = {name for row in rows for name in row}
    own = {column.name: _own(column.name, table.name) for column in columns}
    if not isinstance(rows, list) or not set(own.values()) <= known:
        return []
    return [{name: row[called] for name, called in own.items() if called in row} for row in rows]


def _own(column: str, table: str) -> str:
    return column.removeprefix(f"{table}.")


def _leaves(line: Mapping[str, Finding]) -> dict[str, Leaf]:
    return {name: _leaf(finding) for name, finding in line.items()}


def _leaf(finding: Finding) -> Leaf:
    plain: Leaf = to_plain(leaf_of(finding))
    return plain


def _tree(members: Mapping[str, Any]) -> dict[str, Any]:
    """What is called by paths, such as `lease.start`, as objects within objects. What would stand within a value that
    is none is left out.
    """
    tree: dict[str, Any] = {}
    for path, member in members.items():
        *above, last = path.split(".")
        node: Any = tree
        for name in above:
            node = node.setdefault(name, {}) if isinstance(node, dict) else None
        if isinstance(node, dict):
            node.setdefault(last, member)
    return tree
