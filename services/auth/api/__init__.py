"""The HTTP door of auth: tokens and trust, companies with their clients, keys and users, the audit log."""

from __future__ import annotations

from services.auth.api import audit, clients, companies, keys, tokens, trust, users
from services.auth.ports import Desk
from shared.web.routes import Routes

routes: Routes[Desk] = Routes[Desk]("auth").including(
    tokens.routes, trust.routes, companies.routes, clients.routes, keys.routes, users.routes, audit.routes
)
