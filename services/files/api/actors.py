"""Who is calling, as the use cases know them."""

from __future__ import annotations

from services.files.domain.actors import Actor
from shared.bearer import Caller


def actor_of(caller: Caller) -> Actor:
    origin, limited = caller.origin, caller.projects is not None
    return Actor(
        caller.company_id, caller.client_id, origin.request_id, origin.traceparent, origin.address, own_only=limited
    )
