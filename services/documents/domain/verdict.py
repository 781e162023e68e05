"""Where a document goes once it was read: the checks, then the project, decide."""

from __future__ import annotations

from collections.abc import Sequence

from services.documents.domain.documents import Move
from services.documents.domain.projects import Completion
from services.documents.domain.states import State
from shared.contracts.extraction import Check


def judge(checks: Sequence[Check], completion: Completion) -> Move:
    """Review when a blocking check did not pass; else as the project completes."""
    objections = [check.message for check in checks if check.blocking and not check.passed]
    if objections:
        return Move(State.REVIEW_REQUIRED, "checks_not_passed", " ".join(objections))
    if completion is Completion.MANUAL:
        return Move(State.EXTRACTED, "manual_completion")
    return Move(State.DONE_AUTOMATICALLY, "checks_passed")
