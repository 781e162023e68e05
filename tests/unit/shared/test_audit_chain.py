"""Chains of audit entries: what was written in order passes, and each kind of tampering is named where it was done."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from shared.audit.chain import (
    CLOSED,
    ENDED,
    GENESIS,
    LOST,
    MAX_FAULTS,
    MAX_TEXT,
    Place,
    Record,
    Walk,
    Writer,
    digest,
    record_of,
    seal,
)
from shared.contracts.audit import Entry

WRITER = Writer("files", "files", b"0123456789abcdef" * 2)
START = datetime(2026, 3, 1, 8, 15, 30, 120_000, tzinfo=UTC)
ENTRY = Entry("file.uploaded", "client-a", "a" * 24, "file-1", "req-1", "192.0.2.7", after="f" * 64, detail={"n": "1"})


def chain_of(*entries: Entry, chain: str = "files-1", writer: Writer = WRITER) -> list[Record]:
    records: list[Record] = []
    previous = GENESIS
    for sequence, entry in enumerate(entries, 1):
        records.append(seal(writer.key, record_of(writer, chain, entry, START), sequence, previous))
        previous = records[-1]["hash"]
    return records


def eight() -> list[Record]:
    return chain_of(*(dataclasses.replace(ENTRY, subject=f"file-{number}") for number in range(1, 9)))


def faults(records: list[Record]) -> list[tuple[int, str]]:
    return [(fault.sequence, fault.kind) for part in Walk(WRITER).over(records) for fault in part.faults]


def test_a_chain_as_it_was_written_has_no_faults_and_is_counted() -> None:
    records = eight()
    [part] = Walk(WRITER).over(records)
    assert part.faults == []
    assert (part.chain, part.entries, part.first_sequence, part.last_sequence) == ("files-1", 8, 1, 8)
    assert (part.first_time, part.head, part.lost, part.closed) == (START, records[-1]["hash"], 0, False)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("action", "file.downloaded"),
        ("actor", "somebody-else"),
        ("company", "b" * 24),
        ("time", datetime(2026, 3, 1, 8, 15, 31, tzinfo=UTC)),
        ("detail", {"n": "2"}),
        ("added", "later"),
        ("hash", "0" * 64),
    ],
)
def test_an_entry_that_was_edited_is_named(member: str, value: object) -> None:
    records = eight()
    records[4][member] = value
    found = faults(records)
    assert (5, "edited") in found
    assert {sequence for sequence, _ in found} <= {5, 6}


def test_an_entry_that_lost_a_member_is_named() -> None:
    records = eight()
    del records[4]["address"]
    assert faults(records) == [(5, "edited")]


@pytest.mark.parametrize("gone", [range(1), range(3, 4), range(2, 6)])
def test_entries_that_were_deleted_are_missed_before_the_next_one(gone: range) -> None:
    records = [record for index, record in enumerate(eight()) if index not in gone]
    assert faults(records) == [(gone.stop + 1, "missing")]


def test_a_cut_off_end_is_no_fault_by_itself_but_moves_the_head() -> None:
    """It is the anchor that is ahead of the chain then."""
    records = eight()
    [part] = Walk(WRITER).over(records[:5])
    assert part.faults == []
    assert (part.last_sequence, part.head) == (5, records[4]["hash"])


def test_entries_that_changed_places_are_named_with_where_they_were() -> None:
    records = eight()
    for here, there in ((2, 5), (5, 2)):
        records[here] = {**eight()[there], "sequence": here + 1}
    [part] = Walk(WRITER).over(records)
    moved = [(fault.sequence, fault.text) for fault in part.faults if fault.kind == "reordered"]
    assert [sequence for sequence, _ in moved] == [3, 6]
    assert "as entry 6" in moved[0][1]


def test_an_entry_that_was_made_anew_with_the_key_does_not_fit_its_neighbours() -> None:
    records = eight()
    forged = {**records[3], "actor": "somebody-else"}
    records[3] = {**forged, "hash": digest(WRITER.key, forged)}
    assert faults(records) == [(5, "broken")]


def test_two_entries_in_one_place_are_found() -> None:
    records = eight()
    assert faults([*records[:4], {**records[3], "_id": "another"}, *records[4:]]) == [(4, "broken")]


def test_a_chain_under_another_key_is_not_taken_for_ours() -> None:
    other = dataclasses.replace(WRITER, key=b"f" * 32)
    records = chain_of(ENTRY, ENTRY, writer=other)
    assert faults(records) == [(1, "foreign-key"), (2, "foreign-key")]
    for record in records:
        record["key"] = WRITER.key_id
    assert faults(records) == [(1, "edited"), (2, "edited")]


def test_chains_under_a_key_from_before_are_verified_while_it_is_known() -> None:
    records = chain_of(ENTRY, ENTRY, ENTRY)
    renewed = Writer("files", "files", b"f" * 32, before=(WRITER.key,))
    assert Walk(renewed).over(records)[0].faults == []
    records[1]["actor"] = "x"
    assert [fault.kind for fault in Walk(renewed).over(records)[0].faults] == ["edited"]


def test_nothing_is_added_to_a_closed_chain_unnoticed() -> None:
    records = chain_of(ENTRY, Entry(CLOSED, "files", "", detail={"entries": "0"}), ENTRY)
    [part] = Walk(WRITER).over(records)
    assert part.closed
    assert faults(records) == [(3, "after-close")]


def test_losses_and_the_ends_of_other_chains_are_told() -> None:
    records = chain_of(
        Entry(ENDED, "files", "", "files-0", detail={"entries": "7"}),
        Entry(LOST, "files", "", "files-1", detail={"entries": "2"}),
        Entry(LOST, "files", "", "files-1", detail={"entries": "3"}),
    )
    [part] = Walk(WRITER).over(records)
    assert (part.lost, part.ended, part.faults) == (5, {"files-0": 7}, [])


def test_each_chain_begins_anew() -> None:
    first, second = chain_of(ENTRY, ENTRY, chain="a"), chain_of(ENTRY, chain="b")
    parts = Walk(WRITER).over([*first, *second])
    assert [(part.chain, part.entries, part.fault_count) for part in parts] == [("a", 2, 0), ("b", 1, 0)]
    assert faults([*first, {**second[0], "sequence": 2}]) == [(2, "missing"), (2, "edited")]


def test_a_walk_goes_on_where_the_last_one_ended() -> None:
    records = eight()
    parts = Walk(WRITER, Place("files-1", 5, records[4]["hash"])).over(records[5:])
    assert [(part.first_sequence, part.last_sequence, part.faults) for part in parts] == [(6, 8, [])]
    gap = Walk(WRITER, Place("files-1", 5, records[4]["hash"])).over(records[6:])
    assert [fault.kind for fault in gap[0].faults] == ["missing"]


def test_faults_are_counted_beyond_those_that_are_named() -> None:
    records = chain_of(*[ENTRY] * (MAX_FAULTS + 20))
    for record in records:
        record["actor"] = "x"
    [part] = Walk(WRITER).over(records)
    assert len(part.faults) == MAX_FAULTS
    assert part.fault_count == MAX_FAULTS + 20


def test_what_a_stranger_sent_is_cut_and_made_storable() -> None:
    record = record_of(WRITER, "c", dataclasses.replace(ENTRY, actor="\ud800" + "x" * 1000), START)
    assert len(record["actor"]) < 2 * MAX_TEXT
    record["actor"].encode()


def spoil_key(record: Record) -> None:
    record["key"] = ["no", "text"]


def spoil_detail(record: Record) -> None:
    record["detail"] = "no mapping"


def spoil_time(record: Record) -> None:
    record["time"] = "yesterday"


@pytest.mark.parametrize("spoil", [spoil_key, spoil_detail, spoil_time])
def test_a_record_of_a_strange_shape_is_a_fault_and_no_failure(spoil: Callable[[Record], None]) -> None:
    records = chain_of(Entry(LOST, "files", "", detail={"entries": "2"}), ENTRY)
    spoil(records[0])
    assert [sequence for sequence, _ in faults(records)] == [1]


@pytest.mark.parametrize("place", [None, "5", 5.0, True])
def test_an_entry_without_a_place_is_named_and_missed(place: object) -> None:
    records = eight()
    records[4]["sequence"] = place
    assert faults(records) == [(5, "edited"), (6, "missing")]


def test_an_entry_without_its_hash_is_named() -> None:
    records = eight()
    del records[4]["hash"]
    assert (5, "edited") in faults(records)
