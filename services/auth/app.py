"""The HTTP process of auth."""

from __future__ import annotations

from flask import Flask

from services.auth.api import routes
from services.auth.ports import Desk
from services.auth.settings import Settings, read_settings
from services.auth.usecases.trust import show_trust
from services.auth.wiring import build
from shared.bearer import Bearer
from shared.web.application import create
from shared.web.serve import Running, Serving, main


def create_app(desk: Desk) -> Flask:
    return create(routes, desk, Bearer(lambda: show_trust(desk).trust))


def serving() -> Serving:
    settings = read_settings()
    return Serving(
        service="auth",
        process=settings.process,
        build=lambda: _build(settings),
    )


def _build(settings: Settings) -> Running:
    built = build(settings)
    return Running(create_app(built.desk), built.ready, built.journal.close)


if __name__ == "__main__":
    main(routes, serving)
