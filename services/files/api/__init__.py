"""The HTTP door of files: uploads, downloads, what is known of files, and the log of who did what."""

from __future__ import annotations

from services.files.api import downloads, files, resumable, uploads
from services.files.ports import Desk
from shared.audit.door import audit_routes
from shared.web.routes import Routes

routes: Routes[Desk] = Routes[Desk]("files").including(
    uploads.routes, resumable.routes, downloads.routes, files.routes, audit_routes("files")
)
