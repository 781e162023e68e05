"""Chains of audit entries without a database, and processes that write them, are killed, and are followed by others."""

from __future__ import annotations

from pathlib import Path

from shared.audit.chain import CLOSED, LOST, OWN_PREFIX, Record, Writer
from shared.audit.journal import Tally
from shared.audit.spool import Count, Spool
from shared.contracts.audit import AuditHeadReported, Entry
from shared.errors import Unavailable

WRITER = Writer("files", "files", b"0123456789abcdef" * 2)


class MemoryChains:
    """The port `Store` in a list; `away` plays a database that does not answer, `mute` one whose answer is lost."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.away = self.mute = False

    def append(self, records: list[Record]) -> None:
        if self.away:
            raise Unavailable("away")
        for record in records:
            self.records.setdefault(record["_id"], record)
        if self.mute:
            raise Unavailable("the answer got lost")

    def tally(self, chain: str) -> Tally:
        if self.away:
            raise Unavailable("away")
        kept = [record for record in self.records.values() if record["chain"] == chain]
        if not kept:
            return Tally()
        own = [record for record in kept if record["action"].startswith(OWN_PREFIX)]
        lost = sum(int(record["detail"]["entries"]) for record in own if record["action"] == LOST)
        closed = any(record["action"] == CLOSED for record in own)
        return Tally(len(kept) - len(own), lost, kept[-1]["sequence"], kept[-1]["hash"], closed)

    def of(self, chain: str) -> list[Record]:
        return [record for record in self.records.values() if record["chain"] == chain]


class Auth:
    """What takes heads; while `away` it raises."""

    def __init__(self) -> None:
        self.away, self.tried = True, 0
        self.heads: list[AuditHeadReported] = []

    def __call__(self, head: AuditHeadReported) -> None:
        self.tried += 1
        if self.away:
            raise Unavailable("auth is away")
        self.heads.append(head)


def entry(number: int) -> Entry:
    return Entry("file.uploaded", "client-a", "a" * 24, f"file-{number}")


def subjects(records: list[Record]) -> list[str]:
    return [record["subject"] for record in records if not record["action"].startswith(OWN_PREFIX)]


def leave(tmp_path: Path, chain: str, total: int) -> None:
    """The count of a chain whose process was killed: its lock is gone with it."""
    count = Count()
    Spool(tmp_path, WRITER).begin(count, chain)
    for _ in range(total):
        count.add()
    [path] = tmp_path.rglob(f"{chain}.count")
    copy = path.with_suffix(".copy")
    copy.write_bytes(path.read_bytes())
    count.forget()
    copy.rename(path)
