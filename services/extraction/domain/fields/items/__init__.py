"""Line items: the header of their table, its columns, the rows that make one item, and the values in them."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.domain.fields.items.header import Header, find_header
from services.extraction.domain.fields.items.repair import repair
from services.extraction.domain.fields.items.roll import find_roll
from services.extraction.domain.fields.items.rows import Item, Row, group_rows, read_item, table_rows
from services.extraction.domain.layout import Sheet

__all__ = ["Header", "Item", "Row", "find_items", "find_roll"]


def find_items(sheets: Sequence[Sheet], decimal_mark: str | None) -> tuple[list[Item], set[tuple[int, int]]]:
    """The items of all pages in order, and the rows of tables as (page number, row index).

    A table that did not end on its page goes on at the top of the next one, under a header repeated there or without.
    """
    items: list[Item] = []
    taken: set[tuple[int, int]] = set()
    header: Header | None = None
    for sheet in sheets:
        own = find_header(sheet)
        header = own or header
        if header is None:
            continue
        rows, ended = table_rows(sheet, header, own.rows[-1] + 1 if own else 0)
        taken |= {(sheet.page.number, row.index) for row in rows}
        taken |= {(sheet.page.number, index) for index in (own.rows if own else ())}
        found = [read_item(group, decimal_mark) for group in group_rows(rows)]
        # Surcharges and notes have an amount too; a line also states how many, how much each, or which.
        telling = {"qty", "unitPrice", "articleNumber", "position"} & header.kinds
        items += [item for item in found if _is_item(item) and (not telling or telling & item.keys())]
        header = None if ended else header
    return repair(items), taken


def _is_item(item: Item) -> bool:
    """Whether it says what for, and how much."""
    return "net" in item and "name" in item and any(letter.isalpha() for letter in item["name"].value)
