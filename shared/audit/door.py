"""The HTTP door of the audit log, the same at every service: a company's own entries, and the proof of all chains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from shared.audit.chain import Part
from shared.audit.schemas import Entries, EntriesQuery, Hashes, HashesQuery, Verification, VerificationQuery
from shared.audit.trail import Reported, Selection, Trail
from shared.bearer import Caller
from shared.errors import Forbidden
from shared.web.routes import Answer, Operation, Routes

READ = "audit.read"
# The chains hold the entries of all companies: who may check them learns how many there are.
OPERATE = "companies.manage"


class Desk(Protocol):
    """What a desk has for this door."""

    @property
    def trail(self) -> Trail: ...


def audit_routes(service: str) -> Routes[Any]:
    """The routes at which `service` shows its chains."""
    routes: Routes[Desk] = Routes(service)
    path = f"/v2/audit/{service}"
    entries = Operation(READ, "List audit entries", Answer(200, Entries), query=EntriesQuery)
    routes.get(path, entries)(_named(f"list_{service}_audit_entries", list_entries))
    verification = Operation(READ, "Verify audit chains", Answer(200, Verification), query=VerificationQuery)
    routes.get(f"{path}/verification", verification)(_named(f"verify_{service}_audit", verify))
    hashes = Operation(READ, "Hashes of audit entries", Answer(200, Hashes), query=HashesQuery)
    routes.get(f"{path}/hashes", hashes)(_named(f"list_{service}_audit_hashes", list_hashes))
    return routes


def require_operator(caller: Caller) -> None:
    caller.require(READ)
    caller.require(OPERATE)


def list_entries(desk: Desk, caller: Caller, query: Selection) -> dict[str, Any]:
    """What was done at this service by and to the caller's company, newest first. Not for clients that are limited to
    projects: entries are not sorted by them.
    """
    if caller.projects is not None:
        raise Forbidden("The audit log is not for clients that are limited to projects.", READ)
    records, total = desk.trail.page(caller.company_id, query)
    return {"data": records, "limit": query.limit, "offset": query.offset, "total_count": total}


def verify(desk: Desk, caller: Caller, query: Mapping[str, Any]) -> dict[str, Any]:
    """Checks the chains of this service, 10 000 entries per call: begin without parameters, and go on with `chain` and
    `after` of `next` until there is none. Needs the scope companies.manage too, since a chain is of all companies.
    """
    require_operator(caller)
    checked = desk.trail.check(query["chain"], query["after"])
    return {"chains": [_shown(part, checked.reported.get(part.chain)) for part in checked.parts], "next": checked.next}


def list_hashes(desk: Desk, caller: Caller, query: Mapping[str, Any]) -> dict[str, Any]:
    """The hashes of the entries `at` of a chain, to be compared with its anchors; those that are missing are left out.
    Needs the scope companies.manage too.
    """
    require_operator(caller)
    found = desk.trail.hashes(query["chain"], query["at"])
    return {"data": [{"sequence": sequence, "hash": value} for sequence, value in sorted(found.items())]}


def _shown(part: Part, reported: Reported | None) -> dict[str, Any]:
    ended = [{"chain": chain, "lost": lost} for chain, lost in part.ended.items()]
    return asdict(part) | {"ended": ended, "reported": reported}


def _named(name: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """The view under a name of its own, which becomes the operation's id in the OpenAPI document."""

    def call(desk: Any, caller: Caller, **arguments: Any) -> Any:
        return view(desk, caller, **arguments)

    call.__name__, call.__doc__ = name, view.__doc__
    return call
