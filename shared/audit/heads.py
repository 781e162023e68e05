"""The heads of a service's chains on their way to auth, which anchors them; and what a service itself knows of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from mongoengine.connection import get_db
from pymongo.collection import Collection

from shared.audit.chain import Record
from shared.audit.trail import Reported
from shared.clock import rfc3339, utc_now
from shared.contracts.audit import AuditHeadReported
from shared.contracts.envelope import Envelope
from shared.contracts.registry import kind_for
from shared.database import timely
from shared.database.outbox import MongoOutbox, outbox_update
from shared.ids import new_uuid

COLLECTION = "audit_heads"

Deliver = Callable[[AuditHeadReported], None]


def outbox_of_heads(service: str) -> MongoOutbox:
    """What `Heads` without `deliver` writes in the database of this alias, for a worker that relays it."""
    return MongoOutbox(get_db(service)[COLLECTION])


class Heads:
    """One record per chain with the head that was last reported.

    Without `deliver`, the report leaves as a message by the outbox in these records; else `deliver` takes it to auth,
    or raises.
    """

    def __init__(self, collection: Collection[Record], deliver: Deliver | None = None) -> None:
        self._collection, self._deliver = collection, deliver
        self.outbox = MongoOutbox(collection)

    def prepare(self) -> None:
        if self._deliver is None:
            self.outbox.ensure_indexes()

    @timely()
    def report(self, head: AuditHeadReported) -> None:
        now = utc_now()
        outgoing: list[Envelope] = []
        if self._deliver:
            self._deliver(head)
        else:
            outgoing = [_message(head, now)]
        change = outbox_update(outgoing, now)
        known = {"sequence": head.sequence, "hash": head.hash, "time": now}
        change["$set"] = {**change.get("$set", {}), **known}
        self._collection.update_one({"_id": head.chain}, change, upsert=True)

    @timely()
    def reported(self, chains: Sequence[str]) -> Mapping[str, Reported]:
        """What auth must know of these chains; without those whose message has not left yet."""
        found = self._collection.find({"_id": {"$in": list(chains)}, "outbox.0": {"$exists": False}})
        return {record["_id"]: Reported(record["sequence"], record["hash"], record["time"]) for record in found}


def _message(head: AuditHeadReported, now: datetime) -> Envelope:
    kind, message_id = kind_for(AuditHeadReported), new_uuid()
    return Envelope(
        id=message_id,
        type=kind.name,
        version=kind.version,
        correlation_id=message_id,
        cause_id=message_id,
        time=rfc3339(now),
        sender=head.service,
        company_id="-",
        body=head,
    )
