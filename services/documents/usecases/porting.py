"""Projects carried from company to company in one file, with the routings between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from services.documents.domain.actors import Actor, Reach
from services.documents.domain.porting import MAX_PROJECTS, Bundle, Imported, Packed, Unpacked
from services.documents.domain.projects import ProjectSelection
from services.documents.domain.routings import MAX_ROUTINGS, Rule
from services.documents.errors import RoutingCycle
from services.documents.ports import Desk
from services.documents.usecases.projects import new_project, refuse_limited
from services.documents.usecases.repeating import Keep, MadeBefore
from services.documents.usecases.routings import new_routing
from shared.errors import BadRequest
from shared.listing import Slice


def export_projects(desk: Desk, reach: Reach, project_ids: Collection[str]) -> Bundle:
    """The projects with these ids, all when none is named, oldest first, and the routings from one of them to another.

    BadRequest when there are too many.
    """
    within = frozenset(filter(reach.covers, project_ids)) if project_ids else reach.projects
    part = Slice(limit=MAX_PROJECTS + 1, descending=False)
    found = desk.projects.page(reach.company_id, ProjectSelection(only=within, whole=True), part).items
    if len(found) > MAX_PROJECTS:
        raise BadRequest(f"projectId: there are more than {MAX_PROJECTS} projects. Name those that you want in parts.")
    between = frozenset(project.id for project in found)
    routings = desk.routings.page(reach.company_id, Slice(limit=MAX_ROUTINGS, descending=False), between).items
    return Bundle(
        tuple(Packed(project.id, project.plan) for project in found), tuple(routing.rule for routing in routings)
    )


def import_projects(desk: Desk, actor: Actor, bundle: Bundle, keep: Keep[Imported]) -> Imported:
    """New projects and routings like those of the bundle, all or nothing.

    LimitedToProjects, BadRequest for a routing of a project that is nowhere, RoutingCycle, TooManyRoutings, MadeBefore.
    """
    refuse_limited(actor)
    projects = {packed.id: new_project(desk, actor, packed.plan) for packed in bundle.projects}
    here = {packed_id: project.id for packed_id, project in projects.items()}
    here |= _known(desk, actor.reach, {end for rule in bundle.routings for end in _ends(rule)} - here.keys())
    routings = [new_routing(desk, actor, _moved(rule, n, here)) for n, rule in enumerate(bundle.routings)]
    unpacked = (Unpacked(project.id, project.plan.name, packed_id) for packed_id, project in projects.items())
    imported = Imported(tuple(unpacked), tuple(routings))
    try:
        kept = desk.projects.add_all([*projects.values()], routings, keep(imported))
    except RoutingCycle as found:
        there = {own: theirs for theirs, own in here.items()}
        raise RoutingCycle([there.get(project_id, project_id) for project_id in found.cycle]) from None
    if not kept:
        raise MadeBefore
    return imported


def _known(desk: Desk, reach: Reach, project_ids: Collection[str]) -> Mapping[str, str]:
    """Those of these ids that are projects of the company, each as it is."""
    selection = ProjectSelection(only=frozenset(project_ids))
    found = desk.projects.page(reach.company_id, selection, Slice(limit=len(project_ids))).items
    return {project.id: project.id for project in found}


def _moved(rule: Rule, place: int, here: Mapping[str, str]) -> Rule:
    """The rule between the projects that those of the file are here."""
    for name, project_id in zip(("fromProjectId", "toProjectId"), _ends(rule), strict=True):
        if project_id not in here:
            raise BadRequest(f"routings.{place}.{name}: there is no project {project_id}, in the file or here.")
    start, end = (here[project_id] for project_id in _ends(rule))
    return replace(rule, from_project_id=start, to_project_id=end)


def _ends(rule: Rule) -> tuple[str, str]:
    return rule.from_project_id, rule.to_project_id
