"""A journal that keeps its entries in a list, and the trail over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.audit.chain import GENESIS, Record, Walk, Writer, record_of, seal
from shared.audit.trail import AnchorPage, Checked, Selection
from shared.clock import utc_now
from shared.contracts.audit import AuditHeadReported, Entry

CHAIN = "memory-1"
WRITER = Writer("memory", "memory", b"k" * 32)


class MemoryTrail:
    """The port `Trail` over records that a test may change."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def add(self, entry: Entry) -> None:
        previous = self.records[-1]["hash"] if self.records else GENESIS
        record = record_of(WRITER, CHAIN, entry, utc_now())
        self.records.append(seal(WRITER.key, record, len(self.records) + 1, previous))

    def page(self, company_id: str, selection: Selection) -> tuple[Sequence[Record], int]:
        wanted = {"action": selection.action, "actor": selection.actor, "subject": selection.subject}
        found = [
            record
            for record in reversed(self.records)
            if record["company"] == company_id
            and all(not text or record[name] == text for name, text in wanted.items())
        ]
        return found[selection.offset : selection.offset + selection.limit], len(found)

    def check(self, _chain: str, _sequence: int) -> Checked:
        return Checked(Walk(WRITER).over(self.records), {}, None)

    def hashes(self, _chain: str, sequences: Sequence[int]) -> Mapping[int, str]:
        return {record["sequence"]: record["hash"] for record in self.records if record["sequence"] in sequences}


class MemoryJournal:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.trail = MemoryTrail()

    def note(self, entry: Entry) -> None:
        self.write(entry)

    def write(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.trail.add(entry)


class MemoryAnchors:
    """The port `Anchors`, in which heads are only put."""

    def __init__(self) -> None:
        self.heads: list[AuditHeadReported] = []

    def add(self, head: AuditHeadReported) -> None:
        self.heads.append(head)

    def page(self, _service: str, _after: int) -> AnchorPage:
        return AnchorPage((), (), GENESIS, None)
