"""The HTTP process of the gateway."""

from __future__ import annotations

from wsgiref.types import WSGIApplication

from gateway import docs
from gateway.forward.door import Door
from gateway.settings import SERVICES, Settings, read_settings
from gateway.wiring import Desk, build
from shared.web.application import create
from shared.web.serve import THREADS, Running, Serving, serve

PATIENCE_SECONDS = 10


def create_app(desk: Desk) -> WSGIApplication:
    own = create(docs.routes, desk, desk.bearer)
    return Door(desk.edge, own, desk.base_url)


def serving() -> Serving:
    settings = read_settings()
    return Serving(
        service="gateway",
        process=settings.process,
        build=lambda: _build(settings),
        # As many as all services have together, and as many again as one: a thread here mostly waits for one of theirs.
        threads=THREADS * (len(SERVICES) + 1),
        patience_seconds=PATIENCE_SECONDS,
    )


def _build(settings: Settings) -> Running:
    built = build(settings)
    return Running(create_app(built.desk), built.ready, built.journal.close)


if __name__ == "__main__":
    serve(serving())
