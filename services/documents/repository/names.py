"""The names that a document is listed and counted under."""

from __future__ import annotations

from services.documents.domain.documents import Document
from services.documents.domain.listing import Selection
from services.documents.domain.states import OURS_ALONE

# Every document's, so that lists which do not ask for states are found as those that do.
ANY = "*"
DOCUMENTED = "documented:"


def names_of(document: Document) -> list[str]:
    """Its state and, where the published contract calls that otherwise, this name, marked as such."""
    told = document.documented_state
    return [ANY, document.state.value, *([DOCUMENTED + told.value] if told is not document.state else [])]


def names_sought(selection: Selection) -> list[str]:
    """The names that the documents in the wanted states are under; each document is under one of them."""
    states = dict.fromkeys(selection.states)
    if not states:
        return [ANY]
    if not selection.documented:
        return [state.value for state in states]
    published = [state.value for state in states if state not in OURS_ALONE]
    return published + [DOCUMENTED + name for name in published]
