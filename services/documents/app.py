"""The HTTP process of documents."""

from __future__ import annotations

from flask import Flask

from services.documents.api import routes
from services.documents.ports import Desk
from services.documents.settings import AppSettings, read_app_settings
from services.documents.wiring import build
from shared.bearer import Bearer, TrustPoller
from shared.web.application import create
from shared.web.serve import Running, Serving, main


def create_app(desk: Desk, bearer: Bearer) -> Flask:
    return create(routes, desk, bearer)


def serving() -> Serving:
    settings = read_app_settings()
    return Serving(
        service="documents",
        process=settings.process,
        build=lambda: _build(settings),
    )


def _build(settings: AppSettings) -> Running:
    built = build("documents", settings.stores)
    trust = TrustPoller(settings.auth_url)
    application = create_app(built.desk, Bearer(trust))
    return Running(application, lambda: {**built.ready(), "trust": trust.ready}, built.journal.close)


if __name__ == "__main__":
    main(routes, serving)
