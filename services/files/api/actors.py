"""Who is calling, in files' own terms."""

from __future__ import annotations

from services.files.domain.files import Actor
from shared.bearer import Caller


def actor_of(caller: Caller) -> Actor:
    origin = caller.origin
    limited = caller.projects is not None
    return Actor(caller.company_id, caller.client_id, origin.request_id, origin.address, own_only=limited)
