"""A journal that keeps its entries in a list."""

from __future__ import annotations

from shared.contracts.audit import Entry


class MemoryJournal:
    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def note(self, entry: Entry) -> None:
        self.entries.append(entry)

    def write(self, entry: Entry) -> None:
        self.entries.append(entry)
