"""Commands as tests run them."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from typer.testing import Result

# Runs a command against an API that gives these `answers`, one after the other; with the requests that it was sent.
Run = Callable[..., tuple[Result, list[httpx.Request]]]
