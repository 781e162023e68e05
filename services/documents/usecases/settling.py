"""Where a document goes once it was read: the routings of its project and the checks decide."""

from __future__ import annotations

from dataclasses import replace

from services.documents.domain.actors import Actor
from services.documents.domain.documents import Document, Findings, Move
from services.documents.domain.projects import Project
from services.documents.domain.routings import PostRoutingAction, Routing, choose
from services.documents.domain.states import State
from services.documents.domain.verdict import judge
from services.documents.ports import Desk
from services.documents.ports.documents import Change
from services.documents.usecases.announcing import announce
from services.documents.usecases.arriving import command_for
from services.documents.usecases.projects import get_project
from services.documents.usecases.stepping import take_steps

ROUTED = "routed"
MAX_ROUTED = 10
"""Cycles are refused, but who changes routings while a document is read could lead it in one all the same."""


def settle(desk: Desk, document: Document, read: Change, actor: Actor) -> None:
    """Keep what was read from the document, which has findings, and let it go where that leads. What
    `Documents.advance` raises; Unavailable.
    """
    findings = read.findings
    assert findings, "it was read"
    project = get_project(desk, actor.reach, document.project_id)
    routing = _routing(desk, document, findings)
    if routing is None:
        take_steps(desk, document, [judge(findings.checks, project.plan.completion)], actor, read)
        return
    target = get_project(desk, actor.reach, routing.rule.to_project_id)
    way = f"Routed to project {target.id} by “{routing.rule.name}”."
    if routing.rule.post_routing_action is PostRoutingAction.REPROCESS:
        _read_again(desk, document, read, target, way, actor)
        return
    refreshed = routing.rule.post_routing_action is PostRoutingAction.REFRESH
    move = judge(findings.checks, (target if refreshed else project).plan.completion)
    told = replace(move, message=f"{way} {move.message or ''}".rstrip())
    take_steps(desk, document, [told], actor, replace(read, project_id=target.id))


def _routing(desk: Desk, document: Document, findings: Findings) -> Routing | None:
    routed = sum((step.state, step.reason) == (State.PROCESSING, ROUTED) for step in document.history)
    if routed >= MAX_ROUTED:
        return None
    return choose(desk.routings.active_from(document.company_id, document.project_id), findings.entities)


def _read_again(desk: Desk, document: Document, read: Change, target: Project, way: str, actor: Actor) -> None:
    """Have the document, now of the project `target`, read as that one wants it."""
    change = replace(read, project_id=target.id)
    manifest = desk.manifests.find(document.company_id, document.file_id)
    if manifest is None:
        missing = Move(State.FAILED, "file_missing", f"{way} Its file is not there any more; upload it again.")
        take_steps(desk, document, [missing], actor, change)
        return
    moves = [Move(State.EXTRACTED, ROUTED, way), Move(State.PROCESSING, ROUTED, way)]
    command = replace(command_for(desk, document, target, manifest), attempt=document.attempt + 1)
    take_steps(desk, document, moves, actor, replace(change, outgoing=announce(actor, desk.clock(), command)))
