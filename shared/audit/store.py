"""Chains in MongoDB: one collection of a service's database, to which is only ever added."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from shared.audit.chain import CLOSED, LOST, OWN_PREFIX, Place, Record, Walk, Writer, number_of
from shared.audit.heads import Heads
from shared.audit.journal import Tally
from shared.audit.trail import Checked, Selection
from shared.database import timely

WALKED = 10_000
"""So many entries are checked per call: a second's work."""
COUNTED = 10_000
"""Entries of a company are counted, and leafed through, this far."""
_DUPLICATE = 11000
# Entries about chains, as a range, which a partial index understands.
_OWN = {"$gte": OWN_PREFIX, "$lt": OWN_PREFIX + "\x7f"}
# Within a millisecond, a chain's own order counts.
_NEWEST_FIRST = [("time", DESCENDING), ("sequence", DESCENDING)]


class MongoTrail:
    """The `Trail` and the journal's `Store` over a collection."""

    def __init__(self, collection: Collection[Record], writer: Writer, heads: Heads) -> None:
        self._collection, self._writer, self._heads = collection, writer, heads

    def prepare(self) -> None:
        """Make the indexes."""
        self._collection.create_index([("chain", ASCENDING), ("sequence", ASCENDING)], unique=True, name="place")
        self._collection.create_index([("company", ASCENDING), *_NEWEST_FIRST], name="company_time")
        # Few entries of the many have a subject: tokens have none.
        with_subject = {"subject": {"$gt": ""}}
        self._collection.create_index(
            [("company", ASCENDING), ("subject", ASCENDING), *_NEWEST_FIRST],
            name="company_subject",
            partialFilterExpression=with_subject,
        )

        self._collection.create_index(
            [("chain", ASCENDING), ("action", ASCENDING)], name="about_chains", partialFilterExpression={"action": _OWN}
        )

    @timely()
    def append(self, records: list[Record]) -> None:
        try:
            self._collection.insert_many(records, ordered=False)
        except BulkWriteError as fault:
            details: Mapping[str, Any] = fault.details
            # Those of an earlier try whose answer did not arrive.
            if details["writeConcernErrors"] or any(error["code"] != _DUPLICATE for error in details["writeErrors"]):
                raise

    @timely()
    def tally(self, chain: str) -> Tally:
        last = self._collection.find_one({"chain": chain}, sort=[("sequence", DESCENDING)])
        if last is None:
            return Tally()
        own = list(self._collection.find({"chain": chain, "action": _OWN}))
        lost = sum(number_of(record) for record in own if record["action"] == LOST)
        closed = any(record["action"] == CLOSED for record in own)
        # Where some were deleted, this counts them too: they were not lost, and verification will miss them.
        return Tally(last["sequence"] - len(own), lost, last["sequence"], str(last.get("hash")), closed)

    @timely()
    def page(self, company_id: str, selection: Selection) -> tuple[Sequence[Record], int]:
        wanted = {"action": selection.action, "actor": selection.actor, "subject": selection.subject}
        query = {"company": company_id} | {name: text for name, text in wanted.items() if text}
        total = self._collection.count_documents(query, limit=COUNTED)
        if selection.limit == 0:  # to MongoDB that would mean: no limit
            return [], total
        ordered = self._collection.find(query).sort(_NEWEST_FIRST)
        return list(ordered.skip(selection.offset).limit(selection.limit)), total

    @timely(20)
    def check(self, chain: str, sequence: int) -> Checked:
        begin = self._collection.find_one({"chain": chain, "sequence": sequence}) if sequence else None
        place = Place(chain, sequence, str(begin.get("hash"))) if begin else Place(chain, sequence)
        found = list(itertools.islice(self._from(place), WALKED + 1))
        parts = Walk(self._writer, place).over(found[:WALKED])
        more = len(found) > WALKED
        reported = self._heads.reported([part.chain for part in parts])
        return Checked(parts, reported, Place(parts[-1].chain, parts[-1].last_sequence) if more else None)

    @timely()
    def hashes(self, chain: str, sequences: Sequence[int]) -> Mapping[int, str]:
        found = self._collection.find({"chain": chain, "sequence": {"$in": list(sequences)}})
        return {record["sequence"]: str(record.get("hash")) for record in found}

    def _from(self, place: Place) -> Iterable[Record]:
        order = [("chain", ASCENDING), ("sequence", ASCENDING)]
        rest = self._collection.find({"chain": place.chain, "sequence": {"$gt": place.sequence}})
        others = self._collection.find({"chain": {"$gt": place.chain}})
        return itertools.chain(rest.sort(order), others.sort(order))
