"""The audit log on a real MongoDB: tampering with chains and anchors is found, and what a kill lost is told."""

from __future__ import annotations

import dataclasses
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mongoengine
import pytest
from mongoengine.connection import get_db

from shared import database
from shared.audit import anchors, journal, store
from shared.audit.chain import CLOSED
from shared.audit.log import AuditLog
from shared.contracts.audit import AuditHeadReported
from shared.errors import Unavailable
from tests.support import eventually
from tests.support.audit import ENTRY, Office
from tests.support.servers import Servers
from tests.support.tokens import OTHER_COMPANY, authorization
from tests.support.wire import Wire

ALIASES = ("auth", "files")


@pytest.fixture
def office(servers: Servers, tmp_path: Path) -> Iterator[Office]:
    """Databases of its own for each test."""
    for alias in ALIASES:
        database.connect(servers.mongodb_url(f"audit_{alias}"), alias)
        get_db(alias).client.drop_database(f"audit_{alias}")
    yield Office(tmp_path)
    for alias in ALIASES:
        get_db(alias).client.drop_database(f"audit_{alias}")
        mongoengine.disconnect(alias)


def run(log: AuditLog, entries: int, *, close: bool = True) -> str:
    """A process that writes so many entries; the name of its chain."""
    log.journal.start()
    for number in range(entries - 1):
        log.journal.note(dataclasses.replace(ENTRY, subject=f"file-{number}"))
    log.journal.write(dataclasses.replace(ENTRY, subject="the last"))
    if close:
        log.journal.close()
    return log.journal.chain


def test_what_was_written_in_order_is_sound(office: Office) -> None:
    first, second = run(office.files, 700), run(office.open("files", "files-worker"), 3)
    run(office.auth, 2)
    report = office.verify()
    assert report.faults == []
    assert {(c.service, c.entries, c.state, c.lost) for c in report.chains} == {
        ("files", 701, "closed", 0),
        ("files", 4, "closed", 0),
        ("auth", 3, "closed", 0),
    }
    assert {chain.chain for chain in report.chains if chain.service == "files"} == {first, second}
    assert report.anchors >= 3


def test_a_chain_of_a_process_that_runs_is_open_and_sound(office: Office) -> None:
    run(office.files, 5, close=False)
    report = office.verify()
    assert [chain.state for chain in report.chains] == ["open"]
    assert report.sound
    office.files.journal.close()


def test_an_edited_entry_is_found(office: Office) -> None:
    chain = run(office.files, 9)
    office.entries.update_one({"chain": chain, "sequence": 4}, {"$set": {"actor": "somebody-else"}})
    assert office.found() == [("edited", chain, 4)]


def test_a_deleted_entry_is_found(office: Office) -> None:
    chain = run(office.files, 9)
    office.entries.delete_one({"chain": chain, "sequence": 4})
    assert office.found() == [("missing", chain, 5)]


def test_reordered_entries_are_found(office: Office) -> None:
    chain = run(office.files, 9)
    for now, then in ((3, 1003), (6, 3), (1003, 6)):
        office.entries.update_one({"chain": chain, "sequence": now}, {"$set": {"sequence": then}})
    kinds = {(kind, sequence) for kind, _, sequence in office.found()}
    assert {("reordered", 3), ("reordered", 6)} <= kinds


def test_a_chain_that_was_cut_off_is_found(office: Office) -> None:
    chain = run(office.files, 9)
    office.entries.delete_many({"chain": chain, "sequence": {"$gt": 6}})
    assert office.found() == [("truncated", chain, 6)]


def test_a_chain_that_was_removed_as_a_whole_is_found(office: Office) -> None:
    chain = run(office.files, 9)
    office.entries.delete_many({"chain": chain})
    assert office.found() == [("removed", chain, 10)]


def test_a_chain_that_was_written_anew_by_someone_with_the_key_is_found(office: Office) -> None:
    chain = run(office.files, 9)
    office.entries.delete_many({"chain": chain})
    forger = office.open("files")
    forger.journal.chain = chain
    forger.journal._report = lambda _head: None
    run(forger, 9)
    assert ("rewritten", chain, 10) in office.found()


def test_an_anchor_that_was_edited_or_removed_is_found(office: Office) -> None:
    run(office.files, 3)
    chain = run(office.open("files"), 3)
    kept = get_db("auth")["audit_anchors"]
    assert kept.count_documents({}) >= 4
    kept.update_one({"sequence": 2}, {"$set": {"lost": 9}})
    assert [kind for kind, *_ in office.found()] == ["edited"]
    kept.delete_one({"sequence": 2})
    assert [kind for kind, *_ in office.found()] == ["missing"]
    last = kept.find_one(sort=[("sequence", -1)])
    assert last is not None
    assert last["of"] == chain
    kept.delete_one({"_id": last["_id"]})
    get_db("files")["audit_heads"].update_one({"_id": chain}, [{"$set": {"time": {"$subtract": ["$time", 600_000]}}}])
    assert "anchor-missing" in [kind for kind, *_ in office.found()]


def test_long_chains_are_checked_in_parts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WALKED", 4)
    monkeypatch.setattr(anchors, "WALKED", 1)
    first = run(office.files, 10)
    second = run(office.open("files"), 10)
    office.entries.update_one({"chain": second, "sequence": 9}, {"$set": {"actor": "somebody-else"}})
    report = office.verify()
    assert [(chain.chain, chain.entries) for chain in report.chains] == [(first, 11), (second, 11)]
    assert [(fault.kind, fault.chain, fault.sequence) for fault in report.faults] == [("edited", second, 9)]


