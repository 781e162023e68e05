"""What is to be erased, between domain and MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pymongo.client_session import ClientSession

from services.files.domain.files import Erasure
from services.files.models import ErasureRecord
from shared.contracts.envelope import Envelope
from shared.database import timely
from shared.database.outbox import outbox_fields

# So long an erasure that was taken is left alone. Whoever took it has either erased it by then, or died.
LEASE = timedelta(minutes=1)


def note(erasure: Erasure, due: datetime, outgoing: Sequence[Envelope], session: ClientSession) -> None:
    """Have this erased at that time or later, and the messages sent."""
    record = ErasureRecord(
        id=erasure.id, bucket=erasure.bucket, object_keys=list(erasure.keys), prefix=erasure.prefix, due=due
    )
    kept = record.to_mongo() | outbox_fields(outgoing, due)
    ErasureRecord._get_collection().replace_one({"_id": erasure.id}, kept, upsert=True, session=session)


class MongoErasures:
    """The port `Erasures`."""

    @timely()
    def next(self, now: datetime) -> Erasure | None:
        record = ErasureRecord.objects(due__lte=now).order_by("due").modify(set__due=now + LEASE)
        return record and Erasure(record.id, record.bucket, tuple(record.object_keys), record.prefix or "")

    @timely()
    def done(self, erasure: Erasure) -> None:
        ErasureRecord.objects(id=erasure.id, outbox=[]).delete()
