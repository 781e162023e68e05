"""Conditions on entities, and the routing that they choose."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain.conditions import Operator, matches
from services.documents.domain.routings import Routing, choose, refuse_cycles
from services.documents.errors import RoutingCycle
from services.documents.schemas.routings import RoutingRule
from tests.support.drafts import routing
from tests.support.fakes.documents import START

ENTITIES: dict[str, Any] = {
    "type": "invoice", "number": "RE-2026-17", "issuedAt": "2026-03-01", "currency": "EUR", "paid": False,
    "totals": {"net": 1000, "gross": 1190.0}, "sender": {"name": "MÜLLER Straße GmbH", "vatId": None},
    "taxes": [{"rate": 19, "amount": 190.0}, {"rate": 7}], "items": [], "notes": ["a", ["b", ["c"]]],
}  # fmt: skip


def asks(field: str, operator: str, *value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator} | ({"value": value[0]} if value else {})


HOLDS = [
    {}, asks("type", "equals", "Invoice"), asks("sender.name", "equals", "müller strasse gmbh"),
    asks("sender.name", "contains", "STRASSE"), asks("sender.name", "startsWith", "Mu\u0308ller"), asks("paid",
    "equals", False),
    asks("totals.net", "equals", 1000.0), asks("totals.gross", "greaterThan", 1000), asks("totals.net", "atLeast",
    1000),
    asks("totals.net", "atMost", 1000), asks("totals.net", "lessThan", 1000.01), asks("issuedAt", "greaterThan",
    "2026-02-28"),
    asks("issuedAt", "atMost", "2026-03-01"), asks("type", "oneOf", ["receipt", "INVOICE"]), asks("taxes.rate",
    "equals", 7),
    asks("taxes.rate", "oneOf", [5, 19]), asks("taxes.rate", "greaterThan", 18), asks("taxes.rate", "lessThan", 8),
    asks("notes", "equals", "C"), asks("taxes", "exists"), asks("totals", "exists"), asks("taxes.amount", "exists"),
    asks("type", "notEquals", "receipt"), asks("nothing", "notEquals", "x"), asks("sender.vatId", "notEquals", "x"),
    {"all": [{}, asks("type", "exists")]}, {"any": [asks("nothing", "exists"), {}]}, {"not": asks("nothing", "exists")},
    {"not": {"all": [{}, {"not": {}}]}}, asks("totals.net", "notEquals", "1000"), asks("taxes.rate", "notEquals", 8),
]  # fmt: skip
FAILS = [
    asks("type", "equals", "inv"), asks("totals.net", "equals", "1000"), asks("totals.net", "equals", True),
    asks("paid", "equals", 0), asks("number", "greaterThan", 1), asks("number", "greaterThan", "2026-01-01"),
    asks("totals.net", "greaterThan", "2026-01-01"), asks("issuedAt", "lessThan", 3000), asks("totals.net",
    "contains", "0"),
    asks("totals", "equals", "x"), asks("items", "exists"), asks("items.net", "exists"), asks("sender.vatId", "exists"),
    asks("nothing", "equals", "x"), asks("nothing.at.all", "exists"), asks("type.length",
    "exists"), asks("taxes.0.rate", "exists"),
    asks("taxes.rate", "notEquals", 7), asks("type", "startsWith", "voice"), asks("type", "oneOf", [1, True]),
    {"not": {}}, {"all": [{}, asks("nothing", "exists")]}, {"any": [{"not": {}}, asks("nothing", "exists")]},
]  # fmt: skip


@pytest.mark.parametrize(("condition", "holds"), [(c, True) for c in HOLDS] + [(c, False) for c in FAILS], ids=str)
def test_a_condition_holds_or_not(condition: dict[str, Any], holds: bool) -> None:
    assert matches(condition, ENTITIES) is holds


@pytest.mark.parametrize(
    "day", ["2026-13-01", "2026-3-1", "20260301", "2026-W01-1", "2026-03-01T00:00", "202\u0666-03-01", ""]
)
def test_what_is_no_day_is_neither_before_nor_after(day: str) -> None:
    for operator in ("greaterThan", "atLeast", "lessThan", "atMost"):
        assert not matches(asks("day", operator, "2026-03-01"), {"day": day})


NAMES = st.sampled_from(["a", "b", "", "ü"]) | st.text(max_size=3)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5) | st.dates().map(str)
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    SCALARS | st.binary(max_size=2) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
PATHS = st.lists(st.sampled_from(["a", "b", "ü"]), min_size=1, max_size=4).map(".".join)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2.0**53) + 1, 2.0**53 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=5)
LEAVES: st.SearchStrategy[dict[str, Any]] = (
    st.builds(asks, PATHS, st.sampled_from(["equals", "notEquals"]), TEXTS | NUMBERS | st.booleans())
    | st.builds(asks, PATHS, st.sampled_from(["contains", "startsWith"]), TEXTS)
    | st.builds(asks, PATHS, st.just("oneOf"), st.lists(TEXTS | NUMBERS | st.booleans(), min_size=1, max_size=3))
    | st.builds(asks, PATHS, st.sampled_from(["greaterThan", "atLeast", "lessThan",
    "atMost"]), NUMBERS | st.dates().map(str))
    | st.builds(asks, PATHS, st.just("exists"))
    | st.just({})
)  # fmt: skip
CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    LEAVES,
    lambda inner: st.builds(lambda name, each: {name: each}, st.sampled_from(["all",
    "any"]), st.lists(inner, min_size=1, max_size=3))
    | inner.map(lambda each: {"not": each}),
    max_leaves=6,
)  # fmt: skip


@given(CONDITIONS, st.dictionaries(NAMES, ANYTHING, max_size=4))
def test_whatever_was_read_there_is_an_answer_and_its_opposite(
    condition: dict[str, Any], entities: dict[str, Any]
) -> None:
    held = matches(condition, entities)
    assert matches({"not": condition}, entities) is not held
    assert matches({"all": [condition, {}]}, entities) is held
    assert matches({"any": [condition, {"not": {}}]}, entities) is held


@given(LEAVES)
def test_conditions_like_these_are_taken(condition: dict[str, Any]) -> None:
    rule = {"name": "x", "fromProjectId": "a", "toProjectId": "b", "routingNode": condition}
    assert RoutingRule().load(rule).routing_node == condition


def test_lists_may_be_nested_without_end() -> None:
    deep: list[Any] = ["x"]
    for _ in range(5000):
        deep = [deep]
    assert matches(asks("a", "equals", "x"), {"a": deep})


def at(seconds: int, **rule: Any) -> Routing:
    made = routing("a" * 24, "1" * 24, "2" * 24, **rule)
    return Routing(made.id, made.company_id, made.rule, START + timedelta(seconds=seconds), "c", START, "c")


def test_the_first_that_fits_is_chosen() -> None:
    never = at(0, order=-5, routing_node={"not": {}})
    asleep = at(0, order=-4, active=False)
    young, old = at(2, order=1), at(1, order=1)
    last = at(0, order=2)
    routings = [last, young, never, asleep, old]
    assert choose(routings, {}) is old
    assert choose(routings[::-1], {}) is old
    assert choose([young, last], {}) is young
    assert choose([never, asleep], {}) is None
    assert choose([], {}) is None


def test_every_operator_is_asked_in_some_test() -> None:
    assert {node["operator"] for node in HOLDS if "operator" in node} == {operator.value for operator in Operator}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=25))
def test_a_cycle_is_found_if_there_is_one(ways: list[tuple[int, int]]) -> None:
    named = [(str(start), str(end)) for start, end in ways]
    reachable = set(named)
    for middle in map(str, range(8)):
        reachable |= {(a, d) for a, b in reachable for c, d in reachable if b == c == middle}
    if any(start == end for start, end in reachable):
        with pytest.raises(RoutingCycle) as refused:
            refuse_cycles(named)
        cycle = refused.value.cycle
        assert cycle[0] == cycle[-1]
        assert set(pairwise(cycle)) <= set(named)
    else:
        refuse_cycles(named)
