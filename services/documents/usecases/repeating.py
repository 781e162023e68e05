"""What is made once for each Idempotency-Key, and answered again as it was then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from shared.errors import Unavailable
from shared.idempotency import Mark

Result = TypeVar("Result")
Keep = Callable[[Result], Mark | None]


class MadeBefore(Exception):
    """A record bears the mark already, so nothing was made."""


def unmarked(_: object) -> None:
    """The mark of what is made without a key."""


def once(
    answer: Callable[[Mark], bytes | None],
    mark: Mark | None,
    show: Callable[[Result], bytes],
    make: Callable[[Keep[Result]], Result],
) -> bytes:
    """The answer, as `show` writes it, to what `make` makes; to what it made for the same mark before, if it did.

    `make` leaves, with its effect and in the same write, the mark that it is given for its result; MadeBefore when that
    is taken. `answer` finds the answer that was kept with a mark.
    """

    def keep(result: Result) -> Mark | None:
        return mark and replace(mark, answer=show(result))

    try:
        return show(make(keep))
    except MadeBefore:
        kept = answer(mark) if mark else None
        if kept is None:  # it is not safe on a majority of servers yet
            raise Unavailable("The same request is being carried out. Send it again.") from None
        return kept
