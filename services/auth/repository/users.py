"""Users between domain and MongoDB: every query names the company."""

from __future__ import annotations

import dataclasses
from typing import Any

from services.auth.domain.users import Role, Selection, User
from services.auth.models import UserRecord
from services.auth.repository.records import insert
from shared.database import timely
from shared.database.lists import cut
from shared.listing import Page, Slice


class MongoUsers:
    """The port `Users`."""

    @timely()
    def user(self, company_id: str, user_id: str) -> User | None:
        record = UserRecord.objects(id=user_id, company_id=company_id).first()
        return _user(record) if record else None

    @timely()
    def users(self, company_id: str, selection: Selection, part: Slice) -> Page[User]:
        conditions: dict[str, Any] = {"company_id": company_id}
        if selection.active is not None:
            conditions["active"] = selection.active
        if selection.roles:
            conditions["roles__in"] = [role.value for role in selection.roles]
        if selection.search:
            conditions["sought__contains"] = selection.sought
        return cut(UserRecord.objects(**conditions), part, _user)

    @timely()
    def add_user(self, user: User) -> bool:
        record = UserRecord(**dataclasses.asdict(user) | {"roles": [role.value for role in user.roles]})
        record.sought = user.sought
        return insert(UserRecord._get_collection(), record.to_mongo())


def _user(record: UserRecord) -> User:
    plain = {field.name: getattr(record, field.name) for field in dataclasses.fields(User)}
    return User(**plain | {"roles": tuple(Role(role) for role in record.roles)})
