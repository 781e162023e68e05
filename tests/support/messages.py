"""The golden messages, as bytes and as envelopes that tests change to their needs."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope, decode
from shared.contracts.registry import Kind, body_of, kind_for, received_by
from shared.messaging.reactions import Reaction, Reactions
from shared.messaging.topology import routing_key

EXAMPLES = Path(__file__).parents[1] / "contract" / "examples"


def golden(kind: Kind) -> bytes:
    """The one example of this kind, as it lies in the repository."""
    return (EXAMPLES / f"{routing_key(kind)}.json").read_bytes()


def message(body: type = ProcessDocument, **changes: Any) -> Envelope:
    """The golden message with this body's class, with some of the envelope's members changed."""
    return dataclasses.replace(decode(golden(kind_for(body)), body_of), **changes)


def reacting(service: str, reactions: Reactions) -> Reactions:
    """These reactions of the service, and none that matters to whatever else it receives."""
    return {**{kind.body: Reaction(lambda _: None) for kind in received_by(service)}, **reactions}
