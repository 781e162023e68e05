"""The thirteen states of a document and the one table of what may follow what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a document stands; the values are those of the API."""

    NEW = "new"
    PROCESSING = "processing"
    EXTRACTED = "extracted"
    REVIEW_REQUIRED = "reviewRequired"
    IN_COMPLETION = "inCompletion"
    DONE = "done"
    DONE_AUTOMATICALLY = "doneAutomatically"
    SPLIT = "split"
    TRANSFERRED = "transferred"
    TRANSFER_FAILED = "transferFailed"
    REJECTED = "rejected"
    FAILED = "failed"
    JUNK = "junk"


_S = State
_FOR_A_PERSON = frozenset({_S.IN_COMPLETION, _S.DONE, _S.REJECTED, _S.JUNK, _S.PROCESSING})
_COMPLETED = frozenset({_S.TRANSFERRED, _S.TRANSFER_FAILED, _S.REJECTED, _S.REVIEW_REQUIRED, _S.IN_COMPLETION})
_AGAIN = frozenset({_S.PROCESSING})

TRANSITIONS: Mapping[State, frozenset[State]] = {
    _S.NEW: frozenset({_S.PROCESSING, _S.REJECTED}),
    _S.PROCESSING: frozenset(
        {_S.EXTRACTED, _S.REVIEW_REQUIRED, _S.DONE_AUTOMATICALLY, _S.FAILED, _S.JUNK, _S.SPLIT, _S.REJECTED}
    ),
    _S.EXTRACTED: _FOR_A_PERSON,
    _S.REVIEW_REQUIRED: _FOR_A_PERSON,
    # And back to where it came from, see `following`.
    _S.IN_COMPLETION: frozenset({_S.DONE, _S.REJECTED, _S.JUNK}),
    _S.DONE: _COMPLETED,
    _S.DONE_AUTOMATICALLY: _COMPLETED,
    _S.TRANSFER_FAILED: frozenset({_S.TRANSFERRED, _S.TRANSFER_FAILED, _S.REJECTED, _S.REVIEW_REQUIRED}),
    _S.FAILED: _AGAIN,
    _S.JUNK: _AGAIN,
    _S.REJECTED: _AGAIN,
    _S.SPLIT: frozenset(),
    _S.TRANSFERRED: frozenset(),
}

SETTLED = frozenset(
    {
        *(_S.DONE, _S.DONE_AUTOMATICALLY, _S.SPLIT, _S.TRANSFERRED, _S.TRANSFER_FAILED),
        *(_S.REJECTED, _S.FAILED, _S.JUNK),
    }
)
"""The states in which neither we nor a person has anything left to do: a case is completed when all are there."""

COMPLETED = frozenset({State.DONE, State.DONE_AUTOMATICALLY})
EXPLAINED = frozenset({State.REVIEW_REQUIRED, State.FAILED, State.JUNK, State.SPLIT})
"""The states whose reason a document shows."""

OURS_ALONE = frozenset({State.TRANSFERRED, State.TRANSFER_FAILED, State.SPLIT})
"""The states that the published contract does not have."""

# What it calls them; transferred is called as what was transferred.
_DOCUMENTED: Mapping[State, State] = {_S.TRANSFER_FAILED: _S.FAILED, _S.SPLIT: _S.DONE}


def documented(states: Iterable[State]) -> Iterator[State]:
    """Each of a document's successive states as one of the ten of the published contract."""
    done = State.DONE
    for state in states:
        done = state if state in COMPLETED else done
        yield done if state is State.TRANSFERRED else _DOCUMENTED.get(state, state)


def following(state: State, came_from: State | None = None) -> frozenset[State]:
    """What may follow `state`. A document in completion may also go back to the state that it `came_from`."""
    back = {came_from} if state is State.IN_COMPLETION and came_from else set()
    return TRANSITIONS[state] | back
