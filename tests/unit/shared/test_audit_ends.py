"""How chains end: what a kill lost is told by the next process, and every head reaches auth sooner or later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.audit import journal as module
from shared.audit.chain import CLOSED, ENDED, GENESIS, Walk
from shared.audit.journal import ChainJournal, Tally
from shared.audit.spool import Spool
from shared.contracts.audit import AuditHeadReported
from tests.support import eventually
from tests.support.chains import WRITER, Auth, MemoryChains, entry, leave

Open = Callable[[], ChainJournal]


def test_heads_that_cannot_be_told_hold_up_no_entry_and_are_told_later(
    chains: MemoryChains, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REPORT_RETRY_SECONDS", 0.05)
    leave(tmp_path, "files-dead", 3)
    auth = Auth()
    journal = ChainJournal(chains, WRITER, Spool(tmp_path, WRITER), auth)
    journal.start()
    for number in range(5):
        journal.write(entry(number))
    eventually(lambda: auth.tried >= 3)
    assert [record["action"] for record in chains.of(journal.chain)].count(ENDED) == 1
    auth.away = False
    eventually(lambda: auth.heads and auth.heads[-1].sequence == 6)
    journal.close()
    assert auth.heads[-1].closed


def test_a_last_head_that_could_not_be_told_is_told_by_the_next_process(chains: MemoryChains, tmp_path: Path) -> None:
    first = ChainJournal(chains, WRITER, Spool(tmp_path, WRITER), Auth())
    first.start()
    first.write(entry(1))
    first.close()
    [count] = tmp_path.rglob("*.count")
    left = count.read_bytes()
    first._count.forget()  # as the end of its process does with the lock
    count.write_bytes(left)
    auth = Auth()
    auth.away = False
    second = ChainJournal(chains, WRITER, Spool(tmp_path, WRITER), auth)
    second.start()
    eventually(lambda: auth.heads)
    assert [(head.chain, head.sequence, head.closed) for head in auth.heads] == [(first.chain, 2, True)]
    second.close()
    assert chains.of(second.chain) == []


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


def test_a_dead_chain_that_cannot_be_settled_holds_up_nothing(
    chains: MemoryChains, open_journal: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(_chain: str) -> Tally:
        raise KeyError("a record unlike what we know")

    leave(tmp_path, "files-dead", 12)
    with monkeypatch.context() as patched:
        patched.setattr(chains, "tally", spoilt)
        journal = open_journal()
        for number in range(3):
            journal.write(entry(number))
    eventually(lambda: any(record["action"] == ENDED for record in chains.of(journal.chain)))
    assert Walk(WRITER).over(chains.of(journal.chain))[0].faults == []


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
    assert eventually(lambda: not list(tmp_path.rglob("files-dead.count")))


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
