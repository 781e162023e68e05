"""A part of the stack: one server or service, how to start it and how to tell that it works."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import httpx

PROBE_SECONDS = 2.0
RECIPES = "run/parts"


def nothing_to_settle() -> None:
    """Most parts are ready as they come."""


@dataclass(frozen=True, slots=True)
class Part:
    """`command` is empty for a server that somebody else runs. `url` is where others reach the part, or its operators'
    door when nobody calls it. `listens_on` is a port on 127.0.0.1 whose listening socket the supervisor makes and
    keeps, so that connections wait while the part restarts. `settle` brings a part that runs to its final shape and may
    be called again; `healthy` asks whether it works; both may raise OSError while the part is not up yet.
    """

    name: str
    kind: Literal["server", "service"]
    url: str
    healthy: Callable[[], bool]
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    ops_url: str | None = None
    listens_on: int | None = None
    stop_seconds: int = 15
    settle: Callable[[], None] = nothing_to_settle

    def recipe(self) -> str:
        """What `launch` reads in RECIPES to become this part."""
        recipe = {"kind": self.kind, "command": self.command, "environment": dict(self.environment)}
        return json.dumps(recipe, indent=2) + "\n"


def answers(url: str, below: int = 300) -> bool:
    """True when a GET of `url` is answered with a status under `below`."""
    try:
        return httpx.get(url, timeout=PROBE_SECONDS, trust_env=False).status_code < below
    except httpx.TransportError:
        return False


def accepts(port: int) -> bool:
    """True when something on 127.0.0.1:`port` takes a connection."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PROBE_SECONDS).close()
    except OSError:
        return False
    return True
