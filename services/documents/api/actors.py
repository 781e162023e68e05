"""Who calls, as the use cases know them."""

from __future__ import annotations

from services.documents.domain.actors import Actor
from shared.bearer import Caller


def actor_of(caller: Caller) -> Actor:
    origin = caller.origin
    return Actor(
        caller.company_id, caller.client_id, origin.request_id, origin.traceparent, caller.projects, origin.address
    )
