"""Revoked tokens and used assertions in MongoDB, which forgets them by itself when they have expired."""

from __future__ import annotations

from datetime import UTC, datetime

from services.auth.models import RevokedTokenRecord, UsedAssertionRecord
from services.auth.repository.records import insert
from shared import database
from shared.idempotency import digest


class MongoRevocations:
    """The `Revocations` port, over the connection that the directory has opened."""

    @database.timely()
    def revoke(self, token_id: str, expires_at: datetime) -> None:
        RevokedTokenRecord.objects(id=token_id).update_one(set__expires_at=expires_at, upsert=True)

    @database.timely()
    def revoked(self, now: datetime) -> dict[str, int]:
        records = RevokedTokenRecord.objects(expires_at__gt=now).as_pymongo()
        return {record["_id"]: int(record["expiresAt"].replace(tzinfo=UTC).timestamp()) for record in records}

    @database.timely()
    def use_assertion(self, client_id: str, assertion_id: str, expires_at: datetime) -> bool:
        used = {"_id": digest((client_id, assertion_id)), "expiresAt": expires_at}
        return insert(UsedAssertionRecord._get_collection(), used)
