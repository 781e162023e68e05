"""The table of states: exactly the architecture's, and every way through it keeps the history in order."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain.documents import MAX_ATTEMPTS, MAX_TRANSFERS, Document, Move, Step
from services.documents.domain.states import TRANSITIONS, State, following
from services.documents.errors import StateConflict
from tests.support.fakes.documents import START

S = State
TABLE = {
    "new": "processing rejected",
    "processing": "extracted reviewRequired doneAutomatically failed junk split rejected",
    "extracted": "inCompletion done rejected junk processing",
    "reviewRequired": "inCompletion done rejected junk processing",
    "inCompletion": "done rejected junk",
    "done": "transferred transferFailed rejected reviewRequired inCompletion",
    "doneAutomatically": "transferred transferFailed rejected reviewRequired inCompletion",
    "transferFailed": "transferred transferFailed rejected reviewRequired",
    "failed": "processing",
    "junk": "processing",
    "rejected": "processing",
    "split": "",
    "transferred": "",
}


def new_document(*states: State) -> Document:
    """A document that went through these states after `new`, a second each."""
    document = Document(
        id="d" * 24,
        company_id="a" * 24,
        number=1,
        project_id="c" * 24,
        case_id="case",
        file_ids=("file",),
        sha256="",
        title="invoice.pdf",
        created_at=START,
        created_by="client-a",
        updated_at=START,
        updated_by="client-a",
        history=(Step(S.NEW, START, "client-a", "received", 1),),
    )
    for state in states:
        document = walked(document, state)
    return document


def walked(document: Document, state: State) -> Document:
    later = document.history[-1].at + timedelta(seconds=1)
    step = document.step(Move(state, "because"), "client-a", later)
    return _with_history(document, (*document.history, step))


def _with_history(document: Document, history: tuple[Step, ...]) -> Document:
    members = {name: getattr(document, name) for name in Document.__dataclass_fields__}
    return Document(**members | {"history": history})


def test_the_table_is_the_one_of_the_architecture() -> None:
    assert {state.value: set(map(str, onward)) for state, onward in TRANSITIONS.items()} == {
        state: set(onward.split()) for state, onward in TABLE.items()
    }
    assert set(TRANSITIONS) == set(State)


@pytest.mark.parametrize("origin", [S.EXTRACTED, S.REVIEW_REQUIRED, S.DONE, S.DONE_AUTOMATICALLY])
def test_completion_goes_back_to_where_it_came_from_and_nowhere_else(origin: State) -> None:
    assert following(S.IN_COMPLETION, origin) == TRANSITIONS[S.IN_COMPLETION] | {origin}
    assert origin is S.DONE or origin not in following(S.IN_COMPLETION)


def test_what_the_table_does_not_allow_is_refused_with_what_it_does() -> None:
    with pytest.raises(StateConflict) as refusal:
        new_document().step(Move(S.TRANSFERRED, "transfer_reported"), "client-a", START)
    assert refusal.value.detail == (
        "The document is new and cannot become transferred. From here it can become: processing, rejected."
    )
    with pytest.raises(StateConflict, match="This state is final"):
        new_document(S.PROCESSING, S.SPLIT).step(Move(S.PROCESSING, "again"), "client-a", START)


def test_time_never_runs_backwards_in_a_history() -> None:
    step = new_document().step(Move(S.PROCESSING, "handed_over"), "system", START - timedelta(hours=1))
    assert step.at == START


def test_attempts_count_processings_and_transfers_apart() -> None:
    document = new_document(
        S.PROCESSING, S.FAILED, S.PROCESSING, S.EXTRACTED, S.DONE, S.TRANSFER_FAILED, S.TRANSFER_FAILED, S.TRANSFERRED
    )
    assert [step.attempt for step in document.history] == [1, 1, 1, 2, 2, 2, 1, 2, 3]
    assert document.attempt == 2


def test_the_last_completion_counts() -> None:
    document = new_document(S.PROCESSING, S.DONE_AUTOMATICALLY, S.REVIEW_REQUIRED, S.DONE, S.TRANSFERRED)
    assert document.completion == document.history[4]
    assert new_document(S.PROCESSING, S.EXTRACTED).completion is None


def test_reports_of_transfer_come_to_an_end() -> None:
    document = new_document(S.PROCESSING, S.DONE_AUTOMATICALLY, *[S.TRANSFER_FAILED] * MAX_TRANSFERS)
    with pytest.raises(StateConflict, match="Reject it instead"):
        walked(document, S.TRANSFER_FAILED)


def test_processing_again_comes_to_an_end() -> None:
    document = new_document(*[S.PROCESSING, S.FAILED] * MAX_ATTEMPTS)
    assert document.attempt == MAX_ATTEMPTS
    with pytest.raises(StateConflict, match="Upload its file again instead"):
        walked(document, S.PROCESSING)


@given(st.data())
def test_every_way_through_the_table_keeps_the_history(data: st.DataObject) -> None:
    document = new_document()
    for _ in range(data.draw(st.integers(0, 12))):
        before = document.history[-2].state if len(document.history) > 1 else None
        onward = sorted(following(document.state, before))
        if not onward:
            break
        document = walked(document, State(data.draw(st.sampled_from(onward))))
    moments = [step.at for step in document.history]
    assert moments == sorted(moments)
    assert document.state is document.history[-1].state
    again = [a for a, b in pairwise(document.history) if b.state is S.PROCESSING and a.state is not S.NEW]
    assert document.attempt == 1 + len(again)
