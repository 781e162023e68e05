"""Documents as they are shown to the caller."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.documents.domain.documents import Document
from services.documents.ports import Desk
from shared.bearer import Caller


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as it is shown: with its address and, by their names in `include`, the members that were asked for."""

    document: Document
    url: str
    included: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.document, name)


def told(caller: Caller, document: Document) -> Document:
    """The document in the states that the client was made for."""
    return document.documented() if caller.documented_states else document


def shown(desk: Desk, caller: Caller, document: Document, include: Collection[str] = ()) -> Shown:
    included = {name: _INCLUDED[name](caller, document) for name in include}
    return Shown(told(caller, document), f"{desk.base_url}/v2/documents/{document.id}", included)


_INCLUDED: Mapping[str, Callable[[Caller, Document], Any]] = {
    "entities": lambda _, document: document.findings.entities if document.findings else {},
    "regions": lambda _, document: document.findings.details if document.findings else {},
    "states": lambda caller, document: told(caller, document).history,
    "transfers": lambda _, document: document.transfers,
    "number": lambda _, document: document.number,
}
