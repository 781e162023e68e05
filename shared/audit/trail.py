"""What can be read of a service's chains, as its use of the database and its tests without one both offer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.audit.chain import Part, Place, Record


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
