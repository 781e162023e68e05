"""Companies between domain and MongoDB."""

from __future__ import annotations

from typing import Any

from mongoengine import get_connection
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.auth.domain.clients import Client, Company
from services.auth.models import ALIAS, ClientRecord, CompanyRecord
from services.auth.repository.records import client_record, company_of, company_record
from shared.database import timely
from shared.database.lists import cut
from shared.database.marks import mark_fields
from shared.database.numbers import Numbers
from shared.idempotency import Mark
from shared.listing import Page, Slice


class MongoCompanies:
    """The port `Companies`."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    @timely()
    def company(self, company_id: str) -> Company | None:
        record = CompanyRecord.objects(id=company_id).first()
        return company_of(record) if record else None

    @timely()
    def companies(self, part: Slice, company_id: str | None = None, number: int | None = None) -> Page[Company]:
        named = {"id": company_id, "number": number}
        found = CompanyRecord.objects(**{name: value for name, value in named.items() if value is not None})
        return cut(found, part, company_of)

    @timely()
    def add_company(self, company: Company, client: Client, mark: Mark | None = None) -> bool:
        def add(session: ClientSession) -> None:
            plain = company_record(company).to_mongo() | mark_fields(mark)
            CompanyRecord._get_collection().insert_one(plain, session=session)
            ClientRecord._get_collection().insert_one(client_record(client).to_mongo(), session=session)

        try:
            with get_connection(ALIAS).start_session() as session:
                session.with_transaction(add)
        except DuplicateKeyError:
            return False
        return True

    @timely()
    def change_company(self, before: Company, after: Company) -> bool:
        same: dict[str, Any] = {"id": before.id, "name": before.name, "disabled_at": before.disabled_at}
        return bool(CompanyRecord.objects(**same).update_one(set__name=after.name, set__disabled_at=after.disabled_at))

    def next_number(self) -> int:
        return self._numbers.next("-", "company")