KILLED = """
import os, signal, sys
from pathlib import Path
from shared import database
from shared.audit.log import AuditLog
from shared.settings import AuditSettings
from tests.support.audit import ENTRY

database.connect(sys.argv[1], "files")
log = AuditLog("files", "files", AuditSettings((sys.argv[2],), Path(sys.argv[3])), lambda head: None)
log.journal.start()
log.journal.write(ENTRY)
for _ in range(int(sys.argv[4])):
    log.journal.note(ENTRY)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_kill_lost_is_counted_and_told(servers: Servers, office: Office) -> None:
    url, settings = servers.mongodb_url("audit_files"), office.settings
    command = [sys.executable, "-c", KILLED, url, settings.keys[0], str(settings.spool), "3000"]
    killed = subprocess.run(command, cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    run(office.files, 1)
    report = office.verify()
    [dead] = [chain for chain in report.chains if chain.state == "killed"]
    assert dead.entries + dead.lost == 3001
    assert dead.lost > 0
    assert report.sound


def test_a_kill_that_left_no_count_leaves_an_open_chain(servers: Servers, office: Office) -> None:
    url, settings = servers.mongodb_url("audit_files"), office.settings
    command = [sys.executable, "-c", KILLED, url, settings.keys[0], str(settings.spool), "0"]
    subprocess.run(command, cwd=Path(__file__).parents[2], timeout=60, check=False)
    for count in settings.spool.rglob("*.count"):
        count.unlink()
    run(office.files, 1)
    assert sorted(chain.state for chain in office.verify().chains) == ["closed", "open"]


def test_while_the_database_is_away_notes_wait_and_writes_are_refused_in_time(
    servers: Servers, office: Office, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "WRITE_SECONDS", 1.5)
    # A client that looks for the replica set would go round the wire.
    alone = servers.mongodb_url("audit_files").partition("?")[0] + "?directConnection=true"
    with Wire(alone) as wire:
        database.connect(wire.url, "files")
        log = office.open("files")
        log.journal.start()
        log.journal.write(ENTRY)
        wire.down = True
        wire.cut()
        began = time.monotonic()
        for _ in range(50):
            log.journal.note(ENTRY)
        with pytest.raises(Unavailable):
            log.journal.write(ENTRY)
        assert time.monotonic() - began < 4
        wire.down = False
        eventually(lambda: len(log.trail.hashes(log.journal.chain, range(1, 60))) == 52, seconds=20)
        log.journal.close()
        [part] = log.trail.check("", 0).parts
        assert (part.entries, part.lost, part.closed, part.faults) == (53, 0, True, [])
    database.connect(servers.mongodb_url("audit_files"), "files")


def test_a_company_sees_its_own_entries_newest_first(office: Office) -> None:
    office.files.journal.start()
    for number in range(5):
        office.files.journal.note(dataclasses.replace(ENTRY, subject=f"file-{number}"))
    office.files.journal.write(dataclasses.replace(ENTRY, company_id=OTHER_COMPANY, subject="theirs"))
    door = office.client("files")

    def ask(query: str = "", **claims: object) -> list[str]:
        answer = door.get(f"/v2/audit/files{query}", headers=authorization(**claims))  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return [entry["subject"] for entry in answer.get_json()["data"]]

    assert sorted(ask()) == [f"file-{number}" for number in range(5)]
    assert ask("?subject=file-3") == ["file-3"]
    assert ask("?action=token.issued") == []
    assert len(ask("?actor=client-a&limit=2&offset=4")) == 1
    assert ask(company_id=OTHER_COMPANY) == ["theirs"]
    assert office.entries.find_one({"action": CLOSED}) is None
    office.files.journal.close()
    assert len(ask()) == 5


@pytest.mark.parametrize(
    ("path", "claims", "status"),
    [
        ("/v2/audit/files", {"scopes": ["files.read"]}, 403),
        ("/v2/audit/files", {"projects": ["p1"]}, 403),
        ("/v2/audit/files?limit=51", {}, 400),
        ("/v2/audit/files?offset=10001", {}, 400),
        ("/v2/audit/files/verification", {"scopes": ["audit.read"]}, 403),
        ("/v2/audit/files/verification?after=-1", {}, 400),
        ("/v2/audit/files/hashes", {}, 400),
        ("/v2/audit/files/hashes?chain=x&at=1", {"scopes": ["audit.read"]}, 403),
        ("/v2/audit/anchors", {"scopes": ["audit.read"]}, 403),
        ("/v2/audit/anchors?service=files", {}, 200),
    ],
)
def test_who_may_see_what(office: Office, path: str, claims: dict[str, object], status: int) -> None:
    door = office.client("auth" if "anchors" in path else "files")
    assert door.get(path, headers=authorization(**claims)).status_code == status  # type: ignore[arg-type]


def test_the_gateways_heads_are_anchored_once(office: Office) -> None:
    door = office.client("auth")
    head = {"service": "gateway", "chain": "gateway-1", "sequence": 7, "hash": "e" * 64, "lost": 0, "closed": False}
    assert [door.post("/internal/audit/heads", json=head).status_code for _ in range(2)] == [204, 204]
    assert door.post("/internal/audit/heads", json={**head, "hash": "no"}).status_code == 400
    answer = door.get("/v2/audit/anchors", headers=authorization())
    assert [(anchor["chain"], anchor["at"]) for anchor in answer.get_json()["data"]] == [("gateway-1", 7)]


def test_processes_that_anchor_at_once_make_one_chain(office: Office) -> None:
    heads = [AuditHeadReported("files", f"files-{number}", 1, "e" * 64, 0, False) for number in range(24)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(office.anchors.add, heads))
    page = office.anchors.page("", 0)
    assert (len(page.data), page.faults) == (24, [])
