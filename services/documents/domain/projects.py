"""A project: how its documents are processed and completed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LANGUAGES = ("en", "de")
"""ISO 639-1 codes of the languages that can be read; a project without a choice is read in all of them."""


class Completion(StrEnum):
    """Who completes the documents of a project: a person, or the product where nothing speaks against it."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class Duplicates(StrEnum):
    """What happens to a file that was processed before."""

    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a client chooses when it creates a project."""

    name: str
    note: str | None = None
    completion: Completion = Completion.MANUAL
    duplicates: Duplicates = Duplicates.ALLOW
    languages: tuple[str, ...] = LANGUAGES


@dataclass(frozen=True, slots=True)
class Project:
    """A project of one company."""

    id: str
    company_id: str
    number: int
    plan: Plan
    created_at: datetime
    created_by: str
