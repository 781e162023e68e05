"""Bodies put into envelopes for the outbox; a message that nobody receives is not written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.documents.domain.actors import Actor
from shared.clock import rfc3339
from shared.contracts.envelope import Envelope
from shared.contracts.registry import kind_for
from shared.ids import new_uuid

SENDER = "documents"


def announce(actor: Actor, now: datetime, *bodies: Any) -> tuple[Envelope, ...]:
    """The envelopes of those bodies whose kind has a consumer: any other would come back unroutable for ever."""
    kinds = [(kind_for(type(body)), body) for body in bodies]
    return tuple(
        Envelope(
            id=new_uuid(),
            type=kind.name,
            version=kind.version,
            correlation_id=actor.request_id,
            cause_id=actor.request_id,
            time=rfc3339(now),
            sender=SENDER,
            company_id=actor.company_id,
            body=body,
            traceparent=actor.traceparent,
        )
        for kind, body in kinds
        if kind.consumers
    )
