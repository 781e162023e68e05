"""What tests of every level share."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, TypeVar

Found = TypeVar("Found")


def eventually(probe: Callable[[], Found | Literal[False] | None], seconds: float = 10, every: float = 0.02) -> Found:
    """The first truthy value of `probe`, asked again until it comes; an AssertionError counts as not yet."""
    deadline = time.monotonic() + seconds
    while True:
        found: Found | Literal[False] | None = None
        fault: AssertionError | None = None
        try:
            found = probe()
        except AssertionError as failed:
            fault = failed
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {fault or found!r}") from fault
        time.sleep(every)
