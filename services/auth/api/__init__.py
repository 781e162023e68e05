"""The HTTP door of auth: tokens for clients, trust for our own processes."""

from __future__ import annotations

from services.auth.api import audit, tokens, trust
from services.auth.ports import Desk
from shared.web.routes import Routes

routes: Routes[Desk] = Routes[Desk]("auth").including(tokens.routes, trust.routes, audit.routes)
