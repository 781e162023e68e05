"""The bus door of auth: the heads of other services' audit chains."""

from __future__ import annotations

from functools import partial

from shared.audit.trail import Anchors
from shared.contracts.audit import AuditHeadReported
from shared.contracts.envelope import Envelope
from shared.logs import get_logger
from shared.messaging.reactions import Reaction, Reactions

log = get_logger(__name__)


def reactions(anchors: Anchors) -> Reactions:
    """What auth does with each message it receives."""
    return {AuditHeadReported: Reaction(partial(audit_head_reported, anchors), head_given_up)}


def audit_head_reported(anchors: Anchors, envelope: Envelope) -> None:
    anchors.add(envelope.body)


def head_given_up(envelope: Envelope, reason: str) -> None:
    """The next head of the chain says more than this one; until it comes, verification tells that one is missing."""
    log.error("audit_head_not_anchored", chain=envelope.body.chain, reason=reason)
