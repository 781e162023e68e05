"""The state of a case follows from its documents, however many of them move at once: in the fakes and in MongoDB."""

import dataclasses
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from mongoengine.connection import get_db

from services.documents.domain.cases import CaseState, tally
from services.documents.domain.documents import Document, Step
from services.documents.domain.erasures import erasure_of
from services.documents.domain.states import State, following
from services.documents.ports.documents import Arrival
from services.documents.repository.cases import MongoCases
from shared.ids import new_uuid7
from tests.support.drafts import Records, case_of, document, step_to
from tests.support.fakes.documents import START

S, C = State, CaseState


def taken_in(records: Records, company: str, number: int, *states: State) -> list[Document]:
    """So many documents of one case, each in this state."""
    case_id = new_uuid7()
    documents = [document(company, *states, case_id=case_id) for _ in range(number)]
    records.documents.add(Arrival(case_of(*documents), documents, {}))
    return documents


def state_of(records: Records, each: Document) -> CaseState:
    case = records.cases.find(each.company_id, each.case_id)
    assert case
    return case.state


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((S.EXTRACTED, S.DONE_AUTOMATICALLY), C.PROCESSING),
        ((S.REVIEW_REQUIRED, S.FAILED), C.PROCESSING),
        ((S.DONE_AUTOMATICALLY, S.JUNK), C.COMPLETED),
        ((S.REJECTED, S.SPLIT), C.COMPLETED),
        ((S.FAILED, S.DONE_AUTOMATICALLY), C.COMPLETED),
        ((S.FAILED, S.FAILED), C.FAILED),
    ],
)
def test_a_case_follows_its_documents(
    records: Records, company: str, ends: tuple[State, State], expected: CaseState
) -> None:
    documents = taken_in(records, company, 2, S.PROCESSING)
    for each, state in zip(documents, ends, strict=True):
        assert state_of(records, each) is C.PROCESSING
        assert records.documents.advance(each, [step_to(state)])
    case = records.cases.find(company, documents[0].case_id)
    assert case
    assert case.state is expected
    if expected is not C.PROCESSING:
        assert (case.updated_at, case.updated_by) == (step_to(S.DONE).at, "client-b")


def test_a_case_comes_back_when_one_of_its_documents_does(records: Records, company: str) -> None:
    (only,) = taken_in(records, company, 1, S.PROCESSING)
    for state, expected in (
        (S.FAILED, C.FAILED),
        (S.PROCESSING, C.PROCESSING),
        (S.DONE_AUTOMATICALLY, C.COMPLETED),
        (S.TRANSFER_FAILED, C.COMPLETED),
        (S.REVIEW_REQUIRED, C.PROCESSING),
        (S.JUNK, C.COMPLETED),
    ):
        now = records.documents.find(company, only.id)
        assert now
        assert records.documents.advance(now, [step_to(state)])
        assert state_of(records, only) is expected


def test_a_case_of_failed_duplicates_has_failed_from_the_start(records: Records, company: str) -> None:
    documents = taken_in(records, company, 2, S.PROCESSING, S.FAILED)
    assert state_of(records, documents[0]) is C.FAILED


def walk(records: Records, each: Document, seed: int) -> None:
    """Take it through random states to a settled one; or erase it on the way."""
    chance = random.Random(seed)
    for _ in range(chance.randrange(3, 8)):
        before = each.history[-2].state if len(each.history) > 1 else None
        onward = sorted(following(each.state, before))
        if not onward:
            return
        step = Step(chance.choice(onward), START, "client-b", "because", 1)
        assert records.documents.advance(each, [step])
        each = each.after([step])
    if chance.random() < 0.2:
        assert records.documents.erase(each, erasure_of(each, each.file_ids, START, "client-b"))


def test_the_tally_is_exact_however_many_move_at_once(records: Records, company: str) -> None:
    """Eight at a time walk 40 documents of one case through random states."""
    documents = taken_in(records, company, 40)
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(walk, records, each, seed) for seed, each in enumerate(documents)]:
            done.result()
    left = records.documents.of_case(company, documents[0].case_id)
    assert 20 < len(left) < 40
    assert state_of(records, left[0]) is tally(*left).state
    assert _kept_tally(records, left[0]) in (None, dataclasses.astuple(tally(*left)))


def _kept_tally(records: Records, each: Document) -> tuple[int, ...] | None:
    """As MongoDB keeps it; the fake counts anew each time."""
    if not isinstance(records.cases, MongoCases):
        return None
    case = get_db("documents")["cases"].find_one({"_id": each.case_id})
    assert case
    return case["documents"], case["unsettled"], case["failed"]
