"""The HTTP process of documents."""

from __future__ import annotations

from flask import Flask

from services.documents.api import routes
from services.documents.ports import Desk
from services.documents.settings import AppSettings, read_app_settings
from services.documents.wiring import build
from shared.bearer import Bearer, TrustPoller
from shared.metrics import Readiness
from shared.web.application import create
from shared.web.serve import Serving, main


def create_app(desk: Desk, bearer: Bearer) -> Flask:
    return create(routes, desk, bearer)


def serving() -> Serving:
    settings = read_app_settings()
    return Serving(
        service="documents",
        process=settings.process,
        build=lambda: _build(settings),
    )


def _build(settings: AppSettings) -> tuple[Flask, Readiness]:
    built = build(settings.stores)
    trust = TrustPoller(settings.auth_url)
    return create_app(built.desk, Bearer(trust)), lambda: {**built.ready(), "trust": trust.ready}


if __name__ == "__main__":
    main(routes, serving)
