"""What auth needs of its directory, asked of the fake and of MongoDB alike: users."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from mongoengine.connection import get_db

from services.auth.domain.users import Role, Selection
from services.auth.ports.directory import Directory
from services.auth.repository.directory import MongoDirectory
from shared.ids import new_hex_id
from shared.listing import Cursor, Slice
from tests.support.users import SINCE, a_user

EVERY = Selection()


@pytest.fixture
def company() -> str:
    """A company of its own for each test, so that none sees another's users."""
    return new_hex_id()


@pytest.mark.parametrize(
    "members",
    [{}, {"roles": tuple(Role), "active": False, "is_internal": True, "name": "Ann Straße"}, {"roles": ()}],
    ids=["plain", "full", "no roles"],
)
def test_a_user_is_found_as_it_was_added(directory: Directory, company: str, members: dict[str, Any]) -> None:
    user = a_user(company, **members)
    assert directory.add_user(user)
    assert directory.user(company, user.id) == user
    assert directory.users(company, EVERY, Slice()).items == [user]


def test_another_companys_user_is_not_found(directory: Directory, company: str) -> None:
    user, stranger = a_user(company), new_hex_id()
    directory.add_user(user)
    assert directory.user(stranger, user.id) is None
    for selection in (EVERY, Selection("ann"), Selection(active=True), Selection(roles=[Role.CLERK])):
        assert directory.users(stranger, selection, Slice()).total == 0
        assert directory.users(company, selection, Slice()).total == 1


def test_a_user_s_id_is_taken_once(directory: Directory, company: str) -> None:
    user = a_user(company)
    assert directory.add_user(user)
    assert not directory.add_user(dataclasses.replace(user, company_id=new_hex_id()))
    assert directory.user(company, user.id) == user


def test_users_are_selected(directory: Directory, company: str) -> None:
    ann = a_user(company, "Ann Straße", roles=(Role.ADMIN, Role.CLERK))
    bob = a_user(company, "Bob .*", email="BOB@example.org", active=False, roles=(Role.MANAGER,))
    for user in (ann, bob):
        directory.add_user(user)
    for selection, expected in (
        (Selection("STRASSE"), [ann]),
        (Selection("bob@Example"), [bob]),
        (Selection(".*"), [bob]),
        (Selection("example.com"), [ann]),
        (Selection("nobody"), []),
        (Selection(active=True), [ann]),
        (Selection(active=False), [bob]),
        (Selection(roles=[Role.CLERK, Role.ADMIN]), [ann]),
        (Selection(roles=[Role.MANAGER, Role.SUPPORT_SPECIALIST]), [bob]),
        (Selection("example", True, [Role.MANAGER]), []),
        (Selection("example", False, [Role.MANAGER]), [bob]),
    ):
        page = directory.users(company, selection, Slice())
        assert (page.items, page.total) == (expected, len(expected)), selection


def test_lists_of_users_are_cut_newest_first(directory: Directory, company: str) -> None:
    made = [a_user(company, created_at=SINCE + timedelta(days=day)) for day in range(3)]
    for user in made:
        directory.add_user(user)
    page = directory.users(company, EVERY, Slice(limit=2))
    assert (page.items, page.total, page.more) == ([made[2], made[1]], 3, True)
    behind = Slice(after=Cursor(made[1].created_at, made[1].id))
    assert directory.users(company, Selection("ann"), behind).items == [made[0]]


def test_every_query_of_users_is_one_walk_along_an_index(mongo_directory: MongoDirectory, company: str) -> None:
    """What a search passes by is read in the index alone, and nothing is sorted."""
    for number in range(200):
        roles = (Role.ADMIN, Role.CLERK) if number % 10 == 0 else (Role.CLERK,)
        name, active = f"Person {number:03}", number % 10 != 0
        mongo_directory.add_user(a_user(company, name, active=active, roles=roles))
    users, profiled = get_db("auth")["users"], get_db("auth")
    profiled.command("profile", 2)
    try:
        for selection in (
            EVERY,
            Selection("person 19"),
            Selection(active=False),
            Selection(roles=[Role.ADMIN, Role.MANAGER]),
            Selection(active=False, roles=[Role.ADMIN]),
        ):
            mongo_directory.users(company, selection, Slice(limit=5))
        mongo_directory.user(company, "1" * 24)
        ours = {"op": {"$in": ["query", "command"]}, "ns": f"{users.database.name}.{users.name}"}
        queries = list(profiled["system.profile"].find(ours))
    finally:
        profiled.command("profile", 0)
    assert len(queries) == 11, "each list is counted and read"
    assert [query["command"] for query in queries if "COLLSCAN" in query.get("planSummary", "COLLSCAN")] == []
    assert [query["command"] for query in queries if query.get("hasSortStage")] == []
    # For several roles MongoDB may choose to walk along the dates instead, past nine that have none of them for each.
    assert [query["command"] for query in queries if query["docsExamined"] > 60] == []
    assert [query["command"] for query in queries if "maxTimeMS" not in query["command"]] == []
