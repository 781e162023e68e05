"""Facts put into envelopes for an outbox; a message that nobody receives is not written."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from shared.clock import rfc3339
from shared.contracts.envelope import Envelope
from shared.contracts.registry import kind_for
from shared.ids import new_uuid


class Cause(Protocol):
    """What began it: a request in a company, and its trace."""

    @property
    def company_id(self) -> str: ...

    @property
    def request_id(self) -> str: ...

    @property
    def traceparent(self) -> str | None: ...


def announce(sender: str, cause: Cause, now: datetime, *bodies: Any) -> tuple[Envelope, ...]:
    """The envelopes of those bodies whose kind has a consumer: any other would come back unroutable for ever."""
    kinds = [(kind_for(type(body)), body) for body in bodies]
    return tuple(
        Envelope(
            id=new_uuid(),
            type=kind.name,
            version=kind.version,
            correlation_id=cause.request_id,
            cause_id=cause.request_id,
            time=rfc3339(now),
            sender=sender,
            company_id=cause.company_id,
            body=body,
            traceparent=cause.traceparent,
        )
        for kind, body in kinds
        if kind.consumers
    )
