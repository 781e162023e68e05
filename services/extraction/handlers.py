"""The bus door of extraction: the one command it receives."""

from __future__ import annotations

from functools import partial

from services.extraction import usecases
from services.extraction.ports import Desk
from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope
from shared.messaging.reactions import Reaction, Reactions


def reactions(desk: Desk) -> Reactions:
    """What extraction does with each message it receives."""
    return {ProcessDocument: Reaction(partial(usecases.read_document, desk), partial(given_up, desk))}


def given_up(desk: Desk, envelope: Envelope, _reason: str) -> None:
    """The reason is in the log and with the dead letter; strangers are told only that it was ours."""
    usecases.give_up(desk, envelope)
