"""What is written into the audit log about files."""

from __future__ import annotations

from collections.abc import Mapping

from services.files.domain.actors import Actor
from services.files.domain.files import File
from shared.contracts.audit import Entry


def entry(action: str, actor: Actor, file: File, detail: Mapping[str, str] | None = None) -> Entry:
    """That the actor did this to the file; `after` is what its bytes hash to."""
    return Entry(
        action=action,
        actor=actor.client_id,
        company_id=file.company_id,
        subject=file.id,
        request_id=actor.request_id,
        address=actor.address,
        after=file.blob.sha256,
        detail=detail or {},
    )
