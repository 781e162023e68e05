"""Where a journal keeps its chain: the fake and MongoDB add alike, keep what is there, and tally the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db

from shared import database
from shared.audit.chain import CLOSED, GENESIS, LOST, Record, record_of, seal
from shared.audit.heads import Heads
from shared.audit.journal import Store, Tally
from shared.audit.store import MongoTrail
from shared.clock import utc_now
from shared.contracts.audit import Entry
from tests.support.chains import WRITER, MemoryChains, entry

DATABASE = ALIAS = "audit_store_contract"
CHAIN = "files-1"


@pytest.fixture(params=["memory", "mongodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryChains()
        return
    servers: Any = request.getfixturevalue("servers")
    database.connect(servers.mongodb_url(DATABASE), ALIAS)
    trail = MongoTrail(get_db(ALIAS)["audit"], WRITER, Heads(get_db(ALIAS)["audit_heads"]))
    trail.prepare()
    yield trail
    get_db(ALIAS).client.drop_database(DATABASE)
    mongoengine.disconnect(ALIAS)


def sealed(*entries: Entry) -> list[Record]:
    records: list[Record] = []
    for sequence, each in enumerate(entries, 1):
        previous = records[-1]["hash"] if records else GENESIS
        records.append(seal(WRITER.key, record_of(WRITER, CHAIN, each, utc_now()), sequence, previous))
    return records


def test_a_chain_that_nobody_wrote_is_empty(store: Store) -> None:
    assert store.tally(CHAIN) == Tally()


def test_entries_are_tallied_apart_from_those_about_the_chain(store: Store) -> None:
    lost = Entry(LOST, "files", "", CHAIN, detail={"entries": "4"})
    records = sealed(entry(1), lost, entry(2), lost)
    store.append(records)
    assert store.tally(CHAIN) == Tally(2, 8, 4, records[-1]["hash"], closed=False)
    assert store.tally("files-2") == Tally()


def test_a_closed_chain_is_known_as_one(store: Store) -> None:
    records = sealed(entry(1), Entry(CLOSED, "files", "", CHAIN, detail={"entries": "0"}))
    store.append(records)
    assert store.tally(CHAIN) == Tally(1, 0, 2, records[-1]["hash"], closed=True)


def test_what_is_there_from_an_earlier_try_stays(store: Store) -> None:
    records = sealed(*map(entry, range(6)))
    store.append(records[:4])
    store.append(records)
    assert store.tally(CHAIN) == Tally(6, 0, 6, records[-1]["hash"], closed=False)
