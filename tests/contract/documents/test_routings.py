"""Routings in the fake and in MongoDB."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from mongoengine.connection import get_db

from services.documents.domain import routings as domain
from services.documents.domain.routings import PostRoutingAction, Routing
from services.documents.errors import RoutingCycle, TooManyRoutings
from services.documents.repository import routings as repository
from services.documents.repository.database import Database
from services.documents.repository.routings import MongoRoutings
from shared.idempotency import KeyReused, Mark
from shared.ids import new_hex_id
from shared.listing import Slice
from tests.support.drafts import Plans, routing
from tests.support.fakes import routings as fake
from tests.support.fakes.documents import START
from tests.support.profiling import check_queries, profiled

A, B, C, D = ("1" * 24, "2" * 24, "3" * 24, "4" * 24)
NODE = {"any": [{"field": "$where", "operator": "oneOf", "value": [1, 1.5, "ü", True]}, {}]}


def cycle_of(refused: pytest.ExceptionInfo[RoutingCycle]) -> set[tuple[str, str]]:
    """The ways that the cycle takes."""
    return set(zip(refused.value.cycle, refused.value.cycle[1:], strict=False))


def test_a_routing_comes_back_as_it_was_kept(plans: Plans, company: str) -> None:
    plain = routing(company, A, B)
    full = routing(
        company, B, C, routing_node=NODE, active=False, order=-3, post_routing_action=PostRoutingAction.NONE, name="Ü"
    )
    for kept in (plain, full):
        assert plans.routings.add(kept)
        assert plans.routings.find(company, kept.id) == kept
        assert plans.routings.find(new_hex_id(), kept.id) is None


def test_a_routing_is_replaced_as_a_whole(plans: Plans, company: str) -> None:
    kept = routing(company, A, B, routing_node=NODE, order=4)
    mark = Mark(new_hex_id(), "x", answer=b"then")
    plans.routings.add(kept, mark)
    after = dataclasses.replace(
        kept, rule=routing(company, C, A).rule, modified_at=START + timedelta(1), modified_by="client-b"
    )
    plans.routings.replace(after)
    assert plans.routings.find(company, kept.id) == after
    assert plans.routings.page(company, Slice()).items == [after]
    assert plans.routings.answer(mark) == b"then"


def test_routings_are_listed_and_those_that_lead_out_found(plans: Plans, company: str) -> None:
    one, two = routing(company, A, B), routing(company, A, C, active=False)
    three = dataclasses.replace(routing(company, B, C), created_at=START + timedelta(1))
    for kept in (one, two, three, routing(new_hex_id(), A, B)):
        plans.routings.add(kept)
    assert plans.routings.page(company, Slice()).items == [three, *sorted((one, two), key=_id, reverse=True)]
    assert plans.routings.page(company, Slice(limit=1)).total == 3
    for only, expected in (({A, B}, [one]), ({A, B, C}, [three, one, two]), ({A}, []), (set(), [])):
        found = plans.routings.page(company, Slice(), frozenset(only)).items
        assert sorted(found, key=_id) == sorted(expected, key=_id)
    assert plans.routings.active_from(company, A) == [one]
    assert plans.routings.active_from(company, C) == []


def _id(routing: Routing) -> str:
    return routing.id


def test_no_two_routings_bear_one_mark(plans: Plans, company: str) -> None:
    once, kept = Mark(new_hex_id(), "what was sent", answer=b"{}"), routing(company, A, B)
    assert plans.routings.answer(once) is None
    added = [plans.routings.add(each, once) for each in (kept, routing(company, B, C))]
    assert (added, plans.routings.answer(once)) == ([True, False], b"{}")
    assert plans.routings.page(company, Slice()).items == [kept]
    with pytest.raises(KeyReused):
        plans.routings.answer(dataclasses.replace(once, fingerprint="something else"))


def test_active_routings_never_lead_back(plans: Plans, company: str) -> None:
    for start, end in ((A, B), (B, C), (C, D)):
        plans.routings.add(routing(company, start, end))
    with pytest.raises(RoutingCycle) as refused:
        plans.routings.add(routing(company, D, B))
    assert cycle_of(refused) == {(B, C), (C, D), (D, B)}
    sleeping = routing(company, D, A, active=False)
    assert plans.routings.add(sleeping)
    woken = dataclasses.replace(sleeping, rule=dataclasses.replace(sleeping.rule, active=True))
    with pytest.raises(RoutingCycle) as refused:
        plans.routings.replace(woken)
    assert len(cycle_of(refused)) == 4
    assert plans.routings.find(company, sleeping.id) == sleeping
    assert plans.routings.add(routing(new_hex_id(), D, B)), "another company's ways do not count"


def test_of_two_that_close_a_cycle_together_one_is_refused(plans: Plans, company: str) -> None:
    ring = [new_hex_id() for _ in range(8)]
    ways = [routing(company, start, end) for start, end in zip(ring, ring[1:] + ring[:1], strict=True)]

    def add(way: Routing) -> bool:
        try:
            return plans.routings.add(way)
        except RoutingCycle:
            return False

    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(add, ways))
    assert added.count(False) == 1
    assert plans.routings.page(company, Slice()).total == 7


def test_of_two_that_are_woken_at_once_one_is_refused(plans: Plans, company: str) -> None:
    both = [routing(company, A, B, active=False), routing(company, B, A, active=False)]
    for each in both:
        plans.routings.add(each)

    def wake(each: Routing) -> bool:
        try:
            plans.routings.replace(dataclasses.replace(each, rule=dataclasses.replace(each.rule, active=True)))
        except RoutingCycle:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(wake, both)) == [False, True]


def test_a_company_has_no_more_than_so_many(plans: Plans, company: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (repository, fake):
        monkeypatch.setattr(room, "MAX_ROUTINGS", 2)
    for _ in range(2):
        plans.routings.add(routing(company, A, B))
    with pytest.raises(TooManyRoutings, match="at most 2"):
        plans.routings.add(routing(company, A, B, active=False))
    assert plans.routings.add(routing(new_hex_id(), A, B))
    assert domain.MAX_ROUTINGS == 1000


def test_mongodb_uses_an_index_for_every_query(database: Database, company: str) -> None:
    routings, kept = MongoRoutings(), routing(company, A, B)
    with profiled(get_db("documents"), "routings", "routing_changes") as queries:
        routings.add(kept)
        routings.replace(kept)
        routings.find(company, kept.id)
        routings.page(company, Slice())
        routings.page(company, Slice(), frozenset([A, B]))
        routings.active_from(company, A)
        routings.answer(Mark(new_hex_id(), "x"))
    assert len(queries) >= 12
    check_queries(queries)
