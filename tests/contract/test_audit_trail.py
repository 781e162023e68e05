"""The trail of a service's chains: its fake and MongoDB's show and prove the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db

from shared import database
from shared.audit.chain import GENESIS, record_of, seal
from shared.audit.heads import Heads
from shared.audit.store import MongoTrail
from shared.audit.trail import Selection, Trail
from shared.clock import utc_now
from shared.contracts.audit import AuditHeadReported, Entry
from tests.support.fakes.audit import CHAIN, WRITER, MemoryTrail

DATABASE = ALIAS = "audit_contract"
COMPANY, OTHER = "a" * 24, "b" * 24
ENTRIES = [
    Entry("file.uploaded", "client-a", COMPANY, "file-1"),
    Entry("file.downloaded", "client-b", COMPANY, "file-1"),
    Entry("file.uploaded", "client-c", OTHER, "file-2"),
    Entry("file.uploaded", "client-a", COMPANY, "file-3", detail={"n": "1"}),
]
ALL = Selection("", "", "", 50, 0)


def in_memory() -> Trail:
    trail = MemoryTrail()
    for entry in ENTRIES:
        trail.add(entry)
    return trail


def in_mongodb() -> Trail:
    trail = MongoTrail(get_db(ALIAS)["audit"], WRITER, Heads(get_db(ALIAS)["audit_heads"]))
    trail.prepare()
    previous, records = GENESIS, []
    for sequence, entry in enumerate(ENTRIES, 1):
        records.append(seal(WRITER.key, record_of(WRITER, CHAIN, entry, utc_now()), sequence, previous))
        previous = records[-1]["hash"]
    trail.append(records)
    trail.append(records[2:])  # safe to repeat
    return trail


@pytest.fixture(params=[in_memory, in_mongodb], ids=["memory", "mongodb"])
def trail(request: pytest.FixtureRequest) -> Iterator[Trail]:
    fill: Callable[[], Trail] = request.param
    if fill is in_memory:
        yield fill()
        return
    servers: Any = request.getfixturevalue("servers")
    database.connect(servers.mongodb_url(DATABASE), ALIAS)
    yield fill()
    get_db(ALIAS).client.drop_database(DATABASE)
    mongoengine.disconnect(ALIAS)


def actors(trail: Trail, selection: Selection, company: str = COMPANY) -> tuple[list[str], int]:
    records, total = trail.page(company, selection)
    return [record["actor"] for record in records], total


def test_a_company_gets_its_own_entries_newest_first(trail: Trail) -> None:
    assert actors(trail, ALL) == (["client-a", "client-b", "client-a"], 3)
    assert actors(trail, ALL, OTHER) == (["client-c"], 1)
    assert actors(trail, ALL, "c" * 24) == ([], 0)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"action": "file.downloaded"}, (["client-b"], 1)),
        ({"actor": "client-a"}, (["client-a", "client-a"], 2)),
        ({"subject": "file-1"}, (["client-b", "client-a"], 2)),
        ({"subject": "file-2"}, ([], 0)),
        ({"limit": 1, "offset": 1}, (["client-b"], 3)),
        ({"limit": 0}, ([], 3)),
        ({"offset": 9}, ([], 3)),
    ],
)
def test_a_selection_is_held_to(trail: Trail, changes: dict[str, Any], found: tuple[list[str], int]) -> None:
    assert actors(trail, dataclasses.replace(ALL, **changes)) == found


def test_chains_are_checked_from_their_begin_to_their_end(trail: Trail) -> None:
    checked = trail.check("", 0)
    assert [(part.chain, part.entries, part.faults) for part in checked.parts] == [(CHAIN, 4, [])]
    assert (checked.reported, checked.next) == ({}, None)


def test_hashes_are_given_for_entries_that_exist(trail: Trail) -> None:
    head = trail.check("", 0).parts[0].head
    assert trail.hashes(CHAIN, [4, 9]) == {4: head}


def test_a_head_is_known_as_reported_once_its_message_has_left(request: pytest.FixtureRequest) -> None:
    servers: Any = request.getfixturevalue("servers")
    database.connect(servers.mongodb_url(DATABASE), ALIAS)
    heads = Heads(get_db(ALIAS)["audit_heads"])
    heads.prepare()
    for sequence in (1, 5):
        heads.report(AuditHeadReported("files", CHAIN, sequence, "e" * 64, 0, False))
    assert heads.reported([CHAIN]) == {}
    messages = heads.outbox.lease()
    assert [(message.sender, message.body.sequence) for message in messages] == [("files", 1), ("files", 5)]
    for message in messages:
        heads.outbox.sent(message)
    assert heads.reported([CHAIN, "another"])[CHAIN].sequence == 5
    get_db(ALIAS).client.drop_database(DATABASE)
    mongoengine.disconnect(ALIAS)


def test_a_companys_page_is_read_by_an_index_and_never_sorted(request: pytest.FixtureRequest) -> None:
    servers: Any = request.getfixturevalue("servers")
    database.connect(servers.mongodb_url(DATABASE), ALIAS)
    in_mongodb()
    for query in ({"company": COMPANY}, {"company": COMPANY, "subject": "file-1"}):
        found = get_db(ALIAS)["audit"].find(query).sort([("time", -1), ("sequence", -1)])
        plan = str(found.explain()["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in plan
        assert "SORT" not in plan
    get_db(ALIAS).client.drop_database(DATABASE)
    mongoengine.disconnect(ALIAS)
