"""Documents as they are shown to the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.documents.domain.documents import Document
from services.documents.ports import Desk
from shared.bearer import Caller


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as it is shown: with its address and, if asked for, the details of its findings."""

    document: Document
    url: str
    entity_details: Mapping[str, Any] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.document, name)


def told(caller: Caller, document: Document) -> Document:
    """The document in the states that the client was made for."""
    return document.documented() if caller.documented_states else document


def shown(desk: Desk, document: Document, with_details: bool = False) -> Shown:
    findings = document.findings
    details = (findings.details if findings else {}) if with_details else None
    return Shown(document, f"{desk.base_url}/v2/documents/{document.id}", details)
