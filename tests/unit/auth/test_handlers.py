"""The bus door of auth: heads of other services' chains, from their outboxes to the anchors."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import pytest

from services.auth.handlers import reactions
from shared.contracts.audit import AuditHeadReported
from shared.contracts.envelope import Envelope
from shared.messaging.memory import MemoryBroker
from shared.messaging.outbox import Outboxes, Relay
from tests.support.fakes.audit import MemoryAnchors
from tests.support.messages import message

HEAD = AuditHeadReported("files", "files-1", 7, "e" * 64, 0, False)


class Kept:
    """An outbox of single messages."""

    def __init__(self, messages: Iterable[Envelope]) -> None:
        self.due = list(messages)
        self.gone: list[Envelope] = []

    def lease(self) -> Sequence[Envelope]:
        return self.due[:1]

    def sent(self, envelope: Envelope) -> None:
        self.due.remove(envelope)
        self.gone.append(envelope)

    def release(self, envelopes: Sequence[Envelope]) -> None:
        self.due.sort(key=lambda envelope: envelope in envelopes)


def head(name: str, chain: str = "files-1") -> Envelope:
    return dataclasses.replace(message(AuditHeadReported, id=name), body=dataclasses.replace(HEAD, chain=chain))


def test_a_head_that_is_reported_is_anchored() -> None:
    broker, anchors = MemoryBroker(), MemoryAnchors()
    broker.consume("auth", reactions(anchors))
    Relay(Kept([head("a")]), broker.publisher()).step()
    broker.deliver_all()
    assert anchors.heads == [HEAD]


def test_a_head_that_cannot_be_anchored_is_given_up_with_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    class Broken(MemoryAnchors):
        def add(self, _head: AuditHeadReported) -> None:
            raise ValueError("no")

    broker = MemoryBroker()
    broker.consume("auth", reactions(Broken()))
    Relay(Kept([head("a")]), broker.publisher()).step()
    broker.deliver_all()
    assert len(broker.dead["auth"]) == 1
    assert "audit_head_not_anchored" in capfd.readouterr().err


def test_several_outboxes_take_turns_and_each_settles_its_own() -> None:
    broker, anchors = MemoryBroker(), MemoryAnchors()
    broker.consume("auth", reactions(anchors))
    first, second = Kept(head(f"a{n}", f"files-a{n}") for n in range(3)), Kept([head("b", "files-b")])
    relay = Relay(Outboxes(first, second), broker.publisher())
    relay.step()
    relay.step()
    assert [envelope.id for envelope in (*first.gone, *second.gone)] == ["a0", "b"]
    broker.down = True
    relay.step()
    assert sorted(envelope.id for envelope in first.due) == ["a1", "a2"]
    broker.down = False
    while first.due:
        relay.step()
    broker.deliver_all()
    assert sorted(anchored.chain for anchored in anchors.heads) == ["files-a0", "files-a1", "files-a2", "files-b"]
    assert relay.step() > 0
