"""Builds the gateway from its settings, once per process."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

from gateway import docs
from gateway.forward.upstream import Upstream
from gateway.routes import Table
from gateway.settings import Settings
from shared.bearer import Bearer, TrustPoller
from shared.metrics import Readiness

READY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the gateway works with. `document` is the text of openapi.json, `table` its routes."""

    document: bytes
    table: Table
    bearer: Bearer
    upstreams: Mapping[str, Upstream]
    base_url: str


def build(settings: Settings) -> tuple[Desk, Readiness]:
    """The desk over the services; ready when tokens can be checked and every service can be reached."""
    document = docs.FILE.read_bytes()
    trust = TrustPoller(settings.upstreams["auth"])
    upstreams = {name: Upstream(name, url, settings.upstream_seconds) for name, url in settings.upstreams.items()}
    desk = Desk(document, Table(json.loads(document)), Bearer(trust), upstreams, settings.base_url)

    def ready() -> Mapping[str, bool]:
        return {"trust": trust.ready, **{name: upstream.is_reachable() for name, upstream in upstreams.items()}}

    return desk, Kept(ready)


class Kept:
    """A readiness that is asked again after a second only, however often the probes come."""

    def __init__(self, ready: Readiness) -> None:
        self._ready = ready
        self._parts: Mapping[str, bool] = {}
        self._until = 0.0

    def __call__(self) -> Mapping[str, bool]:
        if time.monotonic() >= self._until:
            self._parts = self._ready()
            self._until = time.monotonic() + READY_SECONDS
        return self._parts
