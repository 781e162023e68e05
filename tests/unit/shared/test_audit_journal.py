"""The journal of a process: what it is handed is written in order, and counted when it cannot be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.audit import journal as module
from shared.audit.chain import CLOSED, LOST, Walk
from shared.audit.journal import ChainJournal
from shared.contracts.audit import AuditHeadReported
from shared.errors import Unavailable
from tests.support import eventually
from tests.support.chains import WRITER, MemoryChains, entry, subjects

Open = Callable[[], ChainJournal]


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
