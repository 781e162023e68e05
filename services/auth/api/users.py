"""Users: the persons that one's own company knows."""

from __future__ import annotations

from functools import partial
from typing import Any

from services.auth.api.making import Shown, administrator
from services.auth.domain.clients import Company
from services.auth.domain.users import Selection, User
from services.auth.errors import UserNotFound
from services.auth.ports import Desk
from services.auth.schemas import users as bodies
from services.auth.usecases import users
from services.auth.usecases.companies import get_company
from shared.bearer import Caller
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("auth")


@routes.get(
    "/v2/users",
    Operation(
        scope="users.read",
        summary="List users",
        answer=Answer(200, bodies.UserList),
        query=bodies.UsersQuery,
    ),
)
def list_users(desk: Desk, caller: Caller, query: tuple[Selection, Slice]) -> dict[str, Any]:
    """The persons that the company knows, those who came last first."""
    by, (selection, part) = administrator(caller), query
    company = get_company(desk, by, by.company_id)
    return listed(users.list_users(desk, by, selection, part).each(partial(_shown, company)), part)


@routes.get(
    "/v2/users/<user_id>",
    Operation(
        scope="users.read",
        summary="Read a user",
        answer=Answer(200, bodies.User),
        refusals=(UserNotFound,),
    ),
)
def show_user(desk: Desk, caller: Caller, user_id: str) -> Shown:
    """A person that the company knows, with what this one may do there."""
    by = administrator(caller)
    return _shown(get_company(desk, by, by.company_id), users.get_user(desk, by, user_id))


def _shown(company: Company, user: User) -> Shown:
    return Shown(user, {"companies_access": [Shown(user, {"company_name": company.name})]})
