"""All of the directory: its connection, its indexes, and what is asked across its collections."""

from __future__ import annotations

from datetime import datetime

from mongoengine.connection import get_db

from services.auth.models import (
    ALIAS,
    ApiKeyRecord,
    ClientRecord,
    CompanyRecord,
    RevokedTokenRecord,
    UsedAssertionRecord,
    UserRecord,
)
from services.auth.ports.directory import Voided
from services.auth.repository.clients import MongoClients
from services.auth.repository.companies import MongoCompanies
from services.auth.repository.keys import MongoApiKeys
from services.auth.repository.users import MongoUsers
from shared import database
from shared.database import timely
from shared.database.marks import ensure_mark_index, find_answer
from shared.database.numbers import Numbers
from shared.idempotency import Mark

_MARKED = (CompanyRecord, ClientRecord, ApiKeyRecord)


class MongoDirectory(MongoCompanies, MongoClients, MongoApiKeys, MongoUsers):
    """The port `Directory`. Nothing is sent to the server before it is used."""

    def __init__(self, mongodb_url: str) -> None:
        database.connect(mongodb_url, ALIAS)
        super().__init__(Numbers(get_db(ALIAS)["numbers"]))

    def prepare(self) -> None:
        """Make the indexes that queries rely on, on a server that keeps our guarantees."""
        database.refuse_standalone(ALIAS)
        for record in (*_MARKED, UserRecord, RevokedTokenRecord, UsedAssertionRecord):
            record.ensure_indexes()
        for record in _MARKED:
            ensure_mark_index(record._get_collection())

    def is_up(self) -> bool:
        return database.is_up(ALIAS)

    @timely()
    def answer(self, mark: Mark) -> bytes | None:
        found = (find_answer(record._get_collection(), mark) for record in _MARKED)
        return next((answer for answer in found if answer is not None), None)

    @timely()
    def voided_since(self, since: datetime) -> Voided:
        # Companies first: before one is enabled, the tokens of its clients are voided.
        companies = tuple(CompanyRecord.objects(disabled_at__gte=since).order_by("id").scalar("id"))
        voided = ClientRecord.objects(deleted_at=None, revoked_before__gt=int(since.timestamp()))
        disabled = ClientRecord.objects(deleted_at=None, disabled_at__gte=since).scalar("id")
        deleted = ClientRecord.objects(deleted_at__gte=since).scalar("id")
        return Voided(
            revoked_before=dict(voided.order_by("id").scalar("id", "revoked_before")),
            disabled_clients=tuple(sorted((*disabled, *deleted))),
            disabled_companies=companies,
            api_keys=tuple(ApiKeyRecord.objects(revoked_at__gte=since).order_by("id").scalar("id")),
        )
