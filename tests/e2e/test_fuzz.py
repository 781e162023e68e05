"""Whatever the description allows or forbids, sent by schemathesis as clients of two companies: every answer is one
that is described, none shows what is another company's, and nothing of another company changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.described import described
from tests.support.fuzz.parties import found_party
from tests.support.fuzz.running import ANY, Setup, Walk, setup, walk
from tests.support.stack import Stack

pytestmark = pytest.mark.extra

# Seconds that each walk may take, with other data each time (`make fuzz`). Without it, each has few data and the same.
SECONDS = os.environ.get("PAPERLANE_FUZZ_SECONDS")
BUDGET = ("--max-time", SECONDS) if SECONDS else ("--max-examples", "8", "--seed", "20260302")
# What only whoever operates the platform may do.
OPERATED = r"^/v2/(companies|audit)"
# What succeeds in no walk, and why.
UNREACHED = {
    "GET /v2/emails/{document_id}/content": "No document came with an e-mail.",
    "GET /v2/openapi.json": "It is read once, before the walk.",
    "POST /v2/documents/{document_id}/cancel": "A document is read sooner than the next call comes.",
}


@dataclass(frozen=True)
class Walks:
    """One as each of two companies, one as whoever operates the platform; and what the second company had of its own
    before and after the first one's.
    """

    by_name: dict[str, Walk]
    before: dict[str, Any]
    after: dict[str, Any]


@pytest.fixture(scope="module")
def walks(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walks]:
    first, second = found_party(stack), found_party(stack)
    folder, local = tmp_path_factory.mktemp("fuzz"), stack.local
    operator = Setup(
        base_url=local["base_url"],
        client_id=local["client_id"],
        client_secret=local["client_secret"],
        ids={"path.company_id": [second.company_id]},
        callers={"client_id": [ANY], "company_id": [ANY]},
        needed={},
        spares={"client_id": "nobody", "company_id": second.company_id},
        foreign_marks=[],
    )
    before = second.shows()
    as_first = walk(setup(first, second), folder, *BUDGET)
    after = second.shows()
    as_second = walk(setup(second, first), folder, *BUDGET, "--phases", "fuzzing,stateful")
    as_operator = walk(operator, folder, *BUDGET, "--include-path-regex", OPERATED)
    yield Walks({"first": as_first, "second": as_second, "operator": as_operator}, before, after)
    for party in (first, second):
        party.actor.close()


@pytest.mark.parametrize("name", ["first", "second", "operator"])
def test_every_answer_is_one_that_is_described(walks: Walks, name: str) -> None:
    assert not walks.by_name[name].failed, walks.by_name[name].report


def test_nothing_of_another_company_changes(walks: Walks) -> None:
    assert walks.after == walks.before


def test_every_operation_did_something(walks: Walks) -> None:
    reached = {name for each in walks.by_name.values() for name in each.reached}
    covered = {str(route) for route in described() if "501" not in route.operation["responses"]}
    assert covered - reached <= set(UNREACHED)
