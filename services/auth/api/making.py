"""What the doors of administration have in common: who is calling, and answers that are kept with a mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from werkzeug.wrappers import Response

from services.auth.domain.administration import Administrator
from services.auth.ports import Desk
from services.auth.schemas import administered as answers
from services.auth.usecases.settling import Keep, once
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.web.oauth import NO_STORE
from shared.web.routes import Answer, render

Result = TypeVar("Result")

# Answers that show a secret are kept by nobody but the client.
NEW_COMPANY = Answer(201, answers.NewCompany, headers=NO_STORE)
NEW_CLIENT = Answer(201, answers.NewClient, headers=NO_STORE)
NEW_SECRET = Answer(201, answers.NewSecret, headers=NO_STORE)
NEW_API_KEY = Answer(201, answers.NewApiKey, headers=NO_STORE)
GONE = Answer(204)
ACCEPTED = Answer(202)


@dataclass(frozen=True, slots=True)
class Shown:
    """A value of the domain, and members that this answer shows with it."""

    value: Any
    more: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.more[name] if name in self.more else getattr(self.value, name)


def administrator(caller: Caller) -> Administrator:
    return Administrator(
        client_id=caller.client_id,
        company_id=caller.company_id,
        scopes=caller.scopes,
        projects=caller.projects,
        networks=caller.networks,
        plan=caller.plan,
        request_id=caller.origin.request_id,
        address=caller.origin.address,
    )


def made_once(
    desk: Desk,
    mark: Mark | None,
    answer: Answer,
    make: Callable[[Keep[Result]], Result],
    shown: Callable[[Result], object] = lambda result: result,
) -> Response:
    """The answer to what `make` makes, `shown` as its schema reads it; the very same to a request that comes again."""

    def show(result: Result) -> bytes:
        return render(answer, shown(result)).get_data()

    media_type = {"Content-Type": "application/json"} if answer.schema else {}
    return Response(once(desk, mark, show, make), answer.status, {**answer.headers, **media_type})
