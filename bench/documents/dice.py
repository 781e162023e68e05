"""Every draw of one sample: a seeded generator that keeps whole layouts and wordings back for unseen samples."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

# Of a list of phrases every fourth is kept back; shorter lists are needed whole.
HELD_BACK = 4


class Dice(Random):
    """Equal keys draw equally, in any process; `unseen` draws what others never see."""

    unseen = False

    @classmethod
    def keyed(cls, key: str, unseen: bool) -> Dice:
        dice = cls(key)
        dice.unseen = unseen
        return dice

    def chance(self, share: float) -> bool:
        return self.random() < share

    def phrase(self, options: Sequence[str]) -> str:
        """One of `options`: for unseen samples half the time one that is kept back, for others never."""
        held = options[HELD_BACK - 1 :: HELD_BACK]
        if not held:
            return self.choice(options)
        if self.unseen:
            return self.choice(held if self.chance(0.5) else options)
        return self.choice([each for at, each in enumerate(options) if at % HELD_BACK != HELD_BACK - 1])

    def layout(self, seen: Sequence[T], unseen: Sequence[T]) -> T:
        """A variant of a layout: those of `unseen` are for unseen samples only."""
        return self.choice(unseen if self.unseen and self.chance(0.6) else seen)

    def digits(self, count: int) -> str:
        """That many digits, the first not 0."""
        return str(self.randrange(10 ** (count - 1), 10**count))

    def filled(self, pattern: str) -> str:
        """`pattern` with a digit for every # and a capital for every @."""
        return "".join(
            self.choice("0123456789")
            if sign == "#"
            else self.choice("ABCDEFGHJKLMNPRSTUVWXYZ")
            if sign == "@"
            else sign
            for sign in pattern
        )
