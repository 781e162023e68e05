"""The anchors: heads of all services' chains, kept by auth in a chain of their own, so that a chain which was cut off,
rewritten or removed as a whole is missed.
"""

from __future__ import annotations

from typing import Self

from mongoengine.connection import get_db
from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.audit.chain import GENESIS, Place, Record, Walk, Writer, seal
from shared.audit.log import writer_of
from shared.audit.trail import AnchorPage
from shared.clock import utc_now
from shared.contracts.audit import AuditHeadReported
from shared.database import timely, unavailable
from shared.settings import AuditSettings

CHAIN = "anchors"
WALKED = 2_000
"""So many anchors are checked and shown per call."""
_TRIES = 20


class MongoAnchors:
    """The port `Anchors` over a collection to which several processes add."""

    def __init__(self, collection: Collection[Record], writer: Writer) -> None:
        self._collection, self._writer = collection, writer

    @classmethod
    def of(cls, service: str, settings: AuditSettings) -> Self:
        """Those in the database of this alias."""
        return cls(get_db(service)["audit_anchors"], writer_of(service, CHAIN, settings))

    def prepare(self) -> None:
        """Make the indexes."""
        self._collection.create_index([("sequence", ASCENDING)], unique=True, name="place")
        self._collection.create_index([("of", ASCENDING), ("at", ASCENDING)], name="chain")

    @timely()
    def add(self, head: AuditHeadReported) -> None:
        anchor = {
            "chain": CHAIN,
            "key": self._writer.key_id,
            "time": utc_now(),
            "service": head.service,
            "of": head.chain,
            "at": head.sequence,
            "head": head.hash,
            "lost": head.lost,
            "closed": head.closed,
        }
        same = {name: anchor[name] for name in ("service", "of", "at", "head", "lost", "closed")}
        for _ in range(_TRIES):
            if self._collection.find_one(same):
                return
            last = self._collection.find_one(sort=[("sequence", DESCENDING)]) or {"sequence": 0, "hash": GENESIS}
            try:
                self._collection.insert_one(seal(self._writer.key, anchor, last["sequence"] + 1, last["hash"]))
            except DuplicateKeyError:  # another process was faster
                continue
            return
        raise unavailable()

    @timely(20)
    def page(self, service: str, after: int) -> AnchorPage:
        begin = self._collection.find_one({"sequence": after}) if after else None
        place = Place(CHAIN, after, str(begin.get("hash")) if begin else GENESIS)
        ordered = self._collection.find({"sequence": {"$gt": after}}).sort("sequence", ASCENDING)
        found = list(ordered.limit(WALKED + 1))
        parts = Walk(self._writer, place).over(found[:WALKED])
        more = len(found) > WALKED
        return AnchorPage(
            data=[record for record in found[:WALKED] if service in ("", record.get("service"))],
            faults=parts[0].faults if parts else (),
            head=parts[0].head if parts else place.hash,
            next=parts[0].last_sequence if more else None,
        )
