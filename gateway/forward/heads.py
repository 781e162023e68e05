"""The heads of the gateway's audit log on their way to auth: by HTTP, since the gateway speaks to no broker."""

from __future__ import annotations

from io import BytesIO

from gateway.forward.body import Body
from gateway.forward.upstream import Request, Upstream
from shared.audit.heads import Deliver
from shared.contracts.audit import AuditHeadReported
from shared.contracts.envelope import write_json
from shared.errors import Unavailable

HEADS_PATH = "/internal/audit/heads"


def deliver_to(auth: Upstream) -> Deliver:
    """What takes a head to auth; Unavailable when auth does not take it."""

    def deliver(head: AuditHeadReported) -> None:
        data = write_json(head)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        reply = auth.send(Request("POST", HEADS_PATH, headers, Body(BytesIO(data), len(data), len(data))))
        answer = b"".join(reply.pieces)
        if not reply.status.startswith("2"):
            raise Unavailable(f"Auth answered {reply.status}: {answer[:200]!r}")

    return deliver
