"""Regular expressions that may be run on strangers' documents: a part of Python's in which none runs for ever."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

MAX_PATTERN = 200
MAX_UNBOUNDED = 5
MAX_BITS = 16
MAX_REPEATS = 100
ALLOWED = (
    f"A regular expression (Python's) of at most {MAX_PATTERN} characters: characters, sets, groups ( ) and (?: ), | "
    "and the quantifiers * + ? {n} {n,m}. What has | or a quantifier within is not repeated without an end."
)

# A pattern is one of these after the other; what is called `other` stands for itself.
_TOKEN = re.compile(
    r"""(?P<escape>\\[^0-9])|(?P<set>\[\^?(?:\\.|[^\]\[\\])+\])|(?P<open>\((?:\?:)?(?!\?))|(?P<close>\))"""
    r"""|(?P<quantifier>(?:[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})\??)|(?P<choice>\|)|(?P<other>[^\\\[\]{}()*+?|])""",
    re.DOTALL,
)
_SET_OPERATION = re.compile(r"--|&&|~~|\|\|")


class Unsafe(ValueError):
    """The pattern is none that may be run; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class _Ways:
    """In how many ways something may match one text: 2 to the power of `bits`, and as many more for each quantifier
    without an end as the text is long.
    """

    bits: float = 0
    unbounded: int = 0

    def __add__(self, other: _Ways) -> _Ways:
        return _Ways(self.bits + other.bits, self.unbounded + other.unbounded)

    def repeated(self, least: int, most: int | None) -> _Ways:
        """Unsafe when the number of ways grows with each time."""
        if (self != _Ways() and most is None) or (self.unbounded and most != 1):
            raise Unsafe("Must not repeat without an end what has | or a quantifier within. Write it out.")
        if most is None:
            return _Ways(0, 1)
        return _Ways(self.bits * most + math.log2(most - least + 1), self.unbounded)


def check_pattern(pattern: str) -> None:
    """Unsafe unless the pattern is short, compiles, and cannot take exponential time."""
    if len(pattern) > MAX_PATTERN:
        raise Unsafe(f"Must have at most {MAX_PATTERN} characters.")
    tokens = _tokens(pattern)
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as fault:
        raise Unsafe(f"Must be a regular expression: {fault}.") from fault
    ways = _ways(tokens)
    if ways.bits > MAX_BITS or ways.unbounded > MAX_UNBOUNDED:
        raise Unsafe(f"Must leave fewer choices: at most {MAX_UNBOUNDED} quantifiers without an end, and fewer others.")


def _tokens(pattern: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None or (token.lastgroup == "set" and _SET_OPERATION.search(token[0])):
            raise Unsafe(f"Cannot be taken from character {place + 1} on. Write: {ALLOWED}")
        found.append((str(token.lastgroup), token[0]))
        place = token.end()
    return found


def _ways(tokens: list[tuple[str, str]]) -> _Ways:
    """Of a pattern that compiles: its brackets match, and quantifiers follow what can be repeated."""
    groups, last = [_Ways()], _Ways()  # by open group; of what a quantifier would repeat
    for kind, text in tokens:
        if kind == "quantifier":
            last = last.repeated(*_bounds(text))
            continue
        groups[-1] += last
        last = _Ways()
        if kind == "open":
            groups.append(_Ways())
        elif kind == "close":
            last = groups.pop()
        elif kind == "choice":
            groups[-1] += _Ways(1)
    return groups[-1] + last


def _bounds(quantifier: str) -> tuple[int, int | None]:
    """How often at least, and at most, None for without an end."""
    if quantifier[0] != "{":
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[quantifier[0]]
    least, comma, most = quantifier.strip("{}?").partition(",")
    if max(int(least), int(most or 0)) > MAX_REPEATS:
        raise Unsafe(f"Must not repeat anything more than {MAX_REPEATS} times.")
    return int(least), int(most) if most else None if comma else int(least)
