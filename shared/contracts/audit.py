"""The audit log between processes: what an entry says, how use cases write one, and the heads that are anchored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to what. No secret, token or document content is ever put in it.

    `action` is a noun and a past tense (`token.issued`, `client.created`, `document.state-changed`); `actor` is a
    client id, for a refusal the id that was claimed; `subject` the id of what it was done to; `address` the client's
    network address; `before` and `after` are SHA-256 (hex) of what was changed.
    """

    action: str
    actor: str
    company_id: str
    subject: str = ""
    request_id: str = ""
    address: str = ""
    before: str = ""
    after: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


class Journal(Protocol):
    """Where a process writes its entries, in one chain."""

    def note(self, entry: Entry) -> None:
        """Have it written within 200 ms. Neither waits nor raises; a kill before that loses it, and the loss counts."""
        ...

    def write(self, entry: Entry) -> None:
        """Return once it is safe in the database; Unavailable when that takes too long."""
        ...


@dataclass(frozen=True, slots=True)
class AuditHeadReported:
    """A chain has come this far: its entry `sequence` (counted from 1) has this hash (hex). `lost` entries of it were
    never written. `closed` tells that its process ended in order and will add nothing.
    """

    service: str
    chain: str
    sequence: int
    hash: str
    lost: int
    closed: bool
