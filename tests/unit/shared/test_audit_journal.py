"""The journal of a process: written in order, counted what cannot be, and what a kill lost settled by the next one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.audit import journal as module
from shared.audit.chain import CLOSED, ENDED, GENESIS, LOST, OWN, Record, Walk, Writer
from shared.audit.journal import ChainJournal, Tally
from shared.audit.spool import Count, Spool
from shared.contracts.audit import AuditHeadReported, Entry
from shared.errors import Unavailable
from tests.support import eventually

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
        own = [record for record in kept if record["action"] in OWN]
        lost = sum(int(record["detail"]["entries"]) for record in own if record["action"] == LOST)
        closed = any(record["action"] == CLOSED for record in own)
        return Tally(len(kept) - len(own), lost, kept[-1]["sequence"], kept[-1]["hash"], closed)

    def of(self, chain: str) -> list[Record]:
        return [record for record in self.records.values() if record["chain"] == chain]


@pytest.fixture
def chains() -> MemoryChains:
    return MemoryChains()


@pytest.fixture
def heads() -> list[AuditHeadReported]:
    return []


@pytest.fixture
def open_journal(
    chains: MemoryChains, heads: list[AuditHeadReported], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], ChainJournal]]:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    made: list[ChainJournal] = []

    def make() -> ChainJournal:
        made.append(ChainJournal(chains, WRITER, Spool(tmp_path, WRITER), heads.append))
        made[-1].start()
        return made[-1]

    yield make
    chains.away = chains.mute = False
    for journal in made:
        journal.close()


Open = Callable[[], ChainJournal]


def entry(number: int) -> Entry:
    return Entry("file.uploaded", "client-a", "a" * 24, f"file-{number}")


def subjects(records: list[Record]) -> list[str]:
    return [record["subject"] for record in records if record["action"] not in OWN]


def test_what_is_noted_is_there_soon_and_in_order(chains: MemoryChains, open_journal: Open) -> None:
    journal = open_journal()
    for number in range(1200):
        journal.note(entry(number))
    records = eventually(lambda: len(found := chains.of(journal.chain)) == 1200 and found)
    assert subjects(records) == [f"file-{number}" for number in range(1200)]
    assert Walk(WRITER).over(records)[0].faults == []


def test_what_is_written_is_there_when_it_returns(chains: MemoryChains, open_journal: Open) -> None:
    journal = open_journal()
    journal.note(entry(1))
    journal.write(entry(2))
    assert subjects(chains.of(journal.chain)) == ["file-1", "file-2"]


def test_many_threads_make_one_chain(chains: MemoryChains, open_journal: Open) -> None:
    journal = open_journal()

    def write_some() -> None:
        for number in range(20):
            journal.write(entry(number))

    threads = [threading.Thread(target=write_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Walk(WRITER).over(chains.of(journal.chain))[0].entries == 160
    assert Walk(WRITER).over(chains.of(journal.chain))[0].faults == []


def test_a_write_that_takes_too_long_is_unavailable_and_yet_kept(
    chains: MemoryChains, open_journal: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WRITE_SECONDS", 0.2)
    journal = open_journal()
    chains.away = True
    began = time.monotonic()
    with pytest.raises(Unavailable):
        journal.write(entry(1))
    assert time.monotonic() - began < 2
    chains.away = False
    eventually(lambda: subjects(chains.of(journal.chain)) == ["file-1"])


def test_an_answer_that_was_lost_makes_no_second_entry(chains: MemoryChains, open_journal: Open) -> None:
    journal = open_journal()
    chains.mute = True
    journal.note(entry(1))
    eventually(lambda: len(chains.records) == 1)
    chains.mute = False
    journal.write(entry(2))
    assert subjects(chains.of(journal.chain)) == ["file-1", "file-2"]


def test_what_does_not_fit_is_dropped_counted_and_told(
    chains: MemoryChains, open_journal: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CAPACITY", 10)
    chains.away = True
    journal = open_journal()
    for number in range(25):
        journal.note(entry(number))
    with pytest.raises(Unavailable):
        journal.write(entry(26))
    chains.away = False
    eventually(lambda: any(record["action"] == LOST for record in chains.of(journal.chain)))
    journal.write(entry(99))
    [part] = Walk(WRITER).over(chains.of(journal.chain))
    assert part.faults == []
    accepted = len(subjects(chains.of(journal.chain))) - 1
    assert accepted + part.lost == 26
    assert part.lost >= 6


def test_a_note_never_waits_for_a_database_that_is_away(chains: MemoryChains, open_journal: Open) -> None:
    chains.away = True
    journal = open_journal()
    began = time.perf_counter()
    for number in range(1000):
        journal.note(entry(number))
    assert time.perf_counter() - began < 1


def test_closing_writes_what_waits_and_closes_the_chain(
    chains: MemoryChains, heads: list[AuditHeadReported], open_journal: Open, tmp_path: Path
) -> None:
    journal = open_journal()
    journal.note(entry(1))
    journal.close()
    records = chains.of(journal.chain)
    assert [record["action"] for record in records] == ["file.uploaded", CLOSED]
    assert heads[-1] == AuditHeadReported("files", journal.chain, 2, records[-1]["hash"], 0, True)
    assert list(tmp_path.rglob("*.count")) == []


def test_a_process_that_has_nothing_to_say_leaves_no_chain(
    chains: MemoryChains, heads: list[AuditHeadReported], open_journal: Open, tmp_path: Path
) -> None:
    open_journal().close()
    assert (chains.records, heads, list(tmp_path.rglob("*.count"))) == ({}, [], [])


def test_the_head_is_told_at_once_and_then_once_a_minute(
    chains: MemoryChains, heads: list[AuditHeadReported], open_journal: Open
) -> None:
    journal = open_journal()
    for number in range(5):
        journal.write(entry(number))
    eventually(lambda: heads)
    assert [(head.chain, head.sequence, head.closed) for head in heads] == [(journal.chain, 1, False)]


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


def test_the_next_process_tells_what_a_killed_one_lost(
    chains: MemoryChains, heads: list[AuditHeadReported], open_journal: Open, tmp_path: Path
) -> None:
    first = open_journal()
    first.write(entry(1))
    kept = chains.of(first.chain)
    dead = "files-dead"
    for record in kept:
        chains.records[f"{dead}/1"] = {**record, "chain": dead}
    leave(tmp_path, dead, 12)
    second = open_journal()
    eventually(lambda: chains.of(second.chain))
    [part] = Walk(WRITER).over(chains.of(second.chain))
    assert part.ended == {dead: 11}
    assert [record["action"] for record in chains.of(second.chain)] == [ENDED]
    eventually(lambda: not list(tmp_path.rglob(f"{dead}.count")))
    assert AuditHeadReported("files", dead, 1, kept[0]["hash"], 11, False) in heads


def test_a_chain_of_which_nothing_was_kept_is_told_too(
    chains: MemoryChains, heads: list[AuditHeadReported], open_journal: Open, tmp_path: Path
) -> None:
    leave(tmp_path, "files-dead", 3)
    journal = open_journal()
    eventually(lambda: chains.of(journal.chain))
    assert Walk(WRITER).over(chains.of(journal.chain))[0].ended == {"files-dead": 3}
    assert all(head.hash != GENESIS for head in heads)


def test_a_dead_process_that_had_nothing_to_say_is_not_spoken_of(
    chains: MemoryChains, open_journal: Open, tmp_path: Path
) -> None:
    leave(tmp_path, "files-dead", 0)
    journal = open_journal()
    journal.write(entry(1))
    assert [record["action"] for record in chains.of(journal.chain)] == ["file.uploaded"]
    assert not list(tmp_path.rglob("files-dead.count"))


def test_the_counts_of_processes_that_live_are_left_alone(
    chains: MemoryChains, open_journal: Open, tmp_path: Path
) -> None:
    first, second = open_journal(), open_journal()
    first.note(entry(1))
    second.write(entry(2))
    assert Walk(WRITER).over(chains.of(second.chain))[0].ended == {}
    assert len(list(tmp_path.rglob("*.count"))) == 2


def test_a_dead_chain_is_settled_by_one_process_alone(tmp_path: Path) -> None:
    leave(tmp_path, "files-dead", 3)
    spool = Spool(tmp_path, WRITER)
    mine = list(spool.dead())
    assert [(dead.chain, dead.total) for dead in mine] == [("files-dead", 3)]
    assert list(spool.dead()) == []
    mine[0].forget()
    assert list(spool.dead()) == []


def test_a_folder_that_cannot_be_used_stops_no_journal(chains: MemoryChains, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    journal = ChainJournal(chains, WRITER, Spool(tmp_path / "file", WRITER), lambda _: None)
    journal.start()
    journal.write(entry(1))
    journal.close()
    assert [record["action"] for record in chains.of(journal.chain)] == ["file.uploaded", CLOSED]
