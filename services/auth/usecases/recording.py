"""What follows every change of a company, client or API key: it counts at once, and the audit log has it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.auth.domain.administration import Administrator
from services.auth.ports import Desk
from shared.contracts.audit import Entry


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to what. `before` and `after` are values of the domain."""

    action: str
    subject: str
    before: Any = None
    after: Any = None
    detail: Mapping[str, str] = field(default_factory=dict)


def record(desk: Desk, by: Administrator, change: Change) -> None:
    """Return once the change counts in this process and stands in the audit log."""
    desk.accounts.forget()
    desk.trust.forget()
    desk.journal.write(
        Entry(
            action=change.action,
            actor=by.client_id,
            company_id=by.company_id,
            subject=change.subject,
            request_id=by.request_id,
            address=by.address,
            before=_digest(change.before),
            after=_digest(change.after),
            detail=change.detail,
        )
    )


def _digest(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(dataclasses.asdict(value), default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)
