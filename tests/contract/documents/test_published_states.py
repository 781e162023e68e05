"""Documents selected by what the published contract calls their states."""

from services.documents.domain.listing import Selection
from services.documents.domain.states import State
from shared.listing import Slice
from tests.support.drafts import Records, arrival_of, document, step_to

S = State
ARRIVED = (S.PROCESSING,)
# By the name in the published contract, the ways to get there.
WAYS: dict[State, list[tuple[State, ...]]] = {
    S.NEW: [()],
    S.DONE: [(*ARRIVED, S.DONE), (*ARRIVED, S.SPLIT), (*ARRIVED, S.DONE, S.TRANSFER_FAILED, S.TRANSFERRED)],
    S.DONE_AUTOMATICALLY: [
        (*ARRIVED, S.DONE_AUTOMATICALLY),
        (*ARRIVED, S.DONE, S.REVIEW_REQUIRED, S.DONE_AUTOMATICALLY, S.TRANSFERRED),
    ],
    S.FAILED: [(*ARRIVED, S.FAILED), (*ARRIVED, S.DONE, S.TRANSFER_FAILED)],
    S.REJECTED: [(S.REJECTED,)],
}


def found(records: Records, company: str, *states: State) -> set[str]:
    selection = Selection(states=states, documented=True)
    return {document.id for document in records.documents.page(company, selection, Slice(limit=50)).items}


def keep_one_of_each(records: Records, company: str) -> dict[State, set[str]]:
    kept: dict[State, set[str]] = {}
    for name, ways in WAYS.items():
        for way in ways:
            each = document(company, *way)
            records.documents.add(arrival_of(each))
            kept.setdefault(name, set()).add(each.id)
    return kept


def test_documents_are_found_by_their_published_states(records: Records, company: str) -> None:
    kept = keep_one_of_each(records, company)
    assert {name: found(records, company, name) for name in kept} == kept
    assert found(records, company, S.NEW, S.FAILED) == kept[S.NEW] | kept[S.FAILED]
    assert found(records, company, S.TRANSFERRED, S.TRANSFER_FAILED, S.SPLIT) == set()


def test_a_step_names_the_published_state_in_the_same_write(records: Records, company: str) -> None:
    kept = document(company, S.PROCESSING, S.DONE_AUTOMATICALLY)
    records.documents.add(arrival_of(kept))
    for state, name in ((S.TRANSFER_FAILED, S.FAILED), (S.TRANSFERRED, S.DONE_AUTOMATICALLY)):
        before = records.documents.find(company, kept.id)
        assert before
        assert records.documents.advance(before, [step_to(state)])
        assert found(records, company, name) == {kept.id}
