"""What goes with every change of a company, client or API key: the audit log has it, and it counts at once."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


@contextmanager
def recorded(desk: Desk, by: Administrator, change: Change) -> Iterator[None]:
    """Make the change within the block. The audit log has it before, so that nothing is done of which it does not know;
    when the block raises, a second entry says that the first may not have come true.
    """
    desk.journal.write(_entry(by, change))
    done = False
    try:
        yield
        done = True
    finally:
        desk.accounts.forget()
        desk.trust.forget()
        if not done:
            unconfirmed = {**change.detail, "outcome": "unconfirmed"}
            desk.journal.note(_entry(by, dataclasses.replace(change, detail=unconfirmed)))


def _entry(by: Administrator, change: Change) -> Entry:
    return Entry(
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


def _digest(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(dataclasses.asdict(value), default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)
