"""What tests of every level share."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(probe: Callable[[], Found], seconds: float = 10, every: float = 0.02) -> Found:
    """The first truthy value of `probe`, asked again until it comes; an AssertionError counts as not yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            found, fault = probe(), None
        except AssertionError as failed:
            found, fault = None, failed  # type: ignore[assignment]
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {fault or found!r}") from fault
        time.sleep(every)
