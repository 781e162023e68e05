"""What a worker does from time to time: all that is due, whatever fails beside it."""

import pytest

from shared.chores import IDLE_SECONDS, Chores
from tests.support import eventually


class Pile:
    """A chore with so many pieces."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces
        self.asked = 0

    def __call__(self) -> bool:
        self.asked += 1
        self.pieces -= 1
        return self.pieces >= 0


def broken() -> bool:
    raise OSError("away")


def test_there_is_no_rest_while_something_is_due() -> None:
    one, other = Pile(1), Pile(2)
    chores = Chores(one, other)
    assert [chores.step() for _ in range(3)] == [0, 0, IDLE_SECONDS]
    assert (one.asked, other.asked) == (3, 3)


def test_a_chore_that_fails_holds_up_no_other_and_is_tried_again_later() -> None:
    pile = Pile(1)
    chores = Chores(broken, pile)
    assert 0 < chores.step() < IDLE_SECONDS
    assert chores.step() > 0
    assert pile.asked == 2


def test_they_are_done_in_a_thread_until_they_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.chores.IDLE_SECONDS", 0.01)
    pile = Pile(3)
    chores = Chores(pile)
    chores.start()
    assert chores.alive
    eventually(lambda: pile.asked > 5)
    chores.stop()
    assert chores.join(5)
