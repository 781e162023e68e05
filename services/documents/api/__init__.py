"""The HTTP door of documents."""

from __future__ import annotations

from services.documents.api import (
    cases,
    documents,
    emails,
    erasures,
    intents,
    pages,
    porting,
    processing,
    projects,
    routings,
)
from services.documents.ports import Desk
from shared.audit.door import audit_routes
from shared.web.routes import Routes

routes: Routes[Desk] = Routes[Desk]("documents").including(
    audit_routes("documents"),
    processing.routes,
    cases.routes,
    documents.routes,
    pages.routes,
    intents.routes,
    erasures.routes,
    projects.routes,
    porting.routes,
    routings.routes,
    emails.routes,
)
