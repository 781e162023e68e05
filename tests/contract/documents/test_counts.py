"""How many documents there are, kept with every change: always what counting them would give, and set right if not."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mongoengine.connection import get_db
from pymongo.database import Database as Mongo

from services.documents.domain.documents import Document
from services.documents.domain.erasures import erasure_of
from services.documents.domain.listing import Selection
from services.documents.domain.states import State, following
from services.documents.ports.documents import Change, Documents
from services.documents.repository import recounting
from services.documents.repository.database import Database
from services.documents.repository.documents import MongoDocuments
from services.documents.repository.recounting import recount
from shared.ids import new_hex_id
from shared.listing import Slice
from tests.support.drafts import Records, arrival_of, document, step_to
from tests.support.fakes.documents import START
from tests.support.fakes.listing import is_selected
from tests.support.profiling import profiled

S = State
PROJECTS = ["1" * 24, "2" * 24, "3" * 24]
ASKED = [
    Selection(projects, states, documented=told)
    for projects in ((), PROJECTS[:1], PROJECTS[1:], ["9" * 24])
    for states in ((), [S.NEW, S.DONE, S.NEW], *([state] for state in S))
    for told in (False, True)
]


class Life:
    """Documents of one company that come, take steps, move and go by chance."""

    def __init__(self, documents: Documents, company: str, seed: int) -> None:
        self.documents, self.company, self.chance = documents, company, random.Random(seed)
        self.kept: list[Document] = []

    def act(self, act: str) -> None:
        if act == "add" or not self.kept:
            come = document(self.company, project_id=self.chance.choice(PROJECTS))
            assert self.documents.add(arrival_of(come))
            self.kept.append(come)
            return
        before = self.kept.pop(self.chance.randrange(len(self.kept)))
        if act == "erase":
            assert self.documents.erase(before, erasure_of(before, before.file_ids, START, "client-a"))
        elif onward := sorted(following(before.state, before.history[-2].state if before.version > 1 else None)):
            step, change = step_to(self.chance.choice(onward)), Change(project_id=self.chance.choice([None, *PROJECTS]))
            assert self.documents.advance(before, [step], change)
            assert not self.documents.advance(before, [step], change), "it is not any more what it was"
            self.kept.append(before.after([step], project_id=change.project_id))
        else:
            self.kept.append(before)


def totals(company: str, documents: Documents) -> list[int]:
    return [documents.page(company, selection, Slice(limit=0)).total for selection in ASKED]


def counted(*lives: Life) -> list[int]:
    return [sum(is_selected(each, asked) for life in lives for each in life.kept) for asked in ASKED]


ACTS = ["add", "advance", "advance", "erase"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), max_size=30), seed=st.integers())
def test_counts_are_what_counting_gives(records: Records, acts: list[str], seed: int) -> None:
    life = Life(records.documents, new_hex_id(), seed)
    for act in acts:
        life.act(act)
    assert totals(life.company, records.documents) == counted(life)


def live_at_once(company: str, acts: int, meanwhile: Callable[[], object] = lambda: None) -> list[Life]:
    """Eight lives in one company, each in a thread of its own."""
    lives = [Life(MongoDocuments(), company, seed) for seed in range(8)]

    def live(life: Life) -> None:
        for _ in range(acts):
            life.act(life.chance.choice(ACTS))

    with ThreadPoolExecutor(8) as threads:
        living = [threads.submit(live, life) for life in lives]
        meanwhile()
        for each in living:
            each.result()
    return lives


def test_counts_are_exact_when_many_change_at_once(database: Database, company: str) -> None:
    lives = live_at_once(company, 25)
    assert totals(company, MongoDocuments()) == counted(*lives)
    assert recount(company) == 0


@pytest.fixture
def counts(database: Database) -> Any:
    return get_db("documents")["counts"]


def spoil(counts: Any, company: str) -> None:
    """Some records of counts are lost, some are wrong, one counts what was never there."""
    first, second, *_ = counts.find({"companyId": company}).sort("_id")
    counts.delete_one({"_id": first["_id"]})
    counts.update_one({"_id": second["_id"]}, {"$inc": {"names.*": 7, "names.junk": -3}})
    counts.insert_one({"_id": f"{company}/x/0", "companyId": company, "projectId": "x", "names": {"*": 5, "done": 5}})


def test_wrong_counts_are_set_right(counts: Any, company: str) -> None:
    life = Life(MongoDocuments(), company, 1)
    for act in ["add"] * 12 + ["advance"] * 12:
        life.act(act)
    spoil(counts, company)
    assert totals(company, life.documents) != counted(life)
    assert recount(company) > 0
    assert totals(company, life.documents) == counted(life)
    assert recount(company) == 0
    for _ in range(5):
        life.act("advance")
    assert totals(company, life.documents) == counted(life)


def test_counts_are_set_right_while_documents_change(counts: Any, company: str) -> None:
    before = live_at_once(company, 5)
    spoil(counts, company)
    with ThreadPoolExecutor(2) as threads:
        during = live_at_once(company, 15, lambda: list(threads.map(lambda _: recount(company), range(6))))
    assert totals(company, MongoDocuments()) == counted(*before, *during)


@pytest.mark.parametrize("place", ["_kept", "_repair"])
def test_what_happens_amid_a_recount_is_counted_once(
    counts: Any, company: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = Life(MongoDocuments(), company, 2)
    life.act("add")
    counts.delete_many({"companyId": company})
    step: Any = getattr(recounting, place)

    def amid(*arguments: Any) -> Any:
        for act in ("add", "advance", "add"):
            life.act(act)
        return step(*arguments)

    monkeypatch.setattr(recounting, place, amid)
    recount(company)
    assert totals(company, life.documents) == counted(life)


def test_two_that_recount_at_once_repair_once(counts: Any, company: str, monkeypatch: pytest.MonkeyPatch) -> None:
    life = Life(MongoDocuments(), company, 3)
    life.act("add")
    repair = recounting._repair

    def after_another(*arguments: Any) -> None:
        monkeypatch.setattr(recounting, "_repair", repair)
        recount(company)
        repair(*arguments)

    for _ in range(2):  # counts that were never repaired, and counts that were
        counts.update_many({"companyId": company}, {"$inc": {"names.*": 4}})
        monkeypatch.setattr(recounting, "_repair", after_another)
        recount(company)
        assert totals(company, life.documents) == counted(life)


def test_all_companies_are_recounted_when_none_is_named(counts: Any, company: str) -> None:
    others = [Life(MongoDocuments(), new_hex_id(), seed) for seed in range(2)]
    for life in others:
        life.act("add")
        counts.delete_many({"companyId": life.company})
    recount(company)
    assert [totals(life.company, life.documents)[0] for life in others] == [0, 0]
    recount()
    assert [totals(life.company, life.documents) for life in others] == [counted(life) for life in others]


def test_a_total_reads_counts_and_no_documents(database: Database, company: str) -> None:
    mongo: Mongo[dict[str, Any]] = get_db("documents")
    life = Life(MongoDocuments(), company, 4)
    for _ in range(20):
        life.act("add")
    with profiled(mongo, "documents", "counts") as queries:
        totals(company, life.documents)
    assert {query["ns"] for query in queries} == {f"{mongo.name}.counts"}
    assert all(query["planSummary"].endswith("SCAN { companyId: 1, projectId: 1 }") for query in queries)
