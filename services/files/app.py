"""The HTTP process of files."""

from __future__ import annotations

from flask import Flask

from services.files.api import routes
from services.files.ports import Desk
from services.files.settings import AppSettings, read_app_settings
from services.files.wiring import build
from shared.bearer import Bearer, TrustPoller
from shared.web.application import create
from shared.web.serve import Running, Serving, main


def create_app(desk: Desk, bearer: Bearer) -> Flask:
    return create(routes, desk, bearer)


def serving() -> Serving:
    settings = read_app_settings()
    return Serving(
        service="files",
        process=settings.process,
        build=lambda: _build(settings),
    )


def _build(settings: AppSettings) -> Running:
    built = build("files", settings.stores)
    trust = TrustPoller(settings.auth_url)
    application = create_app(built.desk, Bearer(trust))
    return Running(application, lambda: {**built.ready(), "trust": trust.ready}, built.journal.close)


if __name__ == "__main__":
    main(routes, serving)
