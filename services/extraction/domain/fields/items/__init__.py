"""Line items: the header of their table, its columns, the rows that make one item, and the values in them."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.domain.fields.items.header import Header, find_header
from services.extraction.domain.fields.items.repair import repair
from services.extraction.domain.fields.items.rows import Item, Row, group_rows, read_item, table_rows
from services.extraction.domain.layout import Sheet

__all__ = ["Header", "Item", "Row", "find_items"]


def find_items(sheets: Sequence[Sheet], decimal_mark: str | None) -> tuple[list[Item], set[tuple[int, int]]]:
    """The items of all pages in order, and the rows of tables as (page number, row index).

    A page without a header of its own continues no table: its rows could be anything.
    """
    items: list[Item] = []
    taken: set[tuple[int, int]] = set()
    for sheet in sheets:
        header = find_header(sheet)
        if header is None:
            continue
        rows = table_rows(sheet, header)
        taken |= {(sheet.page.number, row.index) for row in rows} | {
            (sheet.page.number, index) for index in header.rows
        }
        found = [read_item(group, decimal_mark) for group in group_rows(rows)]
        items += [item for item in found if "net" in item and "name" in item]
    return repair(items), taken
