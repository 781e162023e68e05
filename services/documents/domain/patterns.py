"""Regular expressions that may be run on strangers' documents: a part of Python's in which none runs for ever."""

from __future__ import annotations

import re

MAX_PATTERN = 200
MAX_QUANTIFIERS = 10
MAX_UNBOUNDED = 5
MAX_REPEATS = 100

# A pattern is one of these after the other; what is called `other` stands for itself.
_TOKEN = re.compile(
    r"""(?P<escape>\\[^0-9])|(?P<set>\[\^?(?:\\.|[^\]\[\\])+\])|(?P<open>\((?:\?:)?(?!\?))|(?P<close>\))"""
    r"""|(?P<quantifier>(?:[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})\??)|(?P<choice>\|)|(?P<other>[^\\\[\]{}])""",
    re.DOTALL,
)
_SET_OPERATION = re.compile(r"--|&&|~~|\|\|")


class Unsafe(ValueError):
    """The pattern is none that may be run; the text says why, and what to do."""


def check_pattern(pattern: str) -> None:
    """Unsafe unless the pattern is short, compiles, and cannot take exponential time: it has no look-around and no
    reference back, only groups without choices and without quantifiers of their own are repeated, and it repeats seldom.
    """
    if len(pattern) > MAX_PATTERN:
        raise Unsafe(f"Must have at most {MAX_PATTERN} characters.")
    _check_repeats(_tokens(pattern))
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as fault:
        raise Unsafe(f"Is no regular expression: {fault}.") from fault


def _tokens(pattern: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None or (token.lastgroup == "set" and _SET_OPERATION.search(token[0])):
            raise Unsafe(
                f"Cannot be read from character {place + 1} on: take characters, sets, groups ( ) and (?: ), | and the "
                "quantifiers * + ? {n} {n,m}; put \\ before a character that stands for itself."
            )
        found.append((str(token.lastgroup), token[0]))
        place = token.end()
    return found


def _check_repeats(tokens: list[tuple[str, str]]) -> None:
    """Unsafe when what is repeated could match one text in many ways, or too much is repeated."""
    open_groups = [False]  # whether what stands in each, so far, could match one text in more than one way
    is_varied = False  # whether that holds for the group that was just closed
    repeated: list[int | None] = []
    for kind, text in tokens:
        if kind == "quantifier":
            least, most = _bounds(text)
            if is_varied and most != 1:
                raise Unsafe("Must not repeat a group that has | or a quantifier within: write it out.")
            if least != most:
                open_groups[-1] = True
                repeated.append(most)
            is_varied = False
        elif kind == "close" and len(open_groups) > 1:
            is_varied = open_groups.pop()
            open_groups[-1] |= is_varied
        else:
            is_varied = False
            open_groups[-1] |= kind == "choice"
            if kind == "open":
                open_groups.append(False)
    if len(repeated) > MAX_QUANTIFIERS or repeated.count(None) > MAX_UNBOUNDED:
        raise Unsafe(f"Must have at most {MAX_QUANTIFIERS} quantifiers, of them at most {MAX_UNBOUNDED} without an end.")


def _bounds(quantifier: str) -> tuple[int, int | None]:
    """How often at least, and at most, None for without an end."""
    if quantifier[0] != "{":
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[quantifier[0]]
    least, comma, most = quantifier.strip("{}?").partition(",")
    if max(int(least), int(most or 0)) > MAX_REPEATS:
        raise Unsafe(f"Must not repeat anything more than {MAX_REPEATS} times.")
    return int(least), int(most) if most else None if comma else int(least)
