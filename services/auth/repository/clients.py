"""Clients between domain and MongoDB: every change is one conditional update."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.auth.domain.clients import Client, Digest
from services.auth.models import ClientRecord
from services.auth.repository.keys import FORGOTTEN_AFTER, revoke
from services.auth.repository.records import client_of, client_record, insert
from shared.database import Record, timely
from shared.database.lists import cut
from shared.database.marks import mark_fields, mark_update, unmarked
from shared.idempotency import Mark
from shared.listing import Page, Slice

_VERSION = {"version": {"$add": [{"$ifNull": ["$version", 0]}, 1]}}


class MongoClients:
    """The port `Clients`."""

    @timely()
    def client(self, client_id: str) -> Client | None:
        return _first(id=client_id)

    @timely()
    def client_version(self, client_id: str) -> int | None:
        found = ClientRecord._get_collection().find_one({"_id": client_id, "deletedAt": None}, {"version": True})
        return (found.get("version") or 0) if found else None

    @timely()
    def client_of(self, company_id: str, client_id: str) -> Client | None:
        return _first(id=client_id, company_id=company_id)

    @timely()
    def clients(self, company_id: str, part: Slice) -> Page[Client]:
        found = ClientRecord.objects(company_id=company_id, deleted_at=None).exclude("marks")
        return cut(found, part, client_of)

    @timely()
    def add_client(self, client: Client, mark: Mark | None = None) -> bool:
        return insert(ClientRecord._get_collection(), client_record(client).to_mongo() | mark_fields(mark))

    @timely()
    def change_client(self, before: Client, after: Client, mark: Mark | None = None) -> bool:
        conditions = {
            "_id": before.id,
            "companyId": before.company_id,
            "deletedAt": None,
            "version": before.version or None,
            **unmarked(mark),
        }
        try:
            update = _difference(before, after) | {"$inc": {"version": 1}} | mark_update(mark)
            changed = ClientRecord._get_collection().update_one(conditions, update)
        except DuplicateKeyError:
            return False
        return bool(changed.modified_count)

    @timely()
    def delete_client(self, company_id: str, client_id: str, at: datetime) -> bool:
        client = _first(id=client_id, company_id=company_id)
        if client is None:
            return False
        # Before the client, so that a delete that breaks off here can be sent again.
        revoke(at, company_id=company_id, client_id=client_id)
        # One that is declared is never forgotten: the next start would bring it back.
        forget_at = None if client.declared else at + FORGOTTEN_AFTER
        deleted = ClientRecord.objects(id=client_id, company_id=company_id, deleted_at=None).update_one(
            set__deleted_at=at, set__forget_at=forget_at, set__secrets=[], inc__version=1
        )
        return bool(deleted)

    @timely()
    def void_tokens(self, company_id: str, at: datetime) -> None:
        before = {"$add": [{"$max": ["$revokedBefore", int(at.timestamp())]}, 1]}
        ClientRecord._get_collection().update_many(
            {"companyId": company_id, "deletedAt": None}, [{"$set": {"revokedBefore": before, **_VERSION}}]
        )

    @timely()
    def redigest_secret(self, client_id: str, secret: Digest, anew: Digest) -> None:
        ClientRecord._get_collection().update_one(
            {"_id": client_id, "secrets": {"$elemMatch": {"pepperId": secret.pepper_id, "digest": secret.value}}},
            {"$set": {"secrets.$.pepperId": anew.pepper_id, "secrets.$.digest": anew.value}, "$inc": {"version": 1}},
        )


def _first(**conditions: Any) -> Client | None:
    record = ClientRecord.objects(**conditions, deleted_at=None).exclude("marks").first()
    return client_of(record) if record else None


def _difference(before: Client, after: Client) -> Record:
    """The update that makes the one of the other."""
    was, will = client_record(before).to_mongo(), client_record(after).to_mongo()
    given = {name: value for name, value in will.items() if name not in was or was[name] != value}
    gone = {name: "" for name in was if name not in will}
    return ({"$set": given} if given else {}) | ({"$unset": gone} if gone else {})
