"""What can be read of chains and of their anchors: the ports, and the values that they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.audit.chain import Fault, Part, Place, Record
from shared.contracts.audit import AuditHeadReported


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries of a company, and which part of them; empty texts mean any."""

    action: str
    actor: str
    subject: str
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Reported:
    """The last head of a chain that auth was told, and when."""

    sequence: int
    hash: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """What a walk found, the heads that auth must know of these chains, and the place where the next walk goes on; None
    at the end.
    """

    parts: Sequence[Part]
    reported: Mapping[str, Reported]
    next: Place | None


class Trail(Protocol):
    """A service's chains. Every method raises Unavailable when the database does not answer."""

    def page(self, company_id: str, selection: Selection) -> tuple[Sequence[Record], int]:
        """Entries of the company, newest first, and how many there are, counted up to 10 000."""
        ...

    def check(self, chain: str, sequence: int) -> Checked:
        """Check the entries behind entry `sequence` of `chain`, and the chains after it, 10 000 entries at most."""
        ...

    def hashes(self, chain: str, sequences: Sequence[int]) -> Mapping[int, str]:
        """The hashes of these entries, as far as they exist."""
        ...


@dataclass(frozen=True, slots=True)
class AnchorPage:
    """Anchors, oldest first, the faults in their chain, the hash of the last one that was looked at, and its sequence
    if there are more.
    """

    data: Sequence[Record]
    faults: Sequence[Fault]
    head: str
    next: int | None


class Anchors(Protocol):
    """The anchors. Both methods raise Unavailable when the database does not answer."""

    def add(self, head: AuditHeadReported) -> None:
        """Keep this head; nothing happens when it is kept already."""
        ...

    def page(self, service: str, after: int) -> AnchorPage:
        """Check the anchors behind anchor `after`, 2 000 at most, and show those of the service; empty means all."""
        ...
