"""Projects in the fake and in MongoDB."""

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from mongoengine.connection import get_db

from services.documents.domain.projects import (
    Completion,
    Duplicates,
    Engine,
    Members,
    Ocr,
    Plan,
    Project,
    ProjectSelection,
)
from services.documents.domain.schema import DataPoint, DataType, Features, Schema
from services.documents.errors import RoutingCycle
from services.documents.repository.database import Database
from services.documents.repository.projects import MongoProjects
from shared.idempotency import KeyReused, Mark
from shared.ids import new_hex_id
from shared.listing import Slice
from tests.support.drafts import NUMBERS, Plans, project, routing
from tests.support.fakes.documents import START
from tests.support.profiling import check_queries, profiled

POINTS = (
    DataPoint("items", "Items", DataType.TABLE),
    DataPoint(
        "totals.gross", "Gross", DataType.AMOUNT, True, ("trim", {"a.b": [1]}), {"$max": 1e300, "": None, "_cls": "x"},
        ("Total", "Gesamt"), "All.", "[0-9]+", ("1.0",),
    ),
)  # fmt: skip
SCHEMA = Schema(POINTS, 7, Features(True), {"a": 2**53 - 1}, {"$b": {}}, {"c": [[]]})
FULL = Plan(
    "Eingang (DE)", "All of it.", Ocr(Engine.GOOGLE, ("plainText",), ("German", "en")), "model-1", Completion.AUTOMATIC,
    Duplicates.LINK, Members(("1" * 24, "2" * 24)), 90, False, SCHEMA,
)  # fmt: skip


def ids(plans: Plans, company: str, **selection: object) -> list[str]:
    page = plans.projects.page(company, ProjectSelection(**selection), Slice())  # type: ignore[arg-type]
    assert page.total == len(page.items)
    return [found.id for found in page.items]


def test_a_project_comes_back_as_it_was_kept(plans: Plans, company: str) -> None:
    for plan in (Plan("Other"), FULL):
        kept = project(company, plan)
        assert plans.projects.add(kept)
        assert plans.projects.find(company, kept.id) == kept
        assert plans.projects.find(new_hex_id(), kept.id) is None
        seen, whole = (
            plans.projects.page(company, ProjectSelection(number=kept.number, whole=whole), Slice()).items
            for whole in (False, True)
        )
        assert (seen[0].plan, whole) == (dataclasses.replace(plan, schema=None), [kept])


def test_projects_are_found(plans: Plans, company: str) -> None:
    one, two = project(company, Plan("Eingang (DE)")), project(company, Plan("Other"), created_at=START + timedelta(1))
    for kept in (one, two, project(new_hex_id(), Plan("Eingang"))):
        plans.projects.add(kept)
    assert ids(plans, company) == [two.id, one.id]
    for search, expected in (("eing", [one]), ("(", [one]), (".*", []), (two.id, [two])):
        assert ids(plans, company, search=search) == [each.id for each in expected]
    assert ids(plans, company, number=one.number) == [one.id]
    assert ids(plans, company, number=one.number, search="other") == []
    for only, found in ((None, [two.id, one.id]), ([one.id], [one.id]), ([new_hex_id()], []), ([], [])):
        assert ids(plans, company, only=None if only is None else frozenset(only)) == found
    assert ids(plans, company, only=frozenset([one.id]), search="other") == []


def test_a_change_is_written_whole_if_nobody_was_faster(plans: Plans, company: str) -> None:
    kept = project(company, FULL)
    plans.projects.add(kept, mark := Mark(new_hex_id(), "x", answer=b"then"))
    after = dataclasses.replace(
        kept, plan=Plan("Bare"), updated_at=START + timedelta(1), updated_by="client-b", version=1
    )
    assert plans.projects.change(kept, after)
    assert plans.projects.find(company, kept.id) == after
    assert not plans.projects.change(kept, dataclasses.replace(kept, plan=Plan("Late"), version=1))
    foreign = dataclasses.replace(after, company_id=new_hex_id(), version=2)
    assert not plans.projects.change(dataclasses.replace(after, company_id=foreign.company_id), foreign)
    assert plans.projects.find(company, kept.id) == after
    assert plans.projects.change(after, dataclasses.replace(kept, version=2))
    assert plans.projects.find(company, kept.id) == dataclasses.replace(kept, version=2)
    assert plans.projects.answer(mark) == b"then"


