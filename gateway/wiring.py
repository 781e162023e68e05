"""Builds the gateway from its settings, once per process."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.docs.document import FILE
from gateway.docs.page import Asset, assets
from gateway.forward.denials import Denials
from gateway.forward.door import Edge
from gateway.forward.guard import Guard
from gateway.forward.heads import deliver_to
from gateway.forward.keys import AskAuth, KeyRing
from gateway.forward.upstream import Upstream
from gateway.limits.counters import Guarded, MongoCounters
from gateway.limits.meter import Meter
from gateway.limits.quotas import Quotas
from gateway.mock import Mock
from gateway.routes import OWN, Table
from gateway.settings import Settings
from shared.audit.journal import ChainJournal
from shared.audit.log import AuditLog
from shared.audit.trail import Trail
from shared.bearer import Bearer, TrustPoller
from shared.database import connect
from shared.metrics import Parts, Readiness
from shared.startup import Preparation

READY_SECONDS = 1.0
# How long auth may take to exchange an API key, or to take a head of the audit log.
AUTH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the gateway works with. `document` is the text of openapi.json, `assets` what its page is made of."""

    document: bytes
    assets: Mapping[str, Asset]
    trail: Trail
    bearer: Bearer
    edge: Edge
    base_url: str


@dataclass(frozen=True, slots=True)
class Built:
    """The desk, what readiness depends on, and the journal, which must be closed."""

    desk: Desk
    ready: Readiness
    journal: ChainJournal


def build(settings: Settings) -> Built:
    """The desk over the services; ready when tokens can be checked and every service can be reached."""
    document = FILE.read_bytes()
    trust = TrustPoller(settings.upstreams["auth"])
    upstreams = {name: Upstream(name, url, settings.upstream_seconds) for name, url in settings.upstreams.items()}
    # Beside the one that clients' requests go through, so that neither takes the other's places.
    auth = Upstream("auth", settings.upstreams["auth"], AUTH_SECONDS)
    connect(settings.mongodb_url, OWN)
    audit = AuditLog(OWN, OWN, settings.audit, deliver_to(auth))
    windows = MongoCounters(settings.mongodb_url)
    for prepare in (audit.prepare, windows.prepare):
        Preparation(prepare)
    counters = Guarded(windows)
    bearer = Bearer(trust)
    described = json.loads(document)
    edge = Edge(
        Table(described),
        Guard(bearer, KeyRing(AskAuth(auth))),
        Meter(Quotas(counters), settings.plans),
        Denials(audit.journal),
        upstreams,
        Mock(described),
    )

    def ready() -> Parts:
        reached = {name: upstream.is_reachable() for name, upstream in upstreams.items()}
        return {"trust": trust.ready, **reached, "limits": "each process for itself" if counters.down else True}

    audit.journal.start()
    return Built(Desk(document, assets(), audit.trail, bearer, edge, settings.base_url), Kept(ready), audit.journal)


class Kept:
    """A readiness that is asked again after a second only, however often the probes come."""

    def __init__(self, ready: Readiness) -> None:
        self._ready = ready
        self._parts: Parts = {}
        self._until = 0.0

    def __call__(self) -> Parts:
        if time.monotonic() >= self._until:
            self._parts = self._ready()
            self._until = time.monotonic() + READY_SECONDS
        return self._parts
