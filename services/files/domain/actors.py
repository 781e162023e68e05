"""Who acts on files, and how far a client reaches."""

from __future__ import annotations

from dataclasses import dataclass

SYSTEM = "system"
"""Who acted where no client did."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a client may see: of its company all files, or those alone that were uploaded by `client_id`."""

    company_id: str
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The client that acts, its company, the request it acts in and where that comes from. `own_only`: it is limited to
    some projects, of which files know nothing, so it sees those only that it uploaded itself.
    """

    company_id: str
    client_id: str
    request_id: str = ""
    traceparent: str | None = None
    address: str = ""
    own_only: bool = False

    @property
    def reach(self) -> Reach:
        return Reach(self.company_id, self.client_id if self.own_only else None)
