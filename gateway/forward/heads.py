"""The heads of the gateway's audit log on their way to auth: by HTTP, since the gateway speaks to no broker."""

from __future__ import annotations

from gateway.forward.upstream import Upstream, posting
from shared.audit.heads import Deliver
from shared.contracts.audit import AuditHeadReported
from shared.contracts.envelope import write_json
from shared.errors import Unavailable

HEADS_PATH = "/internal/audit/heads"


def deliver_to(auth: Upstream) -> Deliver:
    """What takes a head to auth; Unavailable when auth does not take it."""

    def deliver(head: AuditHeadReported) -> None:
        reply = auth.send(posting(HEADS_PATH, write_json(head)))
        answer = b"".join(reply.pieces)
        if not reply.status.startswith("2"):
            raise Unavailable(f"Auth answered {reply.status}: {answer[:200]!r}")

    return deliver
