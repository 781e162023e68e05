"""What the use cases need from outside. Every method works for one company and never sees another's records."""

from __future__ import annotations

from dataclasses import dataclass

from services.documents.ports.cases import Cases
from services.documents.ports.documents import Documents
from services.documents.ports.outside import FieldLists, Mails, Manifests, Numbers, Pages, Results
from services.documents.ports.projects import Projects
from services.documents.ports.routings import Routings
from shared.audit.trail import Trail
from shared.clock import Clock
from shared.contracts.audit import Journal


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the use cases work with: built by `wiring` from the real parts, by tests from fakes.

    `base_url` is the public address, without a path.
    """

    documents: Documents
    cases: Cases
    projects: Projects
    routings: Routings
    numbers: Numbers
    manifests: Manifests
    field_lists: FieldLists
    results: Results
    pages: Pages
    mails: Mails
    journal: Journal
    trail: Trail
    base_url: str
    clock: Clock
