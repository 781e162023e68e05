"""Where a request comes from: its id in our logs, the trace that it belongs to, and the address that sent it."""

from __future__ import annotations

import random
import re
import uuid
from dataclasses import dataclass

# These ids are no secrets. The system's source of randomness would have every request wait for the interpreter's lock
# three times more; Python seeds this one from it, and anew after a fork.
_random = random.getrandbits
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
# W3C Trace Context §3.2: version 00, trace id and parent id that are not all zeros, flags.
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})\Z")


@dataclass(frozen=True, slots=True)
class Origin:
    """`request_id` becomes the correlation id of all that follows from a request; `traceparent` is our own span in the
    client's trace (W3C Trace Context), or the first of a new one; `address` is the client's, without a port.
    """

    request_id: str = ""
    traceparent: str = ""
    address: str = ""


def received(request_id: str | None, traceparent: str | None, address: str) -> Origin:
    """The origin that a request's headers tell; what they do not tell, or tell in a harmful way, is made up."""
    given = request_id if request_id and _REQUEST_ID.match(request_id) else None
    return Origin(given or str(uuid.UUID(int=_random(128), version=4)), next_span(traceparent), address)


def next_span(traceparent: str | None) -> str:
    """A traceparent of a new span below this one; of a new trace when there is none."""
    found = _TRACEPARENT.match(traceparent or "")
    trace, flags = (found[1], found[2]) if found else (f"{_random(128):032x}", "00")
    return f"00-{trace}-{_random(64):016x}-{flags}"


def trace_id(traceparent: str | None) -> str:
    """The trace id in a traceparent, empty when it is none."""
    found = _TRACEPARENT.match(traceparent or "")
    return found[1] if found else ""
