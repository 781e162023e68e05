"""Users: which are asked for, and what is answered about them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from services.auth.domain.users import Role, Selection
from shared.listing import Slice
from shared.web.bodies import CamelSchema, ListQuery, ListSchema, slice_of, text
from shared.web.fields import Moment

_HEX = {"example": "6040dc9680b782b365ea77d5"}


class CompanyAccess(CamelSchema):
    """A company that a user has access to, and what for."""

    company_id = fields.String(required=True, metadata=_HEX)
    company_name = fields.String(required=True, metadata={"example": "Second company"})
    active = fields.Boolean(required=True)
    created_at = Moment(required=True)
    roles = fields.List(fields.Enum(Role, by_value=True), required=True)


class User(CamelSchema):
    """A person. Of the companies that this one has access to, your own is shown."""

    id = fields.String(required=True, metadata=_HEX)
    email = fields.String(required=True, metadata={"example": "jo.doe@example.com"})
    name = fields.String(required=True, metadata={"example": "Jo Doe"})
    is_internal = fields.Boolean(required=True, metadata={"description": "One of those who run the platform."})
    companies_access = fields.List(fields.Nested(CompanyAccess), required=True)


class UserList(ListSchema):
    """A part of the users, and how many there are in all."""

    data = fields.List(fields.Nested(User), required=True)


class UsersQuery(ListQuery):
    """Which users, newest first; `search` is looked for in names and e-mail addresses, in any case."""

    search = text(100, load_default="")
    active = fields.Boolean(truthy={"true"}, falsy={"false"})
    roles = fields.List(
        fields.Enum(Role, by_value=True), load_default=(), metadata={"description": "With any of these roles."}
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[Selection, Slice]:
        return Selection(data["search"], data.get("active"), data["roles"]), slice_of(data)
