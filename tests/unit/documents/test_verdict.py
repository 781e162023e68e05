"""Where a document goes once it was read."""

from services.documents.domain.projects import Completion
from services.documents.domain.states import State
from services.documents.domain.verdict import judge
from shared.contracts.extraction import Check

FINE = Check("lines_add_up", passed=True, blocking=True, message="The lines add up.")
HINT = Check("due_date_missing", passed=False, blocking=False, message="No due date was found.")
SUM = Check("net_plus_tax", passed=False, blocking=True, message="Net and tax do not make the gross total.")
NUMBER = Check("number_missing", passed=False, blocking=True, message="No invoice number was found.")


def test_only_blocking_checks_that_did_not_pass_ask_for_review() -> None:
    for completion in Completion:
        move = judge([FINE, SUM, HINT, NUMBER], completion)
        assert move.state is State.REVIEW_REQUIRED
        assert (move.reason, move.message) == ("checks_not_passed", f"{SUM.message} {NUMBER.message}")


def test_else_the_project_says_who_completes() -> None:
    assert judge([FINE, HINT], Completion.AUTOMATIC).state is State.DONE_AUTOMATICALLY
    assert judge([FINE, HINT], Completion.MANUAL).state is State.EXTRACTED
    assert judge([], Completion.AUTOMATIC).reason == "checks_passed"
