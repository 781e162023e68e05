"""API keys between domain and MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.auth.domain.clients import ApiKey, Digest
from services.auth.models import ApiKeyRecord
from services.auth.repository.records import api_key_of, api_key_record, insert
from shared.database import timely
from shared.database.lists import cut
from shared.database.marks import mark_fields
from shared.idempotency import Mark
from shared.listing import Page, Slice

# What is gone is kept until no token of it can be good any more, and a repeated request finds its answer.
FORGOTTEN_AFTER = timedelta(hours=48)


class MongoApiKeys:
    """The port `ApiKeys`."""

    @timely()
    def api_keys(self, company_id: str, client_id: str, part: Slice) -> Page[ApiKey]:
        found = ApiKeyRecord.objects(company_id=company_id, client_id=client_id, revoked_at=None).exclude("marks")
        return cut(found, part, api_key_of)

    @timely()
    def api_key(self, company_id: str, client_id: str, key_id: str) -> ApiKey | None:
        own = ApiKeyRecord.objects(id=key_id, company_id=company_id, client_id=client_id, revoked_at=None)
        record = own.exclude("marks").first()
        return api_key_of(record) if record else None

    @timely()
    def add_api_key(self, key: ApiKey, mark: Mark | None = None) -> bool:
        return insert(ApiKeyRecord._get_collection(), api_key_record(key).to_mongo() | mark_fields(mark))

    @timely()
    def revoke_api_key(self, company_id: str, client_id: str, key_id: str, at: datetime) -> bool:
        return revoke(at, id=key_id, company_id=company_id, client_id=client_id) > 0

    @timely()
    def api_key_by_digest(self, digests: Sequence[Digest]) -> ApiKey | None:
        values = [digest.value for digest in digests]
        record = ApiKeyRecord.objects(digest__in=values, revoked_at=None).exclude("marks").first()
        return api_key_of(record) if record else None

    @timely()
    def redigest_api_key(self, key: Digest, anew: Digest) -> None:
        ApiKeyRecord.objects(digest=key.value).update_one(set__digest=anew.value, set__pepper_id=anew.pepper_id)


def revoke(at: datetime, **conditions: Any) -> int:
    """Revoke the keys that meet the conditions; how many that were."""
    live = ApiKeyRecord.objects(**conditions, revoked_at=None)
    return int(live.update(set__revoked_at=at, set__forget_at=at + FORGOTTEN_AFTER))
