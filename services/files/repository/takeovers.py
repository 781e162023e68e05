"""Which documents' members were made files, between domain and MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.files.models import TakeoverRecord
from shared.contracts.envelope import Envelope
from shared.database import merged, timely
from shared.database.outbox import outbox_update


class MongoTakeovers:
    """The port `Takeovers`."""

    @timely()
    def is_done(self, company_id: str, document_id: str, attempt: int) -> bool:
        return TakeoverRecord.objects(id=_key(document_id, attempt), company_id=company_id).first() is not None

    @timely()
    def finish(
        self, company_id: str, document_id: str, attempt: int, outgoing: Sequence[Envelope], now: datetime
    ) -> None:
        own = {"_id": _key(document_id, attempt), "company": company_id}
        update = merged({"$setOnInsert": {"documentId": document_id}}, outbox_update(outgoing, now))
        TakeoverRecord._get_collection().update_one(own, update, upsert=True)


def _key(document_id: str, attempt: int) -> str:
    return f"{document_id}/{attempt}"
