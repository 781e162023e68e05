"""The persons that a company knows."""

from __future__ import annotations

from services.auth.domain.administration import Administrator
from services.auth.domain.users import Selection, User
from services.auth.errors import UserNotFound
from services.auth.ports import Desk
from shared.listing import Page, Slice


def list_users(desk: Desk, by: Administrator, selection: Selection, part: Slice) -> Page[User]:
    """A part of the users of the caller's company."""
    return desk.directory.users(by.company_id, selection, part)


def get_user(desk: Desk, by: Administrator, user_id: str) -> User:
    """A user of the caller's company; UserNotFound."""
    user = desk.directory.user(by.company_id, user_id)
    if user is None:
        raise UserNotFound
    return user
