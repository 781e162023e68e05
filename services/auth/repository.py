"""Companies and clients between domain and MongoDB."""

from __future__ import annotations

from mongoengine.connection import get_db

from services.auth.domain import Client, Company
from services.auth.models import ALIAS, ClientRecord, CompanyRecord
from shared import database


class MongoDirectory:
    """The `Directory` port over mongoengine. Nothing is sent to the server before it is used."""

    def __init__(self, mongodb_url: str) -> None:
        database.connect(mongodb_url, ALIAS)
        self._numbers = database.Numbers(get_db(ALIAS)["numbers"])

    def prepare(self) -> None:
        """Make the indexes that queries rely on, on a server that keeps our guarantees."""
        database.refuse_standalone(ALIAS)
        ClientRecord.ensure_indexes()

    def is_up(self) -> bool:
        return database.is_up(ALIAS)

    def client(self, client_id: str) -> Client | None:
        record = ClientRecord.objects(id=client_id).first()
        if record is None:
            return None
        return Client(
            id=record.id,
            company_id=record.company_id,
            name=record.name,
            scopes=frozenset(record.scopes),
            secret_digests=tuple(bytes(digest) for digest in record.secret_digests),
            lifetime_seconds=record.lifetime_seconds,
            disabled=record.disabled,
            created_at=record.created_at,
        )

    def found(self, company: Company, client: Client) -> None:
        CompanyRecord.objects(id=company.id).update_one(
            set__name=company.name,
            set_on_insert__number=company.number,
            set_on_insert__created_at=company.created_at,
            upsert=True,
        )
        ClientRecord.objects(id=client.id).update_one(
            set__company_id=client.company_id,
            set__name=client.name,
            set__scopes=sorted(client.scopes),
            set__secret_digests=list(client.secret_digests),
            set__lifetime_seconds=client.lifetime_seconds,
            set__disabled=client.disabled,
            set_on_insert__created_at=client.created_at,
            upsert=True,
        )

    def next_number(self) -> int:
        return self._numbers.next("-", "company")
