"""The HTTP process of the gateway."""

from __future__ import annotations

from wsgiref.types import WSGIApplication

from gateway.docs.api import routes
from gateway.forward.answers import VERSIONED
from gateway.forward.door import Door
from gateway.forward.upstream import PLACES, WAITING
from gateway.settings import SERVICES, Settings, read_settings
from gateway.wiring import Desk, build
from shared.web.application import create
from shared.web.serve import Running, Serving, serve

PATIENCE_SECONDS = 10


def create_app(desk: Desk) -> WSGIApplication:
    own = create(routes, desk, desk.bearer)
    return Door(desk.edge, own, desk.base_url)


def serving() -> Serving:
    settings = read_settings()
    return Serving(
        service="gateway",
        process=settings.process,
        build=lambda: _build(settings),
        # A thread here mostly waits for one of a service: when one service hangs and a queue stands before it, as many
        # are left as all the others have.
        threads=PLACES * len(SERVICES) + WAITING,
        patience_seconds=PATIENCE_SECONDS,
        headers=dict([VERSIONED]),
    )


def _build(settings: Settings) -> Running:
    built = build(settings)
    return Running(create_app(built.desk), built.ready, built.journal.close)


if __name__ == "__main__":
    serve(serving())
