"""The golden messages, as bytes and as envelopes that tests change to their needs; a broker without our queues."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope, decode
from shared.contracts.registry import KINDS, Kind, body_of, kind_for
from shared.messaging.connection import open_session
from shared.messaging.topology import queues_of, routing_key

EXAMPLES = Path(__file__).parents[1] / "contract" / "examples"


def golden(kind: Kind) -> bytes:
    """The one example of this kind, as it lies in the repository."""
    return (EXAMPLES / f"{routing_key(kind)}.json").read_bytes()


def message(body: type = ProcessDocument, **changes: Any) -> Envelope:
    """The golden message with this body's class, with some of the envelope's members changed."""
    return dataclasses.replace(decode(golden(kind_for(body)), body_of), **changes)


def forget_queues(url: str, retry_seconds: Sequence[float]) -> None:
    """Delete every queue of every consuming service from the broker, so that a test begins with none."""
    with closing(open_session(url, "test")) as session:
        for service in {consumer for kind in KINDS for consumer in kind.consumers}:
            for queue in queues_of(service, retry_seconds):
                session.channel.queue_delete(queue.name)
