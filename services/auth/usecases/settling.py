"""Changes that others may make at the same time, and such as are made once for each Idempotency-Key."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeVar

from services.auth.errors import Overtaken
from services.auth.ports import Desk
from shared.idempotency import Mark

# Of those who change a record at once, one wins each time.
ATTEMPTS = 50

Result = TypeVar("Result")
Keep = Callable[[Result], Mark | None]


def settled(attempt: Callable[[], Result]) -> Result:
    """What the attempt gives, made again for as long as it is Overtaken; in the end that."""
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except Overtaken:
            continue
    return attempt()


def once(
    desk: Desk, mark: Mark | None, show: Callable[[Result], bytes], make: Callable[[Keep[Result]], Result]
) -> bytes:
    """The answer, as `show` writes it, to what `make` makes; to what it made for the same mark before, if it did.

    `make` leaves, with its effect and in the same write, the mark that it is given for its result.
    """

    def keep(result: Result) -> Mark | None:
        return mark and dataclasses.replace(mark, answer=desk.seal.close(mark.key, show(result)))

    def attempt() -> bytes:
        kept = desk.directory.answer(mark) if mark else None
        if mark and kept is not None:
            return desk.seal.open(mark.key, kept)
        return show(make(keep))

    return settled(attempt)
