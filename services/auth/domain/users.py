"""Persons that a company knows, and which of them somebody looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may do in a company."""

    INSTALLATION_ADMIN = "installationAdmin"
    INSTALLATION_CLERK = "installationClerk"
    ADMIN = "admin"
    CLERK = "clerk"
    MANAGER = "manager"
    SUPPORT_SPECIALIST = "supportSpecialist"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with access to a company since `created_at`; `id` is 24 hex digits. Whoever works for several companies
    is a user of each, so that none learns of the others (ADR 0017). `is_internal`: one of those who run the platform.
    """

    id: str
    company_id: str
    email: str
    name: str
    roles: tuple[Role, ...]
    created_at: datetime
    active: bool = True
    is_internal: bool = False

    @property
    def sought(self) -> str:
        """The text that a search looks in."""
        return f"{self.name}\n{self.email}".casefold()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which users of a company: those with `search` in their name or e-mail address, in any case; those who are active
    or who are not; those with any of these roles. Each counts only where it is given.
    """

    search: str = ""
    active: bool | None = None
    roles: Sequence[Role] = ()

    @property
    def sought(self) -> str:
        """What must be in the `sought` of a user."""
        return self.search.casefold()
