"""Persons that a company knows. The API cannot add any yet, so tests put them where auth keeps them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import mongoengine

from services.auth.domain.users import Role, User
from services.auth.repository.directory import MongoDirectory
from shared.ids import new_hex_id
from tests.support.servers import STACK_VHOST
from tests.support.stack import Stack

SINCE = datetime(2026, 3, 1, 8, 15, 30, 120_000, tzinfo=UTC)


def a_user(company_id: str, name: str = "Ann", **members: Any) -> User:
    plain: dict[str, Any] = {
        "id": new_hex_id(),
        "company_id": company_id,
        "email": f"{name.partition(' ')[0].lower()}@example.com",
        "name": name,
        "roles": (Role.CLERK,),
        "created_at": SINCE,
    }
    return User(**plain | members)


def introduce(stack: Stack, user: User) -> None:
    """Have the running stack know the user."""
    directory = MongoDirectory(stack.servers.mongodb_url(f"{STACK_VHOST}_auth"))
    try:
        assert directory.add_user(user)
    finally:
        mongoengine.disconnect("auth")
