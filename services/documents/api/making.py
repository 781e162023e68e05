"""Answers to what is made once for each Idempotency-Key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from werkzeug.wrappers import Response

from services.documents.usecases.repeating import Keep, once
from shared.idempotency import Mark
from shared.web.routes import Answer, render

Result = TypeVar("Result")


def made_once(
    kept: Callable[[Mark], bytes | None],
    mark: Mark | None,
    answer: Answer,
    make: Callable[[Keep[Result]], Result],
    shown: Callable[[Result], object] = lambda result: result,
) -> Response:
    """The answer to what `make` makes, `shown` as its schema reads it; the same request gets the very same again, which
    `kept` finds.
    """

    def show(result: Result) -> bytes:
        return render(answer, shown(result)).get_data()

    return Response(once(kept, mark, show, make), answer.status, {"Content-Type": "application/json"})
