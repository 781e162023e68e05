"""Projects with the routings between them, as one file carries them from company to company."""

from __future__ import annotations

from dataclasses import dataclass

from services.documents.domain.projects import Plan
from services.documents.domain.routings import Routing, Rule

KIND = "paperlane-projects"
VERSION = 1
MAX_PROJECTS = 200


@dataclass(frozen=True, slots=True)
class Packed:
    """A project in a file, where it is known by `id`."""

    id: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is in a file; the rules name projects by their ids in it."""

    projects: tuple[Packed, ...]
    routings: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A project that was made of the one that a file calls `imported_from`."""

    id: str
    name: str
    imported_from: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What was made of a file."""

    projects: tuple[Unpacked, ...]
    routings: tuple[Routing, ...]
