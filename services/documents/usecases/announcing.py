"""What documents says, put into envelopes for the outbox."""

from __future__ import annotations

from functools import partial

from shared.contracts import announcing

announce = partial(announcing.announce, "documents")