def test_of_eight_changes_at_once_one_wins(plans: Plans, company: str) -> None:
    kept = project(company)
    plans.projects.add(kept)
    changes = [dataclasses.replace(kept, plan=Plan(f"{n}"), version=1) for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda after: plans.projects.change(kept, after), changes))
    assert won.count(True) == 1
    assert plans.projects.find(company, kept.id) == changes[won.index(True)]


def test_no_two_projects_bear_one_mark(plans: Plans, company: str) -> None:
    once, kept, again = Mark(new_hex_id(), "what was sent", answer=b"{}"), project(company), project(company)
    assert plans.projects.answer(once) is None
    assert [plans.projects.add(kept, once), plans.projects.add(again, once)] == [True, False]
    assert not plans.projects.add_all([again, project(company)], [], once)
    assert plans.projects.answer(once) == b"{}"
    assert ids(plans, company) == [kept.id]
    with pytest.raises(KeyReused):
        plans.projects.answer(dataclasses.replace(once, fingerprint="something else"))


def test_of_twenty_with_one_mark_one_is_kept(plans: Plans, company: str) -> None:
    once, alike = Mark(new_hex_id(), "x"), [project(company) for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        kept = list(threads.map(lambda each: plans.projects.add_all([each], [], once), alike))
    assert ids(plans, company) == [alike[kept.index(True)].id]


def test_several_come_with_their_routings_or_not_at_all(plans: Plans, company: str) -> None:
    once = Mark(new_hex_id(), "x", answer=b"both")
    one, two = project(company), project(company, created_at=START + timedelta(1))
    there, back = routing(company, one.id, two.id), routing(company, two.id, one.id)
    with pytest.raises(RoutingCycle):
        plans.projects.add_all([one, two], [there, back], once)
    assert (ids(plans, company), plans.projects.answer(once)) == ([], None)
    assert plans.routings.page(company, Slice()).total == 0
    assert plans.projects.add_all([one, two], [there], once)
    assert (ids(plans, company), plans.projects.answer(once)) == ([two.id, one.id], b"both")
    assert plans.routings.page(company, Slice()).items == [there]


def test_mongodb_uses_an_index_for_every_query(database: Database, company: str) -> None:
    projects, kept = MongoProjects(), project(company)
    projects.add(kept)
    with profiled(get_db("documents"), "projects") as queries:
        for selection in (
            ProjectSelection(),
            ProjectSelection("x"),
            ProjectSelection(number=7),
            ProjectSelection("x", only=frozenset([kept.id])),
        ):
            projects.page(company, selection, Slice())
        projects.answer(Mark(new_hex_id(), "x"))
        projects.find(company, kept.id)
        projects.change(kept, dataclasses.replace(kept, version=1))
    assert len(queries) >= 11
    check_queries(queries)


def test_projects_of_before_get_what_they_lack(database: Database, company: str) -> None:
    projects, kept = get_db("documents")["projects"], []
    for languages in (["en", "de"], ["de"]):
        record = {
            "_id": new_hex_id(), "companyId": company, "number": next(NUMBERS), "name": "Old", "completion": "manual",
            "duplicates": "allow", "languages": languages, "createdAt": START, "createdBy": "client-a",
        }  # fmt: skip
        projects.insert_one(record)
        plan = Plan("Old", ocr=Ocr(languages=None if len(languages) == 2 else ("de",)), duplicates=Duplicates.ALLOW)
        kept.append(project(company, plan, id=record["_id"], number=record["number"]))
    for _ in range(2):  # safe to repeat
        database.prepare()
        assert [MongoProjects().find(company, each.id) for each in kept] == kept


def test_a_schema_is_kept_as_json(database: Database, company: str) -> None:
    kept: Project = project(company, FULL)
    MongoProjects().add(kept)
    record = get_db("documents")["projects"].find_one({"_id": kept.id})
    assert record
    assert json.loads(record["schema"])["version"] == 7
